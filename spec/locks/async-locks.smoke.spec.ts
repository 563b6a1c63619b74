import { getEventListeners } from 'node:events';
import { Barrier } from '../../lib/locks/barrier.ts';
import { Condition } from '../../lib/locks/condition.ts';
import { BrokenBarrierError, LockTimeoutError } from '../../lib/locks/errors.ts';
import { KeyedMutex } from '../../lib/locks/keyed-mutex.ts';
import { Latch } from '../../lib/locks/latch.ts';
import { lockAll } from '../../lib/locks/lock-all.ts';
import { Mutex } from '../../lib/locks/mutex.ts';
import { Once } from '../../lib/locks/once.ts';
import { RwLock } from '../../lib/locks/rw-lock.ts';
import { Semaphore } from '../../lib/locks/semaphore.ts';

const outcome = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof Error ? error.name : error),
  );

describe('async locks, unchecked', () => {
  it('a mutex goes from hand to hand; one in the middle leaves; none is lost', async () => {
    const mutex = new Mutex('m');
    const first = await mutex.acquire();
    const abort = new AbortController();
    const order: string[] = [];
    const second = mutex.run(() => void order.push('second'));
    const third = mutex.acquire({ signal: abort.signal, timeout: 60_000 });
    const fourth = mutex.run(async () => void order.push('fourth'));
    expect([mutex.waiting, mutex.isLocked, mutex.tryAcquire()]).toEqual([3, true, null]);
    abort.abort('enough');
    expect(await outcome(third)).toBe('enough');
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
    const { release } = first;
    release();
    release();
    expect(mutex.isLocked).toBe(true);
    await Promise.all([second, fourth]);
    expect([order, mutex.isLocked, mutex.waiting]).toEqual([['second', 'fourth'], false, 0]);
  });

  it('a grant that meets an abort keeps the lock for its owner', async () => {
    const mutex = new Mutex();
    const first = await mutex.acquire();
    const abort = new AbortController();
    const second = mutex.acquire({ signal: abort.signal });
    first.release();
    abort.abort();
    const guard = await second;
    expect([guard.isReleased, mutex.isLocked]).toEqual([false, true]);
    await guard[Symbol.asyncDispose]();
    guard[Symbol.dispose]();
    expect(mutex.isLocked).toBe(false);
  });

  it('run calls at once, and releases whatever happens', async () => {
    const mutex = new Mutex();
    let isCalled = false;
    const ran = mutex.run(() => {
      isCalled = true;
      return 5;
    });
    expect([isCalled, mutex.isLocked, await ran]).toEqual([true, false, 5]);
    const failing = mutex.run(() => {
      throw new RangeError('no');
    });
    expect(mutex.isLocked).toBe(false);
    expect(await outcome(failing)).toBe('RangeError');
    // biome-ignore lint/suspicious/noThenProperty: a lazy thenable
    const lazy = { then: (resolve: (value: number) => void) => resolve(7) } as PromiseLike<number>;
    expect(await mutex.run(() => lazy)).toBe(7);
    expect(await outcome(mutex.acquire({ timeout: -1 }))).toBe('TypeError');
    expect(await outcome(mutex.run(5 as never))).toBe('TypeError');
    expect(mutex.isLocked).toBe(false);
    expect(() => new Mutex(null as never)).toThrow(new TypeError('name: expected a string, got null'));
  });

  it('a semaphore does not overtake, and goes on when the head gives up', async () => {
    const semaphore = new Semaphore('s', { capacity: 3 });
    const two = await semaphore.acquire({ units: 2 });
    const big = semaphore.acquire({ units: 3, timeout: 0 });
    const small = semaphore.acquire();
    expect([semaphore.available, semaphore.waiting, semaphore.tryAcquire()]).toEqual([1, 2, null]);
    await expect(big).rejects.toMatchObject({ name: 'LockTimeoutError', lock: 's', timeout: 0 });
    (await small).release();
    two.release();
    expect(semaphore.available).toBe(3);
  });

  it('a read-write lock upgrades, downgrades and prefers writers', async () => {
    const lock = new RwLock('rw');
    const [one, other] = await Promise.all([lock.read(), lock.read()]);
    const writer = lock.write();
    const late = lock.read();
    expect([lock.readers, lock.waiting, lock.tryRead()]).toEqual([2, 2, null]);
    const upgrade = one.upgrade();
    await expect(other.upgrade()).rejects.toThrow('another reader');
    expect(other.isReleased).toBe(false);
    other.release();
    const upgraded = await upgrade;
    expect([one.isReleased, lock.isWriteLocked, lock.readers]).toEqual([true, true, 0]);
    one[Symbol.dispose]();
    const reader = upgraded.downgrade();
    expect([lock.readers, upgraded.isReleased]).toEqual([1, true]);
    reader.release();
    (await writer).release();
    (await late).release();
    expect([lock.readers, lock.waiting, lock.isWriteLocked]).toEqual([0, 0, false]);
  });

  it('a release takes an upgrade back', async () => {
    const lock = new RwLock();
    const [one, other] = await Promise.all([lock.read(), lock.read()]);
    const upgrade = one.upgrade();
    one.release();
    await expect(upgrade).rejects.toThrow('released meanwhile');
    other.release();
    expect([lock.readers, lock.tryWrite()?.isReleased]).toEqual([0, false]);
  });

  it('once runs once, fails together and tries again', async () => {
    let runs = 0;
    const gate = new Latch(1);
    const once = new Once(async () => {
      await gate.wait();
      runs++;
      if (runs === 1) {
        throw new RangeError('first');
      }
      return runs;
    });
    const asked = [once.get(), once.get(), once.get({ timeout: 0 })].map(outcome);
    expect(await asked[2]).toBe('LockTimeoutError');
    gate.countDown();
    expect(await Promise.all(asked)).toEqual(['RangeError', 'RangeError', 'LockTimeoutError']);
    expect(await Promise.all([once.get(), once.get()])).toEqual([2, 2]);
    expect([once.isDone, once.value, await once.get()]).toEqual([true, 2, 2]);
  });

  it('a keyed mutex keeps keys in use only', async () => {
    const keyed = new KeyedMutex<number>('k', { compare: (a, b) => a - b });
    const one = await keyed.acquire(1);
    const again = keyed.acquire(1);
    const all = keyed.acquireAll([10, 1, 9, 10], { timeout: 60_000 });
    expect([keyed.size, keyed.isLocked(1), keyed.isLocked(9), keyed.tryAcquire(1)]).toEqual([1, true, false, null]);
    one.release();
    (await again).release();
    const guard = await all;
    expect(keyed.size).toBe(3);
    guard.release();
    expect([keyed.size, keyed.isLocked(1)]).toEqual([0, false]);
    expect(await keyed.runAll([2, 1], () => keyed.size)).toBe(2);
    expect(await outcome(keyed.run(5, () => 1, { timeout: -1 }))).toBe('TypeError');
    expect(keyed.size).toBe(0);
  });

  it('a condition has the mutex again however the wait ends', async () => {
    const mutex = new Mutex('m');
    const condition = new Condition(mutex, 'c');
    const guard = await mutex.acquire();
    const waits = condition.wait(guard);
    expect([guard.isReleased, mutex.isLocked, condition.waiting]).toEqual([true, false, 1]);
    const other = await mutex.acquire();
    condition.notify();
    expect([condition.waiting, mutex.waiting]).toEqual([0, 1]);
    other.release();
    await waits;
    expect(guard.isReleased).toBe(false);
    await expect(condition.wait(guard, { timeout: 0 })).rejects.toBeInstanceOf(LockTimeoutError);
    expect([guard.isReleased, mutex.isLocked]).toEqual([false, true]);
    let isReady = false;
    const until = condition.waitUntil(guard, () => isReady);
    await mutex.run(() => condition.notifyAll());
    await mutex.run(() => {
      isReady = true;
      condition.notifyAll();
    });
    await until;
    guard.release();
    expect(mutex.isLocked).toBe(false);
  });

  it('a barrier gathers, breaks and begins anew', async () => {
    const barrier = new Barrier(3, 'b');
    expect(await Promise.all([barrier.wait(), barrier.wait(), barrier.wait()])).toEqual([0, 1, 2]);
    const first = outcome(barrier.wait());
    const abort = new AbortController();
    const second = outcome(barrier.wait({ signal: abort.signal }));
    abort.abort('bored');
    expect(await Promise.all([first, second])).toEqual([BrokenBarrierError.name, 'bored']);
    expect(await Promise.all([barrier.wait(), barrier.wait(), barrier.wait()])).toEqual([0, 1, 2]);
  });

  it('lockAll keeps one order, and gives back what it took', async () => {
    const [a, b, c] = [new Mutex('a'), new RwLock('b', { level: 1 }), new Semaphore('c', { capacity: 2 })];
    const guard = await lockAll([c, a, b, a]);
    expect([a.isLocked, b.isWriteLocked, c.available]).toEqual([true, true, 1]);
    guard.release();
    expect([a.isLocked, b.isWriteLocked, c.available]).toEqual([false, false, 2]);
    const busy = await a.acquire();
    const late = lockAll([a, b, c], { timeout: 1 });
    expect([b.isWriteLocked, c.available]).toEqual([true, 2]);
    await expect(late).rejects.toMatchObject({ name: 'LockTimeoutError', lock: 'a', timeout: 1 });
    expect(b.isWriteLocked).toBe(false);
    const ran = lockAll.run([a, b], () => [a.isLocked, b.isWriteLocked]);
    busy.release();
    expect(await ran).toEqual([true, true]);
    expect([a.isLocked, b.isWriteLocked, (await lockAll([])).isReleased]).toEqual([false, false, false]);
  });
});
