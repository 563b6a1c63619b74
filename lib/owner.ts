/**
 * An explicit owner: somebody who says by himself what he takes and gives back, which contexts he is in, and what he claims. Exact
 * everywhere, browsers included. Nothing blocks here; these are events.
 */
import type { AcquireOptions } from './acquire.ts';
import { checkLock } from './acquire.ts';
import { type ContextName, ContextOwner, type EnterOptions, type IrqFlags } from './explicit/context-owner.ts';
import type { HeldView, OwnerSource } from './explicit/engine.ts';
import type { Pin } from './explicit/entry.ts';
import type { ReleaseOptions } from './explicit/release.ts';
import { ContextStatement, IdentityStatement, LockStatement, SleepStatement, Statement } from './explicit/statement.ts';
import type { Mode } from './model/lock.ts';
import type { ContextClaim } from './rules/assert-context.ts';
import type { Claim } from './rules/assertion.ts';
import {
  CONTEXT_ASSERTIONS,
  HELD_ASSERTIONS,
  NONE_HELD_ASSERTIONS,
  NOT_HELD_ASSERTIONS,
  OWNER_ASSERTIONS,
  type Rule,
  SLEEP_ASSERTIONS,
  SLEEP_RULES,
} from './rules/index.ts';
import type { Sleep } from './rules/sleep-while-held.ts';
import { shown } from './shown.ts';
import type { LockInstance } from './state/classes.ts';

export type { AcquireOptions, ContextName, EnterOptions, HeldView, IrqFlags, OwnerSource, Pin, ReleaseOptions };

/** True for an owner, also for one of another copy of this package, such as the one that is preloaded. */
export function isOwner(value: unknown): value is Owner {
  const { acquire, irqSave, assertHeld } = (value ?? {}) as Partial<Owner>;
  return [acquire, irqSave, assertHeld].every((method) => typeof method === 'function');
}

export class Owner extends ContextOwner {
  /**
   * Fails with `assert-held` unless this owner holds the lock, in that mode where one is said.
   * @param caller the function whose caller is meant by the place: for locks of one's own that call this
   */
  assertHeld(lock: LockInstance, mode?: Mode, caller: unknown = this.assertHeld): void {
    if (mode !== undefined && !['exclusive', 'shared', 'recursive-shared'].includes(mode)) {
      throw new TypeError(`mode: expected exclusive, shared or recursive-shared, got ${shown(mode)}`);
    }
    this.#claimHeld(lock, mode === 'recursive-shared' ? 'shared' : mode, caller);
  }

  /** Fails with `assert-held` unless this owner holds the lock as a writer. */
  assertHeldExclusive(lock: LockInstance): void {
    this.#claimHeld(lock, 'exclusive', this.assertHeldExclusive);
  }

  /** Fails with `assert-held` unless this owner holds the lock as a reader. */
  assertHeldShared(lock: LockInstance): void {
    this.#claimHeld(lock, 'shared', this.assertHeldShared);
  }

  /** Fails with `assert-not-held` if this owner holds the lock. @param caller as for `assertHeld` */
  assertNotHeld(lock: LockInstance, caller: unknown = this.assertNotHeld): void {
    this.#judge(NOT_HELD_ASSERTIONS, this.#lockClaim(lock, undefined, caller));
  }

  /** Fails with `assert-none-held` if this owner holds any lock. */
  assertNoneHeld(): void {
    this.#judge(NONE_HELD_ASSERTIONS, new Statement(this.parts, this.assertNoneHeld));
  }

  /** Fails with `assert-owner` unless this is the owner that is meant, or has that name. */
  assertOwner(expected: string | { readonly name: string }): void {
    const name = typeof expected === 'string' ? expected : expected?.name;
    if (typeof name !== 'string') {
      throw new TypeError(`owner: expected an owner or the name of one, got ${shown(expected)}`);
    }
    this.#judge(OWNER_ASSERTIONS, new IdentityStatement(this.parts, this.assertOwner, name));
  }

  /** Fails with `assert-context` unless hard interrupts are disabled. */
  assertIrqsDisabled(): void {
    this.#claimContext('hardirq', 'disabled', this.assertIrqsDisabled);
  }

  /** Fails with `assert-context` unless hard interrupts are enabled. */
  assertIrqsEnabled(): void {
    this.#claimContext('hardirq', 'enabled', this.assertIrqsEnabled);
  }

  /** Fails with `assert-context` unless soft interrupts are disabled. */
  assertSoftirqsDisabled(): void {
    this.#claimContext('softirq', 'disabled', this.assertSoftirqsDisabled);
  }

  /** Fails with `assert-context` unless soft interrupts are enabled. */
  assertSoftirqsEnabled(): void {
    this.#claimContext('softirq', 'enabled', this.assertSoftirqsEnabled);
  }

  /** Fails with `assert-context` unless the context is disabled. */
  assertDisabled(context: ContextName): void {
    this.#claimContext(context, 'disabled', this.assertDisabled);
  }

  /** Fails with `assert-context` unless the context is enabled. */
  assertEnabled(context: ContextName): void {
    this.#claimContext(context, 'enabled', this.assertEnabled);
  }

  /** Fails with `assert-context` unless this owner is in the context. */
  assertInContext(context: ContextName): void {
    this.#claimContext(context, 'in', this.assertInContext);
  }

  /** Fails with `assert-context` if this owner is in the context. */
  assertNotInContext(context: ContextName): void {
    this.#claimContext(context, 'not-in', this.assertNotInContext);
  }

  /** Fails with `assert-may-sleep` where sleeping is forbidden. */
  assertMaySleep(): void {
    this.#judge(SLEEP_ASSERTIONS, new Statement(this.parts, this.assertMaySleep));
  }

  /** Says that this owner may sleep here. */
  mightSleep(): void {
    this.#sleep({ act: 'may-sleep', awaited: undefined, isStrict: false }, this.mightSleep);
  }

  /** Says that this owner sends another one a message, and waits until it was handled: no lock at all may be held. */
  sendSync(to: string | { readonly name: string }): void {
    const name = typeof to === 'string' ? to : to?.name;
    if (typeof name !== 'string') {
      throw new TypeError(`to: expected an owner or the name of one, got ${shown(to)}`);
    }
    this.#sleep({ act: 'sent', awaited: name, isStrict: true }, this.sendSync);
  }

  /**
   * Says that this owner is about to wait for an event that another one signals.
   * @throws LockdepError under the `throw` policy
   */
  wait(event: LockInstance): void {
    const { engine, memory } = this.parts;
    checkLock(engine.state.classes, event);
    engine.clock.checkEvent(event);
    engine.during(() => memory.wait(event, this.wait));
  }

  /**
   * Says that this owner signals an event that others wait for.
   * @throws LockdepError under the `throw` policy
   */
  signal(event: LockInstance): void {
    const { engine, memory } = this.parts;
    checkLock(engine.state.classes, event);
    engine.clock.checkEvent(event);
    engine.during(() => memory.signal(event, this.signal));
  }

  /** Says that somebody counts on an event from now on: what its signaller takes until he signals it, he needs for it. */
  request(event: LockInstance): void {
    const { engine } = this.parts;
    checkLock(engine.state.classes, event);
    engine.clock.checkEvent(event);
    engine.clock.request(event);
  }

  /** Runs a function as this owner, so that `ld.currentOwner()` finds it. Synchronous code only. */
  run<Result>(work: () => Result): Result {
    return this.parts.engine.runAs(this, work);
  }

  #claimHeld(lock: LockInstance, wanted: 'exclusive' | 'shared' | undefined, caller: unknown): void {
    this.#judge(HELD_ASSERTIONS, this.#lockClaim(lock, wanted, caller));
  }

  #claimContext(context: ContextName, expected: ContextClaim['expected'], caller: unknown): void {
    const known = this.contextNamed(context);
    this.#judge(CONTEXT_ASSERTIONS, new ContextStatement(this.parts, caller, { context: known, expected }));
  }

  #lockClaim(lock: LockInstance, wanted: Claim['wanted'], caller: unknown): Claim {
    checkLock(this.parts.engine.state.classes, lock);
    return new LockStatement(this.parts, caller, { lock, wanted });
  }

  #sleep(what: Pick<Sleep, 'act' | 'isStrict'> & { readonly awaited: string | undefined }, caller: unknown): void {
    this.#judge(SLEEP_RULES, new SleepStatement(this.parts, caller, what));
  }

  #judge<Event>(rules: readonly Rule<Event>[], event: Event): void {
    const { engine } = this.parts;
    engine.during(() => engine.judge(rules, event));
  }
}
