import { endThreads } from '../../support/threads.ts';
import { allOf, built, churn, errorOf, raise, start, startAll, until, untilAsync, words } from './parking.ts';

const { ParkingMutex, SpinLock, createLockdep, lockdep } = built;

lockdep.configure({ onViolation: 'collect' });

afterEach(endThreads);

test.each([2, 4, 16])('keeps %i threads apart', async (threads) => {
  const mutex = new ParkingMutex('counter');
  const shared = words();
  const times = 64_000 / threads;
  await allOf(startAll(threads, { handles: [mutex.handle], job: 'count', words: shared, times }));
  expect(shared[1]).toBe(threads * times);
  expect(mutex.holder).toBeNull();
});

test('keeps async flows and threads that block apart', async () => {
  const mutex = new ParkingMutex('mixed counter');
  const shared = words();
  const job = { handles: [mutex.handle], words: shared, threads: 4 };
  const threads = [
    start({ ...job, job: 'count', times: 10_000 }),
    start({ ...job, job: 'count', times: 10_000 }),
    start({ ...job, job: 'countAsync', times: 1_000 }),
    start({ ...job, job: 'countAsync', times: 1_000 }),
  ];
  for (let time = 0; time < 500; time++) {
    const guard = await mutex.lockAsync();
    shared[1] = (shared[1] as number) + 1;
    guard.release();
  }
  await allOf(threads);
  expect(shared[1]).toBe(22_500);
});

test('threads that are ended at any point leave nobody hanging', async () => {
  const mutex = new ParkingMutex('churned');
  const shared = words();
  await churn({ handles: [mutex.handle], job: 'churn', words: shared }, 12);
  expect(shared[4]).toBe(0);
  // The last one may have ended with it.
  mutex.recover();
  mutex.unlock();
});

test('a wait ends when its time is over', async () => {
  const mutex = new ParkingMutex('slow');
  const shared = words();
  const thread = start({ handles: [mutex.handle], job: 'hold', words: shared });
  until(shared, 1, 1);
  const since = performance.now();
  expect(await errorOf(() => mutex.lock({ timeout: 30 }))).toBe('LockTimeoutError');
  expect(performance.now() - since).toBeGreaterThanOrEqual(29);
  expect(await errorOf(() => mutex.lockAsync({ timeout: 5 }))).toBe('LockTimeoutError');
  const aborted = AbortSignal.abort(new Error('too late'));
  expect(await errorOf(() => mutex.lockAsync({ signal: aborted }))).toBe('Error');
  expect(mutex.tryLock()).toBe(false);
  expect(mutex.holder?.thread).toMatch(/^worker/);
  raise(shared, 2);
  await thread.end();
  expect(mutex.tryLock()).toBe(true);
  mutex.unlock();
});

test('who waits is told that the holder has ended, and takes it over', async () => {
  const mutex = new ParkingMutex('inherited');
  const shared = words();
  const thread = start({ handles: [mutex.handle], job: 'hold', words: shared });
  until(shared, 1, 1);
  const waiting = errorOf(() => mutex.lockAsync());
  await thread.kill();
  expect(await waiting).toBe('OwnerDiedError');
  expect(await errorOf(() => mutex.lock())).toBe('OwnerDiedError');
  expect(mutex.recover()).toBe(true);
  expect(mutex.held()).toBe(true);
  mutex.unlock();
  expect(lockdep.violations.filter(({ rule }) => rule === 'owner-died')).not.toEqual([]);
});

test('who tries is told that the holder has ended', async () => {
  const mutex = new ParkingMutex('tried');
  const shared = words();
  const thread = start({ handles: [mutex.handle], job: 'hold', words: shared });
  until(shared, 1, 1);
  expect(mutex.tryLock()).toBe(false);
  await thread.kill();
  expect(await errorOf(() => mutex.tryLock())).toBe('OwnerDiedError');
  expect(mutex.recover()).toBe(true);
  mutex.unlock();
  const told = lockdep.violations.filter(({ rule }) => rule === 'owner-died');
  expect(told.map(({ message }) => message).join()).toContain('tried');
});

test('a thread that ends while an async flow of it holds it is a holder that has ended', async () => {
  const mutex = new ParkingMutex('inherited from a flow');
  const thread = start({ handles: [mutex.handle], job: 'holdAsync' });
  expect(await thread.next()).toBe('holds');
  expect(mutex.holder).toMatchObject({ owner: 'an async flow' });
  await thread.kill();
  expect(await errorOf(() => mutex.lock())).toBe('OwnerDiedError');
  expect(mutex.recover()).toBe(true);
  mutex.unlock();
});

describe.each(['checked', 'unchecked'])('%s', (how) => {
  const make = (name: string) => {
    const ld = createLockdep({ onViolation: 'collect' });
    if (how === 'unchecked') {
      ld.switchOff();
    }
    return { ld, mutex: new ParkingMutex(name, { lockdep: ld }) };
  };

  test('a thread that asks for what it holds is refused', async () => {
    const { mutex } = make('twice');
    mutex.lock();
    expect(await errorOf(() => mutex.lock())).toBe('RecursiveLockError');
    expect(mutex.held()).toBe(true);
    mutex.unlock();
    expect(await errorOf(() => mutex.unlock())).toBe('NotHolderError');
  });

  test('a thread does not block for its own async flow, nor gives back what that holds', async () => {
    const { mutex } = make('own flow');
    const guard = await mutex.lockAsync();
    expect(await errorOf(() => mutex.lock())).toBe('RecursiveLockError');
    expect(await errorOf(() => mutex.unlock())).toBe('NotHolderError');
    expect(mutex.tryLock()).toBe(false);
    expect(mutex.held()).toBe(false);
    guard.release();
    mutex.lock();
    expect(mutex.held()).toBe(true);
    mutex.unlock();
  });

  test('async flows of a thread get it in the order in which they came', async () => {
    const { mutex } = make('in order');
    const log: number[] = [];
    const first = await mutex.lockAsync();
    const rest = [1, 2, 3, 4].map((at) => mutex.runAsync(() => log.push(at)));
    const gaveUp = errorOf(() => mutex.lockAsync({ timeout: 0 }));
    expect(await gaveUp).toBe('LockTimeoutError');
    expect(log).toEqual([]);
    first.release();
    await Promise.all(rest);
    expect(log).toEqual([1, 2, 3, 4]);
    expect(mutex.holder).toBeNull();
  });

  test('work under it gives it back, also where it fails', async () => {
    const { mutex } = make('work');
    expect(mutex.run(() => 7)).toBe(7);
    expect(await errorOf(() => mutex.run(() => JSON.parse('{')))).toBe('SyntaxError');
    expect(await mutex.runAsync(async () => 8)).toBe(8);
    expect(await errorOf(() => mutex.runAsync(async () => JSON.parse('{')))).toBe('SyntaxError');
    expect(mutex.holder).toBeNull();
  });

  test('refuses what is no option', async () => {
    const { mutex } = make('options');
    expect(await errorOf(() => mutex.lock({ timeout: -1 }))).toBe('TypeError');
    expect(await errorOf(() => mutex.lock({ owner: {} as never }))).toBe('TypeError');
    expect(await errorOf(() => mutex.lockAsync({ timeout: 'soon' as never }))).toBe('TypeError');
    expect(await errorOf(() => mutex.runAsync(7 as never))).toBe('TypeError');
    expect(await errorOf(() => ParkingMutex.from({} as never))).toBe('TypeError');
    expect(mutex.tryLock()).toBe(true);
    mutex.unlock();
  });
});

describe('what the checker sees', () => {
  test('two threads that take two mutexes in opposite order: one gets out', async () => {
    const [a, b] = [new ParkingMutex('a'), new ParkingMutex('b')];
    const shared = words();
    const configuration = { onDeadlock: 'reject' };
    const job = { job: 'nest', words: shared, configuration };
    const threads = [
      start({ ...job, handles: [a.handle, b.handle] }),
      start({ ...job, handles: [b.handle, a.handle] }),
    ];
    const ends = (await allOf(threads)) as { failed: { name: string } | null; told: string[] }[];
    // The other one waits on, until the first has ended with its lock.
    expect(ends.map(({ failed }) => failed?.name).sort()).toEqual(['DeadlockError', 'OwnerDiedError']);
    expect(ends.flatMap(({ told }) => told)).toEqual(expect.arrayContaining(['order-cycle', 'deadlock']));
  });

  test('an async flow and a thread in opposite order', async () => {
    const ld = createLockdep({ onViolation: 'collect' });
    const [a, b] = ['x', 'y'].map((name) => new ParkingMutex(name, { lockdep: ld }));
    a?.lock();
    b?.lock();
    b?.unlock();
    a?.unlock();
    await b?.runAsync(() => a?.runAsync(() => undefined));
    expect(ld.violations.map(({ rule }) => rule)).toEqual(['order-cycle']);
  });

  test('async flows of two threads in opposite order, that wait for ever', async () => {
    const [a, b] = [new ParkingMutex('async a'), new ParkingMutex('async b')];
    const job = { job: 'nestAsync', words: words(), threads: 2, configuration: { onViolation: 'throw' } };
    const threads = [
      start({ ...job, handles: [a.handle, b.handle] }),
      start({ ...job, handles: [b.handle, a.handle] }),
    ];
    const ends = (await allOf(threads)) as { failed: string; told: string[] }[];
    expect(ends.map(({ failed }) => failed)).toContain('LockdepError');
    expect(ends.flatMap(({ told }) => told)).toContain('order-cycle');
  });

  test('where a flow took it, also if the thread took it elsewhere before', async () => {
    const mutex = new ParkingMutex('placed', { lockdep: createLockdep({ onViolation: 'collect' }) });
    mutex.lock();
    const before = mutex.holder?.site;
    mutex.unlock();
    const guard = await mutex.lockAsync();
    const site = mutex.holder?.site;
    guard.release();
    expect(site?.file).toBe(before?.file);
    expect((site?.line ?? 0) - (before?.line ?? 0)).toBe(3);
  });

  test('a mutex under a spinning lock', () => {
    const ld = createLockdep({ onViolation: 'collect' });
    const [spin, mutex] = [new SpinLock('spin', { lockdep: ld }), new ParkingMutex('sleeps', { lockdep: ld })];
    spin.run(() => mutex.run(() => undefined));
    expect(ld.violations.map(({ rule }) => rule)).toEqual(['wait-context']);
  });

  test('assertions, of the thread and of its flows', async () => {
    const ld = createLockdep({ onViolation: 'collect' });
    const mutex = new ParkingMutex('asserted', { lockdep: ld });
    mutex.assertNotHeld();
    mutex.run(() => mutex.assertHeld());
    await mutex.runAsync(() => mutex.assertHeld());
    expect(ld.violations).toEqual([]);
    mutex.assertHeld();
    expect(ld.violations.map(({ rule }) => rule)).toEqual(['assert-held']);
  });

  test('a flow that waits keeps the process alive until the thread that holds it gives it back', async () => {
    const mutex = new ParkingMutex('kept alive');
    const shared = words();
    const thread = start({ handles: [mutex.handle], job: 'hold', words: shared });
    await untilAsync(shared, 1, 1);
    const waiting = mutex.lockAsync();
    thread.worker.unref();
    raise(shared, 2);
    (await waiting).release();
    expect(mutex.holder).toBeNull();
  });
});
