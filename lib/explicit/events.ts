/**
 * Events, completions and messages as nodes of the class graph: who waits for one depends on whoever signals it, and with him on the locks
 * that he needs to get there. These are the locks that he holds when he signals, and those that he took since the event
 * was asked for. What he took before says nothing: it was over when somebody began to count on him.
 */
import type { OwnerRef } from '../model/owner.ts';
import { SLEEP_RULES } from '../rules/index.ts';
import type { Attempt } from '../state/attempt.ts';
import type { LockInstance } from '../state/classes.ts';
import { type HeldLock, takenAt } from '../state/held.ts';
import { captureSite } from '../state/site.ts';
import type { Engine } from './engine.ts';
import type { HeldStack } from './held-stack.ts';

/** How many of the last acquires of an owner are remembered. */
const LONGEST_MEMORY = 64;

/** What an owner took, and when. */
interface Taken {
  readonly at: number;
  readonly held: HeldLock;
}

/** What an owner did since others counted on it. */
export class EventMemory {
  readonly #owner: OwnerRef;
  readonly #engine: Engine;
  readonly #stack: HeldStack;
  #taken: readonly Taken[] = [];

  constructor(owner: OwnerRef, engine: Engine, stack: HeldStack) {
    this.#owner = owner;
    this.#engine = engine;
    this.#stack = stack;
  }

  /** The owner has taken a lock. */
  note(held: HeldLock): void {
    const at = this.#engine.clock.tick();
    this.#taken = [...this.#taken, { at, held: { ...held } }].slice(-LONGEST_MEMORY);
  }

  /** Waits for an event that another owner signals. */
  wait(event: LockInstance, caller: unknown): void {
    const [owner, engine, stack] = [this.#owner, this.#engine, this.#stack];
    const { situation } = stack;
    const site = captureSite(caller);
    const held = stack.view();
    engine.judge(SLEEP_RULES, { owner, held, situation, act: 'waited', awaited: event.name, isStrict: false, site });
    engine.clock.request(event);
    if (engine.events) {
      const inner = held.at(-1)?.class.ref.name;
      const fact = `waits for ${event.name} while holding ${inner}`;
      engine.judgeAside({ ...this.#attempt(event), held, situation, site, fact });
      // Who waits here before he signals another event needs this one for it.
      this.note({ ...this.#attempt(event), owner, site, chain: engine.state.chains.root, acquire: null });
    }
  }

  /** Signals an event that others wait for. */
  signal(event: LockInstance, caller: unknown): void {
    const [owner, engine, stack] = [this.#owner, this.#engine, this.#stack];
    if (!engine.events) {
      return;
    }
    const site = captureSite(caller);
    const chain = engine.state.chains.root;
    const signalled: HeldLock = { ...this.#attempt(event), owner, site, chain, acquire: null };
    const since = engine.clock.requestedAt(event);
    const recent = this.#taken.filter(({ at }) => at > since).map(({ held }) => held);
    const needed = new Map([...recent, ...stack.view()].map((held) => [held.class, held]));
    needed.delete(event.class);
    for (const held of needed.values()) {
      const { lock, mode, units } = held;
      const how = { lock, class: held.class, mode, units, try: false, tentative: false };
      const fact = `needs ${held.class.ref.name} to signal ${event.name}`;
      engine.judgeAside({ ...how, owner, held: [signalled], site: takenAt(held) ?? site, fact });
    }
  }

  #attempt(event: LockInstance): Omit<Attempt, 'held' | 'site'> {
    return {
      owner: this.#owner,
      lock: event,
      class: event.class,
      mode: 'exclusive',
      units: 1,
      try: false,
      tentative: false,
    };
  }
}
