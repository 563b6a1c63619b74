import { endThreads } from '../../support/threads.ts';
import { allOf, built, churn, errorOf, start, startAll, until, words } from './parking.ts';

const { ParkingMutex, SharedSemaphore, SpinLock, createLockdep, lockdep } = built;

lockdep.configure({ onViolation: 'collect' });

afterEach(endThreads);

/** Waits until so many threads stand in the queue. */
async function untilWaiting(semaphore: { readonly waiting: number }, least: number): Promise<void> {
  while (semaphore.waiting < least) {
    await new Promise((later) => setImmediate(later));
  }
}

test.each([
  [2, 1],
  [4, 3],
  [16, 5],
])('%i threads never have more than %i units', async (threads, capacity) => {
  const semaphore = new SharedSemaphore('units', { capacity });
  const shared = words();
  const times = 4_000 / threads;
  const most = await allOf(startAll(threads, { handles: [semaphore.handle], job: 'units', words: shared, times }));
  expect(Math.max(...(most as number[]))).toBeLessThanOrEqual(capacity);
  expect(shared[2]).toBe(threads * times);
  expect(shared[1]).toBe(0);
  expect([semaphore.available, semaphore.waiting]).toEqual([capacity, 0]);
});

test('threads that wait are served in the order in which they came', async () => {
  const semaphore = new SharedSemaphore('in order', { capacity: 2 });
  const shared = words();
  semaphore.acquire({ units: 2 });
  const threads: ReturnType<typeof start>[] = [];
  for (let at = 1; at <= 5; at++) {
    threads.push(start({ handles: [semaphore.handle], job: 'take', words: shared, at, times: 2 }));
    await untilWaiting(semaphore, at);
  }
  expect(semaphore.tryAcquire()).toBe(false);
  semaphore.release(2);
  await allOf(threads);
  expect([...shared.slice(4, 9)]).toEqual([1, 2, 3, 4, 5]);
});

test('a big request is not overtaken by small ones for ever', async () => {
  const semaphore = new SharedSemaphore('big', { capacity: 4 });
  const shared = words();
  const small = [1, 2, 3].map((seed) =>
    start({ handles: [semaphore.handle], job: 'churnUnits', words: shared, threads: 3, seed }),
  );
  until(shared, 0, 3);
  for (let time = 0; time < 20; time++) {
    semaphore.acquire({ units: 4, timeout: 20_000 });
    semaphore.release(4);
  }
  expect(Atomics.load(shared, 3)).toBeGreaterThan(0);
  await Promise.all(small.map((thread) => thread.kill()));
});

test('units of a thread that has ended are given back, and told', async () => {
  const semaphore = new SharedSemaphore('inherited', { capacity: 3 });
  const shared = words();
  const thread = start({ handles: [semaphore.handle], job: 'takeAndDie', words: shared, times: 2 });
  until(shared, 1, 1);
  expect(semaphore.available).toBe(1);
  await thread.kill();
  semaphore.acquire({ units: 2 });
  expect(semaphore.available).toBe(1);
  semaphore.release(2);
  const told = lockdep.violations.filter(({ rule }) => rule === 'owner-died');
  expect(told.map(({ message }) => message).join()).toContain('inherited');
});

test('who tries gets the units of a thread that has ended', async () => {
  const semaphore = new SharedSemaphore('tried', { capacity: 2 });
  const shared = words();
  const thread = start({ handles: [semaphore.handle], job: 'takeAndDie', words: shared, times: 2 });
  until(shared, 1, 1);
  expect(semaphore.tryAcquire()).toBe(false);
  await thread.kill();
  expect(semaphore.tryAcquire({ units: 2 })).toBe(true);
  semaphore.release(2);
});

test('a thread that ends while it waits keeps nobody', async () => {
  const semaphore = new SharedSemaphore('dead waiter', { capacity: 2 });
  const shared = words();
  semaphore.acquire();
  const big = start({ handles: [semaphore.handle], job: 'take', words: shared, times: 2 });
  await untilWaiting(semaphore, 1);
  // From some time on the unit that is free is kept for the big one.
  while (semaphore.tryAcquire()) {
    semaphore.release();
    await new Promise((later) => setImmediate(later));
  }
  const small = start({ handles: [semaphore.handle], job: 'take', words: shared, times: 1, at: 7 });
  await untilWaiting(semaphore, 2);
  await big.kill();
  await small.end();
  expect(shared[4]).toBe(7);
  semaphore.release();
  expect([semaphore.available, semaphore.waiting]).toEqual([2, 0]);
});

test('threads that are ended at any point leave nobody hanging', async () => {
  const semaphore = new SharedSemaphore('churned', { capacity: 3 });
  await churn({ handles: [semaphore.handle], job: 'churnUnits', words: words() }, 12);
  semaphore.acquire({ units: 3 });
  semaphore.release(3);
  expect(semaphore.available).toBe(3);
}, 120_000);

test('another thread gives units back', async () => {
  const semaphore = new SharedSemaphore('given back', { capacity: 3 });
  semaphore.acquire({ units: 3 });
  const thread = start({ handles: [semaphore.handle], job: 'giveBack', times: 2 });
  expect(await thread.end()).toEqual([2]);
  semaphore.acquire({ units: 2 });
  semaphore.release(3);
  expect(semaphore.held()).toBe(false);
  expect(await errorOf(() => semaphore.release())).toBe('NotHolderError');
  expect(semaphore.available).toBe(3);
});

test('async flows get it in the order in which they came, and a thread that blocks before them', async () => {
  const semaphore = new SharedSemaphore('flows', { capacity: 2 });
  const log: string[] = [];
  const first = await semaphore.acquireAsync({ units: 2 });
  const rest = ['a', 'b', 'c'].map(async (name) => {
    const guard = await semaphore.acquireAsync({ units: name === 'b' ? 2 : 1 });
    log.push(name);
    guard.release();
  });
  expect(await errorOf(() => semaphore.acquireAsync({ timeout: 5 }))).toBe('LockTimeoutError');
  expect(await errorOf(() => semaphore.acquire({ timeout: 5 }))).toBe('LockTimeoutError');
  first.release();
  semaphore.acquire();
  log.push('blocked');
  semaphore.release();
  await Promise.all(rest);
  expect(log.filter((name) => name !== 'blocked')).toEqual(['a', 'b', 'c']);
  expect(log).toContain('blocked');
  expect([semaphore.available, semaphore.waiting]).toEqual([2, 0]);
});

test('a flow whose thread does something else is passed by', async () => {
  const semaphore = new SharedSemaphore('busy');
  const shared = words();
  semaphore.acquire();
  const flow = semaphore.acquireAsync();
  semaphore.release();
  const thread = start({ handles: [semaphore.handle], job: 'take', words: shared, at: 3 });
  // This thread does not come back to its event loop before the other one was served.
  until(shared, 3, 1);
  while (Atomics.load(shared, 4) === 0) {
    Atomics.wait(shared, 4, 0, 10);
  }
  expect(shared[4]).toBe(3);
  (await flow).release();
  await thread.end();
  expect(semaphore.available).toBe(1);
});

describe('what the checker sees', () => {
  const make = (capacity: number) => {
    const ld = createLockdep({ onViolation: 'collect' });
    return { ld, semaphore: new SharedSemaphore('pool', { capacity, owned: true, lockdep: ld }) };
  };

  test('an owner that takes one more of what it has', () => {
    const { ld, semaphore } = make(2);
    semaphore.acquire();
    semaphore.acquire();
    semaphore.release(2);
    expect(ld.violations.map(({ rule }) => rule)).toEqual(['pool-nesting']);
  });

  test('nobody holds what anybody may give back', () => {
    const ld = createLockdep({ onViolation: 'throw' });
    const free = new SharedSemaphore('free', { capacity: 3, lockdep: ld });
    const full = new SharedSemaphore('full', { capacity: 3, initial: 0, lockdep: ld });
    for (let item = 0; item < 3; item++) {
      free.acquire();
      full.release();
    }
    expect([free.available, full.available, free.tryAcquire()]).toEqual([0, 3, false]);
    expect([ld.owner('main').held, free.held()]).toEqual([[], false]);
    for (let item = 0; item < 3; item++) {
      full.acquire();
      free.release();
    }
    expect([free.available, full.available, ld.violations]).toEqual([3, 0, []]);
  });

  test('units that are held by work', () => {
    const ld = createLockdep({ onViolation: 'collect' });
    const semaphore = new SharedSemaphore('worked', { capacity: 2, lockdep: ld });
    expect(semaphore.run(() => [semaphore.available, semaphore.held()])).toEqual([1, true]);
    expect(semaphore.available).toBe(2);
    semaphore.run(() => semaphore.run(() => undefined));
    expect(ld.violations.map(({ rule }) => rule)).toEqual(['pool-nesting']);
    expect(() => semaphore.run(async () => undefined)).toThrow(/synchronous work only/);
  });

  test('a semaphore under a spinning lock', () => {
    const { ld, semaphore } = make(2);
    new SpinLock('spin', { lockdep: ld }).run(() => semaphore.acquire());
    semaphore.release();
    expect(ld.violations.map(({ rule }) => rule)).toContain('wait-context');
  });

  test('an order with a mutex', () => {
    const { ld, semaphore } = make(1);
    const mutex = new ParkingMutex('mutex', { lockdep: ld });
    semaphore.acquire();
    mutex.run(() => undefined);
    semaphore.release();
    mutex.run(() => semaphore.acquire());
    semaphore.release();
    expect(ld.violations.map(({ rule }) => rule)).toEqual(['order-cycle']);
  });

  test('a release of what nobody has', async () => {
    const { ld, semaphore } = make(2);
    expect(await errorOf(() => semaphore.release())).toBe('NotHolderError');
    expect(ld.violations.map(({ rule }) => rule)).toEqual(['bad-release']);
  });

  test('units taken by one owner and given back by another', () => {
    const { ld, semaphore } = make(2);
    const [one, other] = [ld.owner('one'), ld.owner('other')];
    semaphore.acquire({ owner: one });
    semaphore.release(1, { owner: other });
    expect([one.held, other.held, ld.violations]).toEqual([[], [], []]);
  });
});

test('refuses what is no number of units', async () => {
  const semaphore = new SharedSemaphore('wrong', { capacity: 2 });
  expect(await errorOf(() => new SharedSemaphore('none', { capacity: 0 }))).toBe('TypeError');
  expect(await errorOf(() => semaphore.acquire({ units: 3 }))).toBe('TypeError');
  expect(await errorOf(() => semaphore.tryAcquire({ units: 0 }))).toBe('TypeError');
  expect(await errorOf(() => semaphore.acquireAsync({ units: 0.5 }))).toBe('TypeError');
  expect(await errorOf(() => semaphore.acquireAsync({ timeout: -1 }))).toBe('TypeError');
  expect(await errorOf(() => semaphore.release(-1))).toBe('TypeError');
  expect(await errorOf(() => SharedSemaphore.from(new ParkingMutex('other').handle))).toBe('TypeError');
  expect(await errorOf(() => new SharedSemaphore('less', { capacity: 2, initial: 3 }))).toBe('TypeError');
  expect(await errorOf(() => new SharedSemaphore('less', { capacity: 2, initial: -1 }))).toBe('TypeError');
  expect(semaphore.available).toBe(2);
});

test('unchecked it works the same', async () => {
  const ld = createLockdep();
  ld.switchOff();
  const semaphore = new SharedSemaphore('unchecked', { capacity: 2, lockdep: ld });
  semaphore.acquire({ units: 2 });
  expect(semaphore.tryAcquire()).toBe(false);
  const waiting = semaphore.acquireAsync();
  semaphore.release(2);
  const guard = await waiting;
  expect([semaphore.available, semaphore.held()]).toEqual([1, false]);
  guard.release();
  expect(await errorOf(() => semaphore.release())).toBe('NotHolderError');
  expect(semaphore.available).toBe(2);
});
