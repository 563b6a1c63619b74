/**
 * The contexts that an explicit owner is in, and those that it keeps from interrupting it. Leaving one can enable it: whatever is held at
 * that moment is from then on held with it enabled.
 */
import type { OwnerRef } from '../model/owner.ts';
import { CONTEXT_RULES, EXIT_RULES } from '../rules/index.ts';
import { type Context, Flag } from '../state/contexts.ts';
import { captureSite, type RawSite } from '../state/site.ts';
import { usagesOf } from '../state/usage.ts';
import type { Engine } from './engine.ts';
import type { HeldStack } from './held-stack.ts';

/** An event that can mark what is held, and the function that the program called for it. */
type Caller = unknown;

/** One entered context. */
interface Frame {
  readonly context: Context;
  readonly threaded: boolean;
  /** How many locks that were held when it was entered still are. */
  depth: number;
}

export class OwnerContexts {
  readonly #owner: OwnerRef;
  readonly #engine: Engine;
  readonly #stack: HeldStack;
  readonly #frames: Frame[] = [];
  /** How often the program has disabled each context, by its id. */
  readonly #disabled: number[] = [];
  /** How many held locks inhibit each context, by its id. */
  readonly #inhibited: number[] = [];
  /** Bits of `Flag`, by context id. */
  readonly #flags: number[] = [];

  constructor(owner: OwnerRef, engine: Engine, stack: HeldStack) {
    this.#owner = owner;
    this.#engine = engine;
    this.#stack = stack;
  }

  isDisabled({ id }: Context): boolean {
    return (this.#disabled[id] ?? 0) > 0 || (this.#inhibited[id] ?? 0) > 0;
  }

  /** A held lock is on the stack no more: whatever lay above it lies one lower now. */
  removed(at: number): void {
    for (const frame of this.#frames) {
      frame.depth -= frame.depth > at ? 1 : 0;
    }
    this.#setFloor();
  }

  enter(context: Context, threaded: boolean): void {
    this.#frames.push({ context, threaded, depth: this.#stack.depth });
    this.#setFloor();
    this.#flag(context);
    this.#mask(context);
    this.#settle();
  }

  /** @throws what the policy threw, after the context is left */
  exit(context: Context, caller: Caller): void {
    const at = this.#frames.findLastIndex((frame) => frame.context === context);
    const frame = this.#frames[at];
    if (frame === undefined) {
      this.#imbalance(context, 'left', caller);
      return;
    }
    this.#frames.splice(at, 1);
    this.#setFloor();
    this.#flag(context);
    this.#unmask(context);
    if (this.#stack.depth <= frame.depth) {
      this.#settle(caller);
      return;
    }
    const held = this.#stack.view().slice(frame.depth);
    const judge = (): unknown => this.#engine.judge(EXIT_RULES, { held, severity: 'error', context: context.name });
    runAll([() => this.#settle(caller), judge]);
  }

  disable(context: Context): void {
    this.#disable(context);
    this.#settle();
  }

  /** @throws what the policy threw, after the context is enabled */
  enable(context: Context, caller: Caller): void {
    if (!this.#enable(context) && context.counted) {
      this.#imbalance(context, 'enabled', caller);
    }
    this.#settle(caller);
  }

  /** Keeps these contexts, and what they mask, from interrupting, until as many calls of `allow` have come. */
  inhibit(contexts: readonly Context[]): void {
    this.#count(contexts, 1);
    this.#settle();
  }

  /** The opposite of `inhibit`. */
  allow(contexts: readonly Context[], caller: Caller): void {
    this.#count(contexts, -1);
    this.#settle(caller);
  }

  #count(contexts: readonly Context[], change: number): void {
    for (const context of contexts.flatMap((one) => [...new Set([one, ...this.#masksOf(one)])])) {
      this.#inhibited[context.id] = (this.#inhibited[context.id] ?? 0) + change;
      this.#flag(context);
    }
  }

  #mask(context: Context): void {
    for (const masked of this.#masksOf(context)) {
      this.#disable(masked);
    }
  }

  #unmask(context: Context): void {
    for (const masked of this.#masksOf(context)) {
      this.#enable(masked);
    }
  }

  #masksOf(context: Context): readonly Context[] {
    return this.#engine.state.contexts.masksOf(context);
  }

  #setFloor(): void {
    this.#stack.floor = this.#frames.findLast(({ context }) => context.interrupts)?.depth ?? 0;
  }

  #disable(context: Context): void {
    const { id, counted } = context;
    this.#disabled[id] = counted ? (this.#disabled[id] ?? 0) + 1 : 1;
    this.#flag(context);
  }

  /** @returns false if it was enabled before */
  #enable(context: Context): boolean {
    const { id, counted } = context;
    const before = this.#disabled[id] ?? 0;
    this.#disabled[id] = counted ? Math.max(0, before - 1) : 0;
    this.#flag(context);
    return before > 0;
  }

  #flag(context: Context): void {
    const frame = this.#frames.findLast((one) => one.context === context);
    const inside = frame === undefined ? 0 : Flag.INSIDE + (frame.threaded ? Flag.THREADED : 0);
    this.#flags[context.id] = inside + (this.isDisabled(context) ? Flag.DISABLED : 0);
  }

  #settle(caller?: Caller): void {
    const before = this.#stack.situation;
    const { contexts, usages: table } = this.#engine.state;
    const after = contexts.situation(this.#flags);
    if (after === before) {
      return;
    }
    this.#stack.enter(after);
    const open = this.#stack.depth === 0 ? [] : after.open.filter((context) => !before.open.includes(context));
    if (open.length === 0) {
      return;
    }
    const held = this.#stack.view();
    const usages = held.flatMap((entry) => usagesOf(table, { ...entry, situation: { inside: [], open } }));
    if (usages.length > 0) {
      this.#engine.mark({ owner: this.#owner, held, usages, site: captureSite(caller) });
    }
  }

  #imbalance(context: Context, act: 'left' | 'enabled', caller: Caller): void {
    const site: RawSite = captureSite(caller);
    this.#engine.judge(CONTEXT_RULES, { owner: this.#owner, held: this.#stack.view(), context, act, site });
  }
}

/** Runs all of them, and then throws the first error. */
export function runAll(steps: readonly (() => unknown)[]): void {
  const errors = steps.flatMap((step) => {
    try {
      step();
      return [];
    } catch (error) {
      return [error];
    }
  });
  if (errors.length > 0) {
    throw errors[0];
  }
}
