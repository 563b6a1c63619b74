import { endThreads } from '../../support/threads.ts';
import { allOf, built, errorOf, raise, startAll, untilAsync, words } from './parking.ts';

const { Mutex, ParkingMutex, SharedCondition, SpinLock, createLockdep, lockdep } = built;

lockdep.configure({ onViolation: 'collect' });

afterEach(endThreads);

function make(name: string) {
  const [mutex, condition] = [new ParkingMutex(`${name} mutex`), new SharedCondition(name)];
  return { mutex, condition, handles: [mutex.handle, condition.handle] };
}

test('a wait ends when its time is over, whatever the program has made of the clock', async () => {
  const { mutex, condition } = make('timed');
  const clock = jest.spyOn(performance, 'now').mockImplementation(() => {
    throw new Error('this clock is a fake');
  });
  mutex.lock();
  expect(await errorOf(() => condition.wait(mutex, { timeout: 5 }))).toBe('LockTimeoutError');
  expect(await errorOf(() => condition.waitFor(mutex, () => false, { timeout: 5 }))).toBe('LockTimeoutError');
  clock.mockRestore();
  mutex.unlock();
});

test('no wake-up is lost in 100 000 rounds', async () => {
  const { handles } = make('ping-pong');
  const shared = words();
  const times = 50_000;
  await allOf(startAll(2, { handles, job: 'pingPong', words: shared, times }));
  expect(shared[1]).toBe(2 * times);
}, 240_000);

test('each thing that was put there is taken once', async () => {
  const { mutex, condition, handles } = make('queue');
  const shared = words();
  const threads = startAll(4, { handles, job: 'consume', words: shared });
  await untilAsync(shared, 0, 4);
  for (let thing = 0; thing < 2_000; thing++) {
    mutex.run(() => Atomics.add(shared, 1, 1));
    condition.notifyOne();
  }
  mutex.run(() => {
    shared[2] = 1;
  });
  condition.notifyAll();
  const got = (await allOf(threads)) as number[];
  expect(got.reduce((sum, one) => sum + one)).toBe(2_000);
  expect(mutex.holder).toBeNull();
});

test('a thread that ends in its wait takes no wake-up with it', async () => {
  const { mutex, condition, handles } = make('mortal');
  const shared = words();
  const threads = startAll(3, { handles, job: 'consume', words: shared });
  await untilAsync(shared, 0, 3);
  // Whoever is woken may be the one that ends.
  mutex.run(() => Atomics.add(shared, 1, 1));
  condition.notifyOne();
  await threads[0]?.kill();
  if (mutex.recover()) {
    shared[1] = 0;
  }
  mutex.unlock();
  mutex.run(() => {
    shared[2] = 1;
  });
  condition.notifyAll();
  const got = (await allOf(threads.slice(1))) as number[];
  expect(got).toHaveLength(2);
  expect(shared[1]).toBe(0);
});

test('a wait ends when its time is over, with the mutex', async () => {
  const { mutex, condition } = make('patient');
  mutex.lock();
  const since = performance.now();
  expect(await errorOf(() => condition.wait(mutex, { timeout: 20 }))).toBe('LockTimeoutError');
  expect(performance.now() - since).toBeGreaterThanOrEqual(19);
  expect(mutex.held()).toBe(true);
  expect(await errorOf(() => condition.waitFor(mutex, () => false, { timeout: 20 }))).toBe('LockTimeoutError');
  expect(mutex.held()).toBe(true);
  const failing = () => condition.waitFor(mutex, () => JSON.parse('{'));
  expect(await errorOf(failing)).toBe('SyntaxError');
  expect(mutex.held()).toBe(true);
  condition.waitFor(mutex, () => true);
  mutex.unlock();
});

test('gives the mutex back meanwhile', async () => {
  const { mutex, condition, handles } = make('given back');
  const shared = words();
  const [thread] = startAll(1, { handles, job: 'consume', words: shared });
  await untilAsync(shared, 0, 1);
  // It is in its wait as soon as the mutex can be had.
  mutex.run(() => {
    raise(shared, 2);
    condition.notifyAll();
  });
  expect(await thread?.end()).toEqual([0]);
});

test('refuses a mutex that is not held, or none', async () => {
  const { mutex, condition } = make('refused');
  expect(await errorOf(() => condition.wait(mutex))).toBe('NotHolderError');
  expect(await errorOf(() => condition.wait(new Mutex() as never))).toBe('TypeError');
  expect(await errorOf(() => condition.waitFor(mutex, 7 as never))).toBe('TypeError');
  mutex.lock();
  expect(await errorOf(() => condition.wait(mutex, { timeout: -1 }))).toBe('TypeError');
  expect(mutex.held()).toBe(true);
  mutex.unlock();
});

describe('what the checker sees', () => {
  test('a spinning lock that is held while its owner sleeps', async () => {
    const ld = createLockdep({ onViolation: 'collect' });
    const spin = new SpinLock('spin', { lockdep: ld });
    const mutex = new ParkingMutex('mutex', { lockdep: ld });
    const condition = new SharedCondition('condition', { lockdep: ld });
    mutex.lock();
    expect(await errorOf(() => condition.wait(mutex, { timeout: 1 }))).toBe('LockTimeoutError');
    expect(ld.violations).toEqual([]);
    spin.lock();
    expect(await errorOf(() => condition.wait(mutex, { timeout: 1 }))).toBe('LockTimeoutError');
    spin.unlock();
    mutex.unlock();
    expect(ld.violations.map(({ rule }) => rule)).toContain('sleep-while-held');
  });

  test('the release and the acquire of the mutex', async () => {
    const ld = createLockdep({ onViolation: 'collect' });
    const [outer, mutex] = ['outer', 'inner'].map((name) => new ParkingMutex(name, { lockdep: ld })) as [
      InstanceType<typeof ParkingMutex>,
      InstanceType<typeof ParkingMutex>,
    ];
    const condition = new SharedCondition('condition', { lockdep: ld });
    mutex.lock();
    outer.lock();
    expect(ld.violations).toEqual([]);
    // It is taken again under the other one: the opposite order.
    expect(await errorOf(() => condition.wait(mutex, { timeout: 1 }))).toBe('LockTimeoutError');
    expect(ld.violations.map(({ rule }) => rule)).toEqual(['order-cycle']);
    outer.unlock();
    mutex.unlock();
  });

  test('unchecked it works the same', async () => {
    const ld = createLockdep();
    ld.switchOff();
    const mutex = new ParkingMutex('mutex', { lockdep: ld });
    const condition = new SharedCondition('condition', { lockdep: ld });
    expect(await errorOf(() => condition.wait(mutex))).toBe('NotHolderError');
    mutex.lock();
    expect(await errorOf(() => condition.wait(mutex, { timeout: 1 }))).toBe('LockTimeoutError');
    expect(mutex.held()).toBe(true);
    mutex.unlock();
  });
});
