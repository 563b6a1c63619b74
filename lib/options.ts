/**
 * What a checker and a lock can be told, and what is said of a wrong word.
 */
import { LOCK_KINDS, type LockKind } from './model/kind.ts';
import type { OnViolation } from './policy.ts';
import { shown } from './shown.ts';
import type { ClassIdentity } from './state/classes.ts';
import type { SiteResolver } from './state/site.ts';
import type { Profile } from './state/state.ts';

export interface LockdepOptions {
  /**
   * `kernel` is as strict as the kernel where the field has no one answer, such as two locks of one class nested.
   * @default 'default'
   */
  readonly profile?: Profile;
  /** @default 'collect' */
  readonly onViolation?: OnViolation;
  /**
   * When a call site is captured: for new steps only, or for each acquire (about 1 µs each).
   * @default 'new'
   */
  readonly sites?: 'new' | 'all';
  /** Which place of a stack trace is shown. @default the first one */
  readonly resolver?: SiteResolver;
  /** Process and thread that findings name. @default '0' */
  readonly process?: string;
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
  /** How many chains are remembered. @default 1048576 */
  readonly chainLimit?: number;
}

export interface LockOptions {
  /** Name of the lock kind. @default 'mutex' */
  readonly kind?: string;
  /** Units of a counting kind: a whole number, or Infinity. @default 1 */
  readonly capacity?: number;
}

/** A class whose name is found later, known until then by what its instances have in common. */
export interface ClassSource {
  readonly key: string;
  readonly identity: () => ClassIdentity;
}

type Check = readonly [test: (value: unknown) => boolean, expected: string];

const FUNCTION: Check = [(value) => typeof value === 'function', 'a function'];

const CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['profile', [(value) => value === 'default' || value === 'kernel', "'default' or 'kernel'"]],
  [
    'onViolation',
    [
      (value) => typeof value === 'function' || ['throw', 'warn', 'collect'].includes(value as string),
      "'throw', 'warn', 'collect' or a function",
    ],
  ],
  ['sites', [(value) => value === 'new' || value === 'all', "'new' or 'all'"]],
  ['resolver', FUNCTION],
  ['now', FUNCTION],
  ['process', [(value) => typeof value === 'string', 'a string']],
  ['chainLimit', [(value) => typeof value === 'number' && value >= 0, 'a number from 0']],
]);

/** @throws TypeError that names the first option that is wrong, and what was expected */
export function checkOptions(options: unknown): void {
  checkObject('options', options);
  for (const [name, [test, expected]] of CHECKS) {
    const value = (options as Record<string, unknown>)[name];
    if (value !== undefined && !test(value)) {
      throw new TypeError(`${name}: expected ${expected}, got ${shown(value)}`);
    }
  }
}

/** @throws TypeError if the value is no plain bag of options */
export function checkObject(name: string, value: unknown): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(`${name}: expected an object, got ${shown(value)}`);
  }
}

/** @throws TypeError if the value is no string */
export function checkName(name: string, value: unknown): void {
  if (typeof value !== 'string') {
    throw new TypeError(`${name}: expected a string, got ${shown(value)}`);
  }
}

/** @throws TypeError if there is no such kind */
export function kindNamed(name: string): LockKind {
  const kind = LOCK_KINDS.get(name);
  if (kind === undefined) {
    throw new TypeError(`kind: expected one of ${[...LOCK_KINDS.keys()].join(', ')}, got ${shown(name)}`);
  }
  return kind;
}

/** @throws TypeError if it is neither a whole number above 0 nor Infinity, or more than the kind can have */
export function capacityOf(kind: LockKind, capacity = 1): number {
  const isCount = Number.isInteger(capacity) || capacity === Number.POSITIVE_INFINITY;
  if (!isCount || capacity < 1) {
    throw new TypeError(`capacity: expected a whole number above 0 or Infinity, got ${shown(capacity)}`);
  }
  if (capacity !== 1 && !kind.counting) {
    throw new TypeError(`capacity: a lock of kind '${kind.name}' has one unit, got ${capacity}`);
  }
  return capacity;
}
