/**
 * What an owner is told wrongly is refused before anything happens: one TypeError that names the argument.
 */
import { createLockdep, type Lockdep } from '../lib/lockdep.ts';
import type { AcquireOptions, Owner } from '../lib/owner.ts';
import type { LockInstance } from '../lib/state/classes.ts';
import { heldNames, locks, nest, picture } from './state/world.ts';

const ANYTHING: readonly unknown[] = [
  undefined,
  null,
  true,
  7,
  'a',
  Symbol('s'),
  {},
  [],
  Object.create(null),
  { class: { id: 0, step: 0 } },
  () => {},
];

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

/** Fails unless `work` throws one TypeError that names the argument first, and leaves all as it was. */
function expectRefusal({ ld, p }: Scene, argument: string, work: () => void): void {
  const before = [picture(ld), heldNames(p)];
  expect(work).toThrow(TypeError);
  expect(work).toThrow(new RegExp(`^${argument}: `));
  expect([picture(ld), heldNames(p)]).toEqual(before);
}

const METHODS = ['acquire', 'release', 'assertHeld', 'assertNotHeld'] as const;

describe.each(METHODS)('%s', (method) => {
  it.each(ANYTHING)('refuses what is no lock: %p', (lock) => {
    const seen = scene();
    expectRefusal(seen, 'lock', () => seen.p[method](lock as LockInstance));
  });

  it('refuses a lock of another checker, also where it stands for a known step', () => {
    const seen = scene();
    const [, stranger] = locks(createLockdep(), ['x', 'a']);
    expectRefusal(seen, 'lock', () => seen.p[method](stranger));
    expect(() => seen.p[method](stranger)).toThrow("got 'a' of another checker");
  });
});

describe('acquire', () => {
  it.each([null, true, 7, 'shared', Symbol('s'), () => {}])('refuses options that are none: %p', (options) => {
    const seen = scene();
    expectRefusal(seen, 'options', () => seen.p.acquire(seen.r, options as unknown as AcquireOptions));
  });

  it.each([null, 0, 'write', 'Shared', '', {}, [], Symbol('s'), Object.create(null)])(
    'refuses a mode that is none: %p',
    (mode) => {
      const seen = scene();
      expectRefusal(seen, 'mode', () => seen.p.acquire(seen.r, { mode: mode as 'shared' }));
    },
  );

  it.each(['shared', 'recursive-shared'] as const)('refuses to read a lock without readers: %s', (mode) => {
    const seen = scene();
    for (const lock of [seen.a, seen.pool]) expectRefusal(seen, 'mode', () => seen.p.acquire(lock, { mode }));
  });

  it.each([null, 0, 1, 'yes', {}, Symbol('s')])('refuses a try that is neither true nor false: %p', (value) => {
    const seen = scene();
    expectRefusal(seen, 'try', () => seen.p.acquire(seen.a, { try: value as unknown as boolean }));
  });

  it.each([null, 0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '2', 2n, {}, Symbol('s'), Object.create(null)])(
    'refuses units that are no whole number above 0: %p',
    (units) => {
      const seen = scene();
      expectRefusal(seen, 'units', () => seen.p.acquire(seen.pool, { units: units as number }));
    },
  );

  it('takes `undefined` for what is not said', () => {
    const { p, a } = scene();
    p.acquire(a, { mode: undefined, try: undefined, units: undefined } as unknown as AcquireOptions);
    expect(p.entries().at(-1)).toMatchObject({ mode: 'exclusive', try: false, units: 1 });
  });
});
