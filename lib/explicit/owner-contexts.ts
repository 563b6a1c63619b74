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
  /** How many locks were held when it was entered. */
  readonly depth: number;
}

/** By context id. */
type Masks = readonly (readonly Context[])[];

export class OwnerContexts {
  readonly #owner: OwnerRef;
  readonly #engine: Engine;
  readonly #stack: HeldStack;
  readonly #frames: Frame[] = [];
  /** Bits of `Flag`, by context id. */
  readonly #flags: number[];
  /** What is disabled while a context runs, by its id. */
  readonly #masks: Masks;
  /** What is disabled while a lock that inhibits a context is held, by its id. */
  readonly #inhibited: Masks;
  /** By context id. */
  readonly #disabled: number[] = [];

  constructor(owner: OwnerRef, engine: Engine, stack: HeldStack) {
    this.#owner = owner;
    this.#engine = engine;
    this.#stack = stack;
    const { contexts } = engine.state;
    this.#flags = contexts.all.map(() => 0);
    this.#masks = contexts.all.map(({ masks }) => masks.flatMap((name) => contexts.find(name) ?? []));
    this.#inhibited = contexts.all.map((context, id) => [...new Set([context, ...(this.#masks[id] ?? [])])]);
  }

  /** How many of the held locks were taken before the innermost interrupt. */
  get interruptedDepth(): number {
    return this.#frames.findLast(({ context }) => context.interrupts)?.depth ?? 0;
  }

  isDisabled({ id }: Context): boolean {
    return (this.#disabled[id] ?? 0) > 0;
  }

  enter(context: Context, threaded: boolean): void {
    this.#frames.push({ context, threaded, depth: this.#stack.depth });
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

  /** Keeps what `contexts` mask from interrupting. */
  inhibit(contexts: readonly Context[]): void {
    for (const context of contexts) {
      this.#mask(context, this.#inhibited);
    }
    this.#settle();
  }

  /** The opposite of `inhibit`. */
  allow(contexts: readonly Context[], caller: Caller): void {
    for (const context of contexts) {
      this.#unmask(context, this.#inhibited);
    }
    this.#settle(caller);
  }

  #mask({ id }: Context, masks: Masks = this.#masks): void {
    for (const masked of masks[id] ?? []) {
      this.#disable(masked);
    }
  }

  #unmask({ id }: Context, masks: Masks = this.#masks): void {
    for (const masked of masks[id] ?? []) {
      this.#enable(masked);
    }
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
