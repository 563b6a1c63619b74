/**
 * Small words for the specs of the engine.
 */
import { readFileSync } from 'node:fs';
import type { Lockdep } from '../../lib/lockdep.ts';
import type { Violation } from '../../lib/model/violation.ts';
import type { LockOptions } from '../../lib/options.ts';
import type { AcquireOptions, Owner } from '../../lib/owner.ts';
import type { LockInstance } from '../../lib/state/classes.ts';

/** One lock of each name, in this order. */
export function locks<Names extends readonly string[]>(
  ld: Lockdep,
  names: readonly [...Names],
  options?: LockOptions,
): { [At in keyof Names]: LockInstance } {
  return names.map((name) => ld.lock(name, options)) as { [At in keyof Names]: LockInstance };
}

/** Takes the locks, each while those before are held, and gives them back, the last one first. */
export function nest(owner: Owner, wanted: readonly LockInstance[], options?: AcquireOptions): void {
  for (const lock of wanted) owner.acquire(lock, options);
  for (const lock of wanted.toReversed()) owner.release(lock);
}

/** The findings of a checker, each as `rule confidence ×count`. */
export function findings(ld: Lockdep): string[] {
  return ld.violations.map(({ rule, confidence, count }) => `${rule} ${confidence} ×${count}`);
}

/** The only finding of a checker, which must be one of this rule. */
export function only<Rule extends Violation['rule']>(ld: Lockdep, rule: Rule): Violation & { readonly rule: Rule } {
  expect(ld.violations.map((violation) => violation.rule)).toEqual([rule]);
  return ld.violations[0] as Violation & { readonly rule: Rule };
}

/** Names of what an owner holds, outermost first. */
export function heldNames(owner: Owner): string[] {
  return owner.held.map(({ lock }) => lock.name);
}

/** Everything that a checker shows of itself, for a comparison of before and after. */
export function picture(ld: Lockdep): string {
  return JSON.stringify([ld.snapshot({ writtenAt: 0 }), ld.ownerCount, ld.failure]);
}

/** Number of the one line of a file that ends with this comment. */
export function lineOf(file: string, comment: string): number {
  const lines = readFileSync(file, 'utf8').split('\n');
  const found = lines.flatMap((line, at) => (line.endsWith(`// ${comment}`) ? [at + 1] : []));
  if (found.length !== 1) throw new Error(`${file} has ${found.length} lines that end with '// ${comment}'`);
  return found[0] as number;
}

/** Runs `work` and counts the calls of `object[name]`. */
export function countCalls(object: object, name: string, work: () => void): number {
  const kept = Object.getOwnPropertyDescriptor(object, name) as PropertyDescriptor;
  let calls = 0;
  const counted = function (this: unknown, ...args: unknown[]): unknown {
    calls++;
    return Reflect.apply(kept.value, this, args);
  };
  Object.defineProperty(object, name, { ...kept, value: counted });
  try {
    work();
  } finally {
    Object.defineProperty(object, name, kept);
  }
  return calls;
}
