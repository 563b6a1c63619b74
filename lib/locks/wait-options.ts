/**
 * What a lock and a wait can be told, and what is said of a wrong word. Costs a few comparisons and allocates nothing.
 */
import type { Lockdep } from '../lockdep.ts';
import { checkName, checkObject } from '../options.ts';
import type { Owner } from '../owner.ts';
import { shown } from '../shown.ts';

/** The longest time that a timer takes; a longer one would end at once. */
const LONGEST = 2 ** 31 - 1;

/** What every lock can be told when it is made. */
export interface AsyncLockOptions {
  /** The checker that watches it. Default: the one of the process. */
  readonly lockdep?: Lockdep | undefined;
  /** Place of its class in the order of levels: only locks of a greater one may be taken while it is held. */
  readonly level?: number | undefined;
}

/** What every try can be told. */
export interface TryOptions {
  /** Who asks, where it says so itself; its `held` lists the lock from the request on. Default: the running flow. */
  readonly owner?: Owner | undefined;
}

/** What every wait can be told. */
export interface WaitOptions extends TryOptions {
  /**
   * Milliseconds to wait at most, from 0 to 2147483647, or Infinity. With 0 the wait ends when timers run next.
   * @default Infinity
   */
  readonly timeout?: number | undefined;
  /** Ends the wait when it aborts, with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** @throws TypeError that names what is wrong with a new lock, and what was expected */
export function checkLockOptions(name: unknown, options: AsyncLockOptions): void {
  if (name !== undefined) {
    checkName('name', name);
  }
  checkObject('options', options);
  const { lockdep, level } = options;
  // Not by its class: that of another copy of the package is as good.
  if (lockdep !== undefined && typeof lockdep?.lockOf !== 'function') {
    throw new TypeError(`lockdep: expected a checker made by createLockdep(), got ${shown(lockdep)}`);
  }
  if (level !== undefined && (typeof level !== 'number' || Number.isNaN(level))) {
    throw new TypeError(`level: expected a number, got ${shown(level)}`);
  }
}

/** @throws TypeError that names the first option that is wrong, and what was expected */
export function checkTry(options: TryOptions): void {
  checkObject('options', options);
  const { owner } = options;
  // Not by its class: that of another copy of the package is as good.
  if (owner !== undefined && (typeof owner?.acquire !== 'function' || typeof owner.assertHeld !== 'function')) {
    throw new TypeError(`owner: expected an owner made by owner(), got ${shown(owner)}`);
  }
}

/**
 * @throws TypeError that names the first option that is wrong, and what was expected
 * @throws the reason of the signal, where it is aborted
 */
export function checkWait(options: WaitOptions): void {
  checkTry(options);
  const { timeout, signal } = options;
  if (timeout !== undefined && !isTimeout(timeout)) {
    throw new TypeError(`timeout: expected milliseconds from 0 to ${LONGEST}, or Infinity, got ${shown(timeout)}`);
  }
  if (signal !== undefined) {
    if (typeof signal?.addEventListener !== 'function' || typeof signal.removeEventListener !== 'function') {
      throw new TypeError(`signal: expected an AbortSignal, got ${shown(signal)}`);
    }
    if (signal.aborted) {
      throw signal.reason;
    }
  }
}

/** @throws TypeError if it is no whole number from `least` to `most` */
export function checkCount(name: string, value: unknown, limits: { least?: number; most?: number } = {}): void {
  const { least = 1, most = Number.MAX_SAFE_INTEGER } = limits;
  if (!Number.isSafeInteger(value) || (value as number) < least || (value as number) > most) {
    const end = most === Number.MAX_SAFE_INTEGER ? '' : ` to ${most}`;
    throw new TypeError(`${name}: expected a whole number from ${least}${end}, got ${shown(value)}`);
  }
}

/** @throws TypeError if it is no function */
export function checkFunction(name: string, value: unknown): void {
  if (typeof value !== 'function') {
    throw new TypeError(`${name}: expected a function, got ${shown(value)}`);
  }
}

function isTimeout(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && (value <= LONGEST || value === Number.POSITIVE_INFINITY);
}
