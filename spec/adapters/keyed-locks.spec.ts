// The locks of keys: which class each is of, and how many of them are kept.

import type { KeyPattern } from '../../lib/adapters/key-pattern.ts';
import { KeyedLocks } from '../../lib/adapters/keyed-locks.ts';
import type { LockInstance } from '../../lib/state/classes.ts';

interface Made {
  readonly pattern: KeyPattern;
  readonly key: string;
}

const REMEMBERED = 10_000;

function keyed(patterns: readonly KeyPattern[] = []) {
  const inUse = new Set<unknown>();
  const tooMany = jest.fn();
  const locks = new KeyedLocks({
    make: (pattern, key) => ({ pattern, key }) satisfies Made as unknown as LockInstance,
    isInUse: (lock) => inUse.has(lock),
    patterns,
    tooMany,
  });
  const lock = (key: unknown): Made => locks.lock(key) as unknown as Made;
  return { lock, use: (key: unknown) => inUse.add(lock(key)), inUse, tooMany, count: () => [...locks.all].length };
}

describe('a key', () => {
  it.each<[string, unknown, unknown]>([
    ['text', 'a', 'b'],
    ['numbers', 1, 2],
    ['symbols', Symbol('a'), Symbol('a')],
    ['objects', {}, {}],
    ['what objects have of their own', '__proto__', 'constructor'],
    ['what is empty', '', undefined],
  ])('has one lock, and another key another one: %s', (_, one, other) => {
    const { lock } = keyed();
    expect(lock(one)).toBe(lock(one));
    expect(lock(one)).not.toBe(lock(other));
  });

  it('is of the class of its pattern', () => {
    const { lock } = keyed();
    expect(lock('account:17')).toEqual({ pattern: { pattern: 'account:*' }, key: 'account:17' });
    expect([lock('account:18'), lock('config'), lock('users')].map(({ pattern }) => pattern.pattern)).toEqual([
      'account:*',
      'config',
      'users',
    ]);
  });

  it('is of the class that the user gives', () => {
    const pattern = { pattern: 'acc*', sorted: true };
    expect(keyed([pattern]).lock('account:17').pattern).toBe(pattern);
  });
});

describe('patterns', () => {
  const letters = (number: number): string => [...String(number)].map((digit) => 'abcdefghij'[Number(digit)]).join('');

  it.each<[string, (at: number) => string]>([
    ['names', letters],
    ['values at two places', (at) => `${letters(at)}:17`],
  ])('that are made of keys are bounded: %s', (_, keyOf) => {
    const { lock, tooMany } = keyed();
    const patterns = Array.from({ length: 1_000 }, (_each, at) => lock(keyOf(at)).pattern.pattern);
    expect(new Set(patterns).size).toBe(101);
    expect(patterns[99]).not.toBe('*');
    expect(new Set(patterns.slice(100))).toEqual(new Set(['*']));
    expect(tooMany).toHaveBeenCalledTimes(1);
    expect(lock(keyOf(3)).pattern.pattern).toBe(patterns[3]);
  });

  it('that the user gives are not counted', () => {
    const given = Array.from({ length: 200 }, (_each, at) => ({ pattern: `${letters(at)}:*` }));
    const { lock, tooMany } = keyed(given);
    for (const one of given) {
      expect(lock(one.pattern.replace('*', 'x')).pattern).toBe(one);
    }
    expect(tooMany).not.toHaveBeenCalled();
  });

  it('do not depend on how many other keys there are of one', () => {
    const { lock, tooMany } = keyed();
    const patterns = Array.from({ length: 1_000 }, (_each, at) => lock(`account:${at}`).pattern.pattern);
    expect(new Set(patterns)).toEqual(new Set(['account:*']));
    expect(tooMany).not.toHaveBeenCalled();
  });
});

describe('what is remembered', () => {
  it('is bounded over a million different keys, and has all that are in use', () => {
    const { lock, use, count } = keyed();
    const used = Array.from({ length: 50 }, (_, at) => `used:${at}`);
    for (const key of used) {
      use(key);
    }
    const locks = used.map((key) => lock(key));
    let most = 0;
    for (let at = 0; at < 1_000_000; at++) {
      lock(at);
      most = at % 50_000 === 0 ? Math.max(most, count()) : most;
    }
    expect(Math.max(most, count())).toBeLessThanOrEqual(REMEMBERED + 2 * used.length);
    expect(used.map((key) => lock(key))).toEqual(locks);
    expect(used.every((key, at) => lock(key) === locks[at])).toBe(true);
  });

  it('stays quick, and forgets again, where more are in use than are remembered', () => {
    const { lock, use, inUse, count } = keyed();
    const start = performance.now();
    for (let at = 0; at < 3 * REMEMBERED; at++) {
      use(at);
    }
    expect(count()).toBe(3 * REMEMBERED);
    const first = lock(0);
    inUse.clear();
    for (let at = 0; at < 6 * REMEMBERED; at++) {
      lock(`later:${at}`);
    }
    expect(count()).toBeLessThanOrEqual(2 * REMEMBERED);
    expect(lock(0)).not.toBe(first);
    // A walk over all that are in use for each new key takes minutes.
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it('is what was used lately, not what was made lately', () => {
    const { lock } = keyed();
    const often = lock('often');
    const seldom = lock('seldom');
    let isKept = true;
    for (let at = 0; at < 4 * REMEMBERED; at++) {
      lock(at);
      isKept &&= lock('often') === often;
    }
    expect(isKept).toBe(true);
    expect(lock('seldom')).not.toBe(seldom);
  });

  it('is bounded where each key is used over and over for a while', () => {
    const { lock, count } = keyed();
    for (let at = 0; at < 10 * REMEMBERED; at++) {
      for (let again = 0; again < 4; again++) {
        lock(Math.max(0, at - again * 4_000));
      }
    }
    expect(count()).toBeLessThanOrEqual(2 * REMEMBERED);
  });
});
