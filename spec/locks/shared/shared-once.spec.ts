import { endThreads } from '../../support/threads.ts';
import { allOf, built, errorOf, raise, start, startAll, until, untilAsync, words } from './parking.ts';

const { SharedLazy, SharedOnce, createLockdep, lockdep, racyInit } = built;

lockdep.configure({ onViolation: 'collect' });

const rules = (rule: string) => lockdep.violations.filter((one) => one.rule === rule);

afterEach(endThreads);

describe.each(['park', 'spin'] as const)('work that is done once, by threads that %s', (wait) => {
  test.each([2, 8])('%i threads', async (threads) => {
    const once = new SharedOnce(`once ${wait}`, { wait });
    const shared = words();
    const seen = await allOf(startAll(threads, { handles: [once.handle], job: 'once', words: shared }));
    expect(shared[1]).toBe(1);
    expect(once.isDone).toBe(true);
    expect(seen).toHaveLength(threads);
    expect(seen.filter((one) => (one as { did: boolean }).did)).toHaveLength(1);
    expect(seen.every((one) => (one as { seen: number }).seen === 1)).toBe(true);
    expect(once.run(() => undefined)).toBe(false);
  });

  test('who waits does it again where the first one fails, or its thread ends', async () => {
    const once = new SharedOnce(`fails ${wait}`, { wait });
    const shared = words();
    const failing = start({ handles: [once.handle], job: 'failOnce', words: shared });
    until(shared, 1, 1);
    expect(await errorOf(() => once.run(() => undefined, { timeout: 10 }))).toBe('LockTimeoutError');
    raise(shared, 2);
    expect(await failing.end()).toEqual([{ name: 'RangeError', message: 'no entropy' }]);
    expect(once.isDone).toBe(false);

    const again = words();
    const dying = start({ handles: [once.handle], job: 'startOnce', words: again });
    until(again, 1, 1);
    const waiting = start({ handles: [once.handle], job: 'startOnce', words: again });
    await dying.kill();
    await untilAsync(again, 1, 2);
    raise(again, 2);
    expect(await waiting.end()).toEqual(['done']);
    expect(once.isDone).toBe(true);
    expect(again[3]).toBe(1);
  });
});

test('the end of the thread that does the work is told to who waits', async () => {
  const once = new SharedOnce('told');
  const shared = words();
  const before = rules('owner-died').length;
  const dying = start({ handles: [once.handle], job: 'startOnce', words: shared });
  until(shared, 1, 1);
  const waiting = once.runAsync(() => undefined);
  await dying.kill();
  expect(await waiting).toBe(true);
  expect(rules('owner-died').length).toBe(before + 1);
});

test('work that asks for itself is refused, and counts as failed', async () => {
  const once = new SharedOnce('itself');
  expect(await errorOf(() => once.run(() => once.run(() => undefined)))).toBe('RecursiveLockError');
  expect(once.isDone).toBe(false);
  expect(once.run(() => undefined)).toBe(true);
});

test('asynchronous work', async () => {
  const once = new SharedOnce('async');
  const log: string[] = [];
  const first = once.runAsync(async () => {
    await Promise.resolve();
    log.push('first');
    throw new RangeError('failed');
  });
  const rest = [1, 2].map(() => once.runAsync(async () => log.push('second')));
  expect(await errorOf(() => once.run(() => undefined))).toBe('RecursiveLockError');
  expect(await errorOf(() => first)).toBe('RangeError');
  expect(await Promise.all(rest)).toEqual([true, false]);
  expect(log).toEqual(['first', 'second']);
  expect(await once.runAsync(() => undefined)).toBe(false);
});

test('refuses what is no work, and a promise where nobody waits for it', async () => {
  const once = new SharedOnce('wrong');
  expect(await errorOf(() => once.run(7 as never))).toBe('TypeError');
  expect(await errorOf(() => once.runAsync(7 as never))).toBe('TypeError');
  expect(await errorOf(() => once.run(async () => undefined))).toBe('TypeError');
  expect(await errorOf(() => new SharedOnce('wait', { wait: 'sleep' as never }))).toBe('TypeError');
  expect(once.isDone).toBe(false);
});

test('to the checker it is a lock that is held while the work runs', () => {
  const ld = createLockdep({ onViolation: 'collect' });
  const [a, b] = ['once a', 'once b'].map((name) => new SharedOnce(name, { lockdep: ld }));
  a?.run(() => void b?.run(() => undefined));
  const again = new SharedOnce('once b', { lockdep: ld });
  again.run(() => void new SharedOnce('once a', { lockdep: ld }).run(() => undefined));
  expect(ld.violations.map(({ rule }) => rule)).toEqual(['order-cycle']);
});

describe('a number that is computed once', () => {
  test('is the same in all threads', async () => {
    const lazy = new SharedLazy('epsilon');
    const shared = words();
    const seen = await allOf(startAll(4, { handles: [lazy.handle], job: 'lazy', words: shared }));
    expect(shared[1]).toBe(1);
    expect(new Set(seen).size).toBe(1);
    expect(lazy.value).toBe(seen[0]);
    expect(lazy.get(() => 7)).toBe(seen[0]);
  });

  test('of each type, in memory that is aligned for words alone', async () => {
    const buffer = new SharedArrayBuffer(4 + SharedLazy.BYTES);
    const lazy = new SharedLazy('pi', { buffer, byteOffset: 4 });
    expect(lazy.value).toBeUndefined();
    expect(await lazy.getAsync(async () => Math.PI)).toBe(Math.PI);
    const whole = new SharedLazy('whole', { type: 'int32' });
    expect(await errorOf(() => whole.get(() => 0.5))).toBe('TypeError');
    expect(await errorOf(() => whole.getAsync(() => 2 ** 31))).toBe('TypeError');
    expect(await errorOf(() => new SharedLazy('big', { type: 'int64' as never }))).toBe('TypeError');
    expect(whole.get(() => -7)).toBe(-7);
    expect(whole.value).toBe(-7);
  });
});

describe('racy initialisation', () => {
  test('one value wins, and all see it', async () => {
    const shared = words();
    const seen = await allOf(startAll(8, { job: 'racy', words: shared }));
    expect(seen).toEqual(Array.from({ length: 8 }, () => shared[5]));
    expect(shared[5]).toBeGreaterThanOrEqual(100);
  });

  test('a value that came meanwhile wins', () => {
    const shared = words();
    const late = racyInit(shared, 0, () => {
      expect(racyInit(shared, 0, () => 5)).toBe(5);
      return 6;
    });
    expect([late, shared[0]]).toEqual([5, 5]);
  });

  test('an own value that means that there is none', () => {
    const shared = words().fill(-1);
    expect(racyInit(shared, 1, () => 0, { empty: -1 })).toBe(0);
    expect(racyInit(shared, 1, () => 9, { empty: -1 })).toBe(0);
  });

  test('refuses what cannot be, and writes nothing', async () => {
    const shared = words();
    const bytes = new Uint8Array(shared.buffer);
    const wrong: [() => unknown, string][] = [
      [() => racyInit(new Int32Array(4), 0, () => 1), 'TypeError'],
      [() => racyInit(new Float64Array(shared.buffer) as never, 0, () => 1), 'TypeError'],
      [() => racyInit(shared, 99, () => 1), 'RangeError'],
      [() => racyInit(shared, 0, 7 as never), 'TypeError'],
      [() => racyInit(shared, 0, () => 0), 'TypeError'],
      [() => racyInit(shared, 0, () => 0.5), 'TypeError'],
      [() => racyInit(bytes, 0, () => 256), 'TypeError'],
      [() => racyInit(bytes, 0, () => 1, { empty: -1 }), 'TypeError'],
    ];
    for (const [work, name] of wrong) {
      expect(await errorOf(work)).toBe(name);
    }
    expect(shared[0]).toBe(0);
  });
});
