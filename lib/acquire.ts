/**
 * What an acquire can be told, and what is said of a wrong word. Costs a few comparisons and allocates nothing.
 */
import type { Mode } from './model/lock.ts';
import { checkObject } from './options.ts';
import { shown } from './shown.ts';
import type { ClassTable } from './state/class-table.ts';
import { LockInstance } from './state/classes.ts';

export interface AcquireOptions {
  /** @default 'exclusive' */
  readonly mode?: Mode;
  /** True for an acquire that did not wait. It has succeeded. @default false */
  readonly try?: boolean;
  /** Units of a counting resource. @default 1 */
  readonly units?: number;
  /** A lock that is held, under which locks of one class may be taken in any order. */
  readonly nest?: LockInstance;
  /** The function whose caller is meant by the place of the acquire: for locks of one's own that call this. */
  readonly caller?: (...args: never) => unknown;
  /** Nesting level in a class whose locks are nested, a whole number from 0; each level is a class of its own. @default 0 */
  readonly subclass?: number;
}

const MODES: readonly string[] = ['exclusive', 'shared', 'recursive-shared'];

/** @throws TypeError if it is no lock, or that of another checker */
export function checkLock(classes: ClassTable, lock: LockInstance): void {
  if (!isLock(classes, lock)) {
    throw new TypeError(`lock: expected a lock made by this checker's lock(), got ${describe(lock)}`);
  }
}

function isLock(classes: ClassTable, value: unknown): value is LockInstance {
  return value instanceof LockInstance && classes.all[value.class.id] === value.class;
}

function describe(value: unknown): string {
  return value instanceof LockInstance ? `'${value.name}' of another checker` : shown(value);
}

/** @throws TypeError that names the first option that is wrong, or that this lock cannot do */
export function checkAcquire(classes: ClassTable, lock: LockInstance, options: AcquireOptions): void {
  checkObject('options', options);
  const { mode, try: isTry = false, units = 1, nest, subclass = 0 } = options;
  checkMode(lock, mode);
  if (typeof isTry !== 'boolean') {
    throw new TypeError(`try: expected true or false, got ${shown(isTry)}`);
  }
  checkUnits(lock, units);
  if (nest !== undefined && !isLock(classes, nest)) {
    throw new TypeError(`nest: expected a lock made by this checker's lock(), got ${describe(nest)}`);
  }
  checkSubclass(subclass);
  checkCaller(options.caller);
}

/** @throws TypeError if it is no function */
export function checkCaller(caller: unknown): void {
  if (caller !== undefined && typeof caller !== 'function') {
    throw new TypeError(`caller: expected a function, got ${shown(caller)}`);
  }
}

/** @throws TypeError if it is no nesting level */
export function checkSubclass(subclass: number): void {
  if (!Number.isSafeInteger(subclass) || subclass < 0) {
    throw new TypeError(`subclass: expected a whole number from 0, got ${shown(subclass)}`);
  }
}

/** @throws TypeError if it is no mode, or one that the kind does not have */
export function checkMode({ class: { kind } }: LockInstance, mode: Mode | undefined): void {
  if (mode !== undefined && !MODES.includes(mode)) {
    throw new TypeError(`mode: expected one of ${MODES.join(', ')}, got ${shown(mode)}`);
  }
  if (mode !== undefined && mode !== 'exclusive' && kind.readers === 'none') {
    throw new TypeError(`mode: a lock of kind '${kind.name}' has no readers, got '${mode}'`);
  }
}

function checkUnits({ capacity, class: { kind } }: LockInstance, units: number): void {
  if (!Number.isInteger(units) || units < 1) {
    throw new TypeError(`units: expected a whole number above 0, got ${shown(units)}`);
  }
  if (units > capacity) {
    const fact = kind.counting ? `this lock has ${capacity} in all` : `a lock of kind '${kind.name}' has one unit`;
    throw new TypeError(`units: ${fact}, got ${units}`);
  }
}
