/**
 * What an acquire can be told, and what is said of a wrong word. Costs a few comparisons and allocates nothing.
 */
import type { Mode } from './model/lock.ts';
import { checkObject } from './options.ts';
import { shown } from './shown.ts';
import { type ClassTable, LockInstance } from './state/classes.ts';

export interface AcquireOptions {
  /** @default 'exclusive' */
  readonly mode?: Mode;
  /** True for an acquire that did not wait. It has succeeded. @default false */
  readonly try?: boolean;
  /** Units of a counting resource. @default 1 */
  readonly units?: number;
}

const MODES: readonly string[] = ['exclusive', 'shared', 'recursive-shared'];

/** @throws TypeError if it is no lock, or that of another checker */
export function checkLock(classes: ClassTable, lock: LockInstance): void {
  const isOurs = lock instanceof LockInstance && classes.all[lock.class.id] === lock.class;
  if (!isOurs) {
    throw new TypeError(`lock: expected a lock made by this checker's lock(), got ${describe(lock)}`);
  }
}

function describe(value: unknown): string {
  return value instanceof LockInstance ? `'${value.name}' of another checker` : shown(value);
}

/** @throws TypeError that names the first option that is wrong, or that this lock cannot do */
export function checkAcquire(lock: LockInstance, options: AcquireOptions): void {
  checkObject('options', options);
  const { mode = 'exclusive', try: isTry = false, units = 1 } = options;
  checkMode(lock, mode);
  if (typeof isTry !== 'boolean') {
    throw new TypeError(`try: expected true or false, got ${shown(isTry)}`);
  }
  checkUnits(lock, units);
}

function checkMode({ class: { kind } }: LockInstance, mode: Mode): void {
  if (!MODES.includes(mode)) {
    throw new TypeError(`mode: expected one of ${MODES.join(', ')}, got ${shown(mode)}`);
  }
  if (mode !== 'exclusive' && kind.readers === 'none') {
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
