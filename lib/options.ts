/**
 * What a checker and a lock can be told, and what is said of a wrong word.
 */
import type { ContextDefinition } from './model/context.ts';
import type { KindDefinition, LockKind } from './model/kind.ts';
import { RULE_IDS, type RuleId } from './model/rule.ts';
import type { Severity } from './model/violation.ts';
import type { OnViolation } from './policy.ts';
import { shown } from './shown.ts';
import type { ClassIdentity, LockInstance } from './state/classes.ts';
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
   * When a call site is captured: for new steps only, or for each acquire and release (about 1 µs each). With `new`, a lock that
   * was taken in a known way shows the place where that was done first.
   * @default 'new' for explicit owners, 'all' for async flows
   */
  readonly sites?: 'new' | 'all';
  /** Which place of a stack trace is shown. @default the first one */
  readonly resolver?: SiteResolver;
  /** Process and thread that findings name. @default '0' */
  readonly process?: string;
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
  /**
   * Whether a real-time kernel is meant, on which spinning locks that are not raw sleep. If not they are all the same.
   * @default true
   */
  readonly realtime?: boolean;
  /** Lock kinds of one's own. */
  readonly kinds?: readonly KindDefinition[];
  /** Contexts of one's own: whatever can interrupt an owner. */
  readonly contexts?: readonly ContextDefinition[];
  /** Switches rules off, or makes them errors or warnings. `release-order`, `callback-under-lock` and `blocking-while-held` are off unless they are named. @default {} */
  readonly rules?: Readonly<Partial<Record<RuleId, Severity | 'off'>>>;
  /** Whether events that owners wait for and signal are nodes of the class graph. @default false */
  readonly events?: boolean;
  /**
   * Whether a wait that closes a circle of waits is rejected with a `DeadlockError`, so that the others go on. Locks of other
   * libraries cannot do that.
   * @default 'report'
   */
  readonly onDeadlock?: 'report' | 'reject';
  /** Milliseconds after which a lock that is still held is `long-hold`, a warning. @default Infinity */
  readonly longHoldMs?: number;
  /** Milliseconds that locks of a class may be held, by its name: a longer hold is `long-hold`, an error. @default {} */
  readonly budgets?: Budgets;
  /**
   * Whether holds are timed: `profile` and snapshots then say how long locks are held, and not only how long they are waited for.
   * Costs two readings of a clock for each acquire.
   * @default false
   */
  readonly stats?: boolean;
  /** Milliseconds after which a wait that has not ended is `long-wait`. @default Infinity */
  readonly longWaitMs?: number;
  /** How many chains are remembered. @default 1048576 */
  readonly chainLimit?: number;
}

/** What a class may cost. */
export interface Budget {
  /** Milliseconds that a lock of the class may be held. */
  readonly maxHoldMs: number;
}

/** Budgets by the name of the class. */
export type Budgets = Readonly<Record<string, Budget>>;

export interface LockOptions {
  /** Name of the lock kind. @default that of the class, and `'mutex'` for a new class */
  readonly kind?: string;
  /** Units of a counting kind: a whole number, or Infinity. @default 1 */
  readonly capacity?: number;
  /** Place of the class in the order of levels: only locks of a greater one may be taken while it is held. */
  readonly level?: number;
  /** An order over the locks of the class: below 0 where `wanted` may be taken while `held` is. */
  readonly compare?: (held: LockInstance, wanted: LockInstance) => number;
  /** What is known of this lock, for `compare`. */
  readonly data?: unknown;
  /** Whether its holder may take a lock of the class again without waiting. @default false */
  readonly reentrant?: boolean;
  /** Whether no waiting writer stops the readers of the class. @default false */
  readonly recursiveReaders?: boolean;
  /** Names of contexts that, and whose masks, are disabled as long as a lock of the class is held. */
  readonly inhibits?: string | readonly string[];
  /** Whether no more than one reader at a time can wait to become the writer. @default false */
  readonly upgradable?: boolean;
  /** Whether a counting resource may be released by those alone who took it. @default false */
  readonly owned?: boolean;
  /** Milliseconds that a lock of the class may be held: a longer hold is `long-hold`, an error. @default Infinity */
  readonly maxHoldMs?: number;
  /** False for a lock that must be initialised before it is used. @default true */
  readonly initialised?: boolean;
}

export interface OwnerOptions {
  /**
   * Whether this owner may give way to the event loop with spinning locks held: a CPU that is simulated step by step.
   * @default false
   */
  readonly yields?: boolean;
}

/** A class whose name is found later, known until then by what its instances have in common. */
export interface ClassSource {
  readonly key: string;
  readonly identity: () => ClassIdentity;
}

export type Check = readonly [test: (value: unknown) => boolean, expected: string];

const FUNCTION: Check = [(value) => typeof value === 'function', 'a function'];

const BOOLEAN: Check = [(value) => typeof value === 'boolean', 'true or false'];
export const MILLISECONDS: Check = [
  (value) => typeof value === 'number' && value >= 0,
  'milliseconds, a number from 0',
];
const LIST: Check = [(value) => Array.isArray(value), 'a list'];

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
  ['realtime', BOOLEAN],
  ['events', BOOLEAN],
  ['kinds', LIST],
  ['contexts', LIST],
  ['onDeadlock', [(value) => value === 'report' || value === 'reject', "'report' or 'reject'"]],
  ['longHoldMs', MILLISECONDS],
  ['longWaitMs', MILLISECONDS],
  ['stats', BOOLEAN],
  ['chainLimit', [(value) => typeof value === 'number' && value >= 0, 'a number from 0']],
]);

/** @throws TypeError that names the first option that is wrong, and what was expected */
export function checkOptions(options: unknown): void {
  checkObject('options', options);
  checkEach(options as Record<string, unknown>, CHECKS);
  const { rules = {}, budgets = {} } = options as LockdepOptions;
  checkBudgets('budgets', budgets);
  checkObject('rules', rules);
  for (const [rule, severity] of Object.entries(rules)) {
    if (!RULE_IDS.includes(rule as RuleId)) {
      throw new TypeError(`rules: there is no rule ${shown(rule)}; the rules are ${RULE_IDS.join(', ')}`);
    }
    if (!['off', 'warning', 'error'].includes(severity)) {
      throw new TypeError(`rules: expected 'off', 'warning' or 'error' for '${rule}', got ${shown(severity)}`);
    }
  }
}

/** @throws TypeError that names the first budget that is wrong, and what was expected */
export function checkBudgets(name: string, budgets: unknown): asserts budgets is Budgets {
  checkObject(name, budgets);
  for (const [of, budget] of Object.entries(budgets as object)) {
    const { maxHoldMs, ...others } = (budget ?? {}) as Record<string, unknown>;
    if (typeof maxHoldMs !== 'number' || !(maxHoldMs >= 0) || Object.keys(others).length > 0) {
      throw new TypeError(`${name}: expected { maxHoldMs: milliseconds } for '${of}', got ${shown(budget)}`);
    }
  }
}

/** @throws TypeError that names the first option that is wrong, and what was expected */
export function checkEach(options: Record<string, unknown>, checks: ReadonlyMap<string, Check>): void {
  for (const [name, [test, expected]] of checks) {
    const value = options[name];
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
