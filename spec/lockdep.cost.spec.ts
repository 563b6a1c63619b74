/**
 * What nearly every acquire costs: a known step is one look-up and no stack trace. Counted, not timed.
 */
import { createLockdep } from '../lib/lockdep.ts';
import type { Mode } from '../lib/model/lock.ts';
import type { LockdepOptions } from '../lib/options.ts';
import type { AcquireOptions, Owner } from '../lib/owner.ts';
import type { LockInstance } from '../lib/state/classes.ts';
import { countCalls, locks, nest } from './state/world.ts';

const MODES: readonly Mode[] = ['exclusive', 'shared', 'recursive-shared'];

interface Scene {
  readonly p: Owner;
  readonly a: LockInstance;
  readonly b: LockInstance;
}

function scene(options?: LockdepOptions): Scene {
  const ld = createLockdep(options);
  const [a, b] = locks(ld, ['a', 'b'], { kind: 'rwlock' });
  return { p: ld.owner('p'), a, b };
}

const traces = (work: () => void): number => countCalls(Error, 'captureStackTrace', work);
const lookups = (work: () => void): number => countCalls(Map.prototype, 'get', work);

describe('a known step', () => {
  it('costs one look-up to take, and none to give back', () => {
    const { p, a, b } = scene();
    nest(p, [a, b]);
    p.acquire(a);
    expect(lookups(() => p.acquire(b))).toBe(1);
    expect(lookups(() => p.release(b))).toBe(0);
    expect(lookups(() => p.release(a))).toBe(0);
    expect(lookups(() => p.acquire(a))).toBe(1);
  });

  it('takes no stack trace', () => {
    const { p, a, b } = scene();
    nest(p, [a, b]);
    expect(traces(() => nest(p, [a, b]))).toBe(0);
  });

  const plain: readonly AcquireOptions[] = [
    {},
    ...MODES.flatMap((mode) => [false, true].map((isTry) => ({ mode, try: isTry }))),
  ];
  it.each(plain.map((how) => [JSON.stringify(how), how] as const))('takes no stack trace with %s either', (_, how) => {
    const { p, a } = scene();
    nest(p, [a], how);
    expect(traces(() => nest(p, [a], how))).toBe(0);
  });

  it('stays one for a second owner once that one has gone it too', () => {
    const ld = createLockdep();
    const [a, b] = locks(ld, ['a', 'b']);
    for (const name of ['p', 'q']) nest(ld.owner(name), [a, b]);
    for (const name of ['p', 'q']) expect(traces(() => nest(ld.owner(name), [a, b]))).toBe(0);
    nest(ld.owner('r'), [a]);
    expect(traces(() => nest(ld.owner('r'), [a, b]))).toBe(0);
  });

  it('is known for all locks of a class', () => {
    const ld = createLockdep();
    const [a1, b1, a2, b2] = locks(ld, ['a', 'b', 'a', 'b']);
    nest(ld.owner('p'), [a1, b1]);
    expect(traces(() => nest(ld.owner('p'), [a2, b2]))).toBe(0);
  });
});

describe('a new step', () => {
  it('takes one stack trace', () => {
    const { p, a, b } = scene();
    expect(traces(() => p.acquire(a))).toBe(1);
    expect(traces(() => p.acquire(b))).toBe(1);
  });

  it('is one after another chain, in another mode, as a try, and by a second owner', () => {
    const ld = createLockdep();
    const [a, b] = locks(ld, ['a', 'b'], { kind: 'rwlock' });
    let p = ld.owner('p');
    const q = ld.owner('q');
    nest(p, [a, b]);
    const ways: readonly (() => void)[] = [
      () => p.acquire(b),
      () => p.acquire(a, { mode: 'shared' }),
      () => p.acquire(a, { try: true }),
    ];
    for (const take of ways) {
      expect(traces(take)).toBe(1);
      p.exit();
      p = ld.owner('p');
    }
    expect(traces(() => nest(q, [a, b]))).toBe(2);
  });

  it('takes one more when its lock is given back for the first time', () => {
    const { p, a, b } = scene();
    for (const lock of [a, b]) p.acquire(lock);
    expect([traces(() => p.release(b)), traces(() => p.release(a))]).toEqual([1, 1]);
    for (let turn = 0; turn < 3; turn++) expect(traces(() => nest(p, [a, b]))).toBe(0);
  });
});

describe('a step that broke a rule, or depends on instances', () => {
  it('takes a stack trace each time', () => {
    const ld = createLockdep();
    const [one, other] = locks(ld, ['a', 'a']);
    const p = ld.owner('p');
    nest(p, [one, other]);
    p.acquire(one);
    for (let turn = 0; turn < 3; turn++) {
      expect(traces(() => p.acquire(other))).toBe(1);
      p.release(other);
    }
  });
});

describe('with all sites asked for', () => {
  it('every acquire and every release takes one stack trace, known or not', () => {
    const { p, a, b } = scene({ sites: 'all' });
    nest(p, [a, b]);
    for (let turn = 0; turn < 3; turn++) expect(traces(() => nest(p, [a, b]))).toBe(4);
  });
});
