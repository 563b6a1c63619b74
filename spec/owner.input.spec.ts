/**
 * What an owner is told wrongly is refused before anything happens: one TypeError that names the argument.
 */
import { createLockdep, type Lockdep } from '../lib/lockdep.ts';
import type { AcquireOptions, Owner } from '../lib/owner.ts';
import type { LockInstance } from '../lib/state/classes.ts';
import { ANYTHING, except, isBoolean, isObject, notRefused } from './state/values.ts';
import { heldNames, locks, nest, picture } from './state/world.ts';

interface Scene {
  readonly ld: Lockdep;
  readonly p: Owner;
  readonly a: LockInstance;
  readonly r: LockInstance;
  readonly pool: LockInstance;
}

/** An owner that holds one lock and has held others. */
function scene(): Scene {
  const ld = createLockdep({ now: () => 0 });
  const [a, held] = locks(ld, ['a', 'held']);
  const r = ld.lock('r', { kind: 'rwlock' });
  const pool = ld.lock('pool', { kind: 'semaphore', capacity: 3 });
  const p = ld.owner('p');
  nest(p, [held, a]);
  p.acquire(held);
  return { ld, p, a, r, pool };
}

/** Fails unless each value is refused, and all is left as it was. */
function expectRefused(
  argument: string,
  values: readonly unknown[],
  tell: (seen: Scene, value: unknown) => void,
): void {
  const seen = scene();
  const before = [picture(seen.ld), heldNames(seen.p)];
  expect(notRefused(argument, values, (value) => tell(seen, value))).toEqual([]);
  expect([picture(seen.ld), heldNames(seen.p)]).toEqual(before);
}

describe.each(['acquire', 'release', 'assertHeld', 'assertNotHeld'] as const)('%s', (method) => {
  it('refuses what is no lock', () => {
    const values = [undefined, ...ANYTHING, { class: { id: 0, step: 0 } }];
    expectRefused('lock', values, ({ p }, lock) => p[method](lock as LockInstance));
  });

  it('refuses a lock of another checker, also where it stands for a known step', () => {
    const [, stranger] = locks(createLockdep(), ['x', 'a']);
    expectRefused('lock', [stranger], ({ p }, lock) => p[method](lock as LockInstance));
    expect(() => scene().p[method](stranger)).toThrow("got 'a' of another checker");
  });
});

describe('acquire', () => {
  it('refuses options that are none', () => {
    expectRefused('options', except(isObject), ({ p, r }, options) => p.acquire(r, options as AcquireOptions));
  });

  it('refuses a mode that is none', () => {
    const values = [...ANYTHING, 'write', 'Shared', '__proto__'];
    expectRefused('mode', values, ({ p, r }, mode) => p.acquire(r, { mode: mode as 'shared' }));
  });

  it('refuses to read a lock without readers', () => {
    const modes = ['shared', 'recursive-shared'];
    expectRefused('mode', modes, ({ p, a }, mode) => p.acquire(a, { mode: mode as 'shared' }));
    expectRefused('mode', modes, ({ p, pool }, mode) => p.acquire(pool, { mode: mode as 'shared' }));
  });

  it('refuses a try that is neither true nor false', () => {
    expectRefused('try', except(isBoolean), ({ p, a }, value) => p.acquire(a, { try: value as boolean }));
  });

  it('refuses units that are no whole number above 0', () => {
    const values = [...ANYTHING, Number.POSITIVE_INFINITY, '2', 2n];
    expectRefused('units', values, ({ p, pool }, units) => p.acquire(pool, { units: units as number }));
  });

  it('takes `undefined` for what is not said', () => {
    const { p, a } = scene();
    p.acquire(a, { mode: undefined, try: undefined, units: undefined } as unknown as AcquireOptions);
    expect(p.entries().at(-1)).toMatchObject({ mode: 'exclusive', try: false, units: 1 });
  });
});
