/**
 * What an owner says of itself at one moment. Where it says so, and who else holds the lock, is found out when somebody asks:
 * a claim that holds costs neither.
 */
import type { OwnerRef } from '../model/owner.ts';
import type { LockInstance } from '../state/classes.ts';
import type { Context, Situation } from '../state/contexts.ts';
import { type HeldLock, isOf } from '../state/held.ts';
import { captureSite, type RawSite } from '../state/site.ts';
import type { Parts } from './parts.ts';

export class Statement {
  readonly owner: OwnerRef;
  readonly held: readonly HeldLock[];
  readonly situation: Situation;
  readonly #parts: Parts;
  readonly #caller: unknown;
  #site: RawSite | undefined;

  /** @param caller the function that the program called */
  constructor(parts: Parts, caller: unknown) {
    this.owner = parts.owner;
    this.held = parts.stack.view();
    this.situation = parts.stack.situation;
    this.#parts = parts;
    this.#caller = caller;
  }

  get site(): RawSite {
    this.#site ??= captureSite(this.#caller);
    return this.#site;
  }

  protected holderOf(lock: LockInstance): HeldLock | undefined {
    return this.held.findLast((held) => isOf(held, lock)) ?? this.#parts.engine.holdersOf(lock)[0];
  }
}

/** A statement about a lock. */
export class LockStatement extends Statement {
  readonly lock: LockInstance;
  readonly wanted: 'exclusive' | 'shared' | undefined;

  constructor(parts: Parts, caller: unknown, { lock, wanted }: Pick<LockStatement, 'lock' | 'wanted'>) {
    super(parts, caller);
    this.lock = lock;
    this.wanted = wanted;
  }

  get holder(): HeldLock | undefined {
    return this.holderOf(this.lock);
  }
}

/** A statement about who the owner is. */
export class IdentityStatement extends Statement {
  readonly expected: string;

  constructor(parts: Parts, caller: unknown, expected: string) {
    super(parts, caller);
    this.expected = expected;
  }
}

/** A statement about a context. */
export class ContextStatement<Expected> extends Statement {
  readonly context: Context;
  readonly expected: Expected;

  constructor(parts: Parts, caller: unknown, { context, expected }: { context: Context; expected: Expected }) {
    super(parts, caller);
    this.context = context;
    this.expected = expected;
  }
}

/** A statement about sleep. */
export class SleepStatement<Act> extends Statement {
  readonly act: Act;
  readonly awaited: string | undefined;
  readonly isStrict: boolean;

  constructor(parts: Parts, caller: unknown, what: Pick<SleepStatement<Act>, 'act' | 'awaited' | 'isStrict'>) {
    super(parts, caller);
    this.act = what.act;
    this.awaited = what.awaited;
    this.isStrict = what.isStrict;
  }
}
