import { endThreads } from '../../support/threads.ts';
import { allOf, built, churn, errorOf, raise, start, startAll, until, words } from './parking.ts';

const { SharedRwLock, SpinLock, createLockdep, lockdep } = built;

lockdep.configure({ onViolation: 'collect' });

afterEach(endThreads);

/** Waits until so many threads stand in the queue. */
async function untilWaiting(lock: { readonly waiting: number }, least: number): Promise<void> {
  while (lock.waiting < least) {
    await new Promise((later) => setImmediate(later));
  }
}

describe.each(['writer', 'first'] as const)('%s goes first', (prefer) => {
  test.each([2, 8])('%i threads: nobody reads while somebody writes', async (threads) => {
    const lock = new SharedRwLock(`pair ${prefer}`, { prefer });
    const shared = words();
    const times = 4_000 / threads;
    const torn = await allOf(startAll(threads, { handles: [lock.handle], job: 'readWrite', words: shared, times }));
    expect(torn).toEqual(Array.from({ length: threads }, () => 0));
    expect([shared[1], shared[2]]).toEqual([1_000, -1_000]);
    expect([lock.readers, lock.isWriteLocked, lock.waiting]).toEqual([0, false, 0]);
  });

  test('threads that are ended at any point leave nobody hanging', async () => {
    const lock = new SharedRwLock(`churned ${prefer}`, { prefer });
    const shared = words();
    await churn({ handles: [lock.handle], job: 'churnReadWrite', words: shared }, 8);
    expect(shared[4]).toBe(0);
    lock.recover();
    lock.unlockWrite();
    expect([lock.readers, lock.isWriteLocked]).toEqual([0, false]);
  }, 120_000);

  test('a reader comes behind a writer that waits', async () => {
    const lock = new SharedRwLock(`behind ${prefer}`, { prefer });
    const shared = words();
    lock.lockRead();
    const writer = start({ handles: [lock.handle], job: 'write', words: shared });
    await untilWaiting(lock, 1);
    // Where whoever came first goes first, it may be overtaken for some time.
    while (lock.tryLockRead()) {
      expect(prefer).toBe('first');
      lock.unlockRead();
      await new Promise((later) => setImmediate(later));
    }
    expect(await errorOf(() => lock.lockReadAsync({ timeout: 20 }))).toBe('LockTimeoutError');
    expect(lock.tryLockRead()).toBe(false);
    lock.unlockRead();
    until(shared, 1, 1);
    expect(lock.isWriteLocked).toBe(true);
    raise(shared, 2);
    await writer.end();
    expect(lock.tryLockRead()).toBe(true);
    lock.unlockRead();
  });
});

test('who waits gets the share of a reader that has ended', async () => {
  const lock = new SharedRwLock('dead reader');
  const shared = words();
  const reader = start({ handles: [lock.handle], job: 'read', words: shared });
  until(shared, 1, 1);
  expect([lock.readers, lock.tryLockWrite(), lock.tryLockRead()]).toEqual([1, false, true]);
  lock.unlockRead();
  await reader.kill();
  lock.lockWrite();
  expect(lock.isWriteLocked).toBe(true);
  lock.unlockWrite();
  expect(lockdep.violations.map(({ message }) => message).join()).toContain('dead reader');
});

test('what a writer that has ended left is refused until it is recovered', async () => {
  const lock = new SharedRwLock('dead writer');
  const shared = words();
  const writer = start({ handles: [lock.handle], job: 'write', words: shared });
  until(shared, 1, 1);
  const waiting = errorOf(() => lock.lockReadAsync());
  await writer.kill();
  expect(await waiting).toBe('OwnerDiedError');
  expect(await errorOf(() => lock.lockRead())).toBe('OwnerDiedError');
  expect(await errorOf(() => lock.lockWrite())).toBe('OwnerDiedError');
  expect(lock.recover()).toBe(true);
  expect(lock.held()).toBe(true);
  lock.unlockWrite();
  expect(lock.recover()).toBe(false);
  lock.unlockWrite();
});

test('a writer goes on as a reader', async () => {
  const lock = new SharedRwLock('downgraded');
  const shared = words();
  lock.lockWrite();
  const reader = start({ handles: [lock.handle], job: 'read', words: shared });
  await untilWaiting(lock, 1);
  lock.downgrade();
  until(shared, 1, 1);
  expect(lock.readers).toBe(2);
  expect(await errorOf(() => lock.unlockWrite())).toBe('NotHolderError');
  expect(await errorOf(() => lock.downgrade())).toBe('NotHolderError');
  lock.unlockRead();
  raise(shared, 2);
  await reader.end();
  expect(lock.readers).toBe(0);
});

describe.each(['checked', 'unchecked'])('%s', (how) => {
  const make = (name: string) => {
    const ld = createLockdep({ onViolation: 'collect' });
    if (how === 'unchecked') {
      ld.switchOff();
    }
    return new SharedRwLock(name, { lockdep: ld });
  };

  test('a thread that would wait for itself is refused', async () => {
    const lock = make('itself');
    lock.lockWrite();
    expect(await errorOf(() => lock.lockWrite())).toBe('RecursiveLockError');
    expect(await errorOf(() => lock.lockRead())).toBe('RecursiveLockError');
    lock.unlockWrite();
    lock.lockRead();
    lock.lockRead();
    expect(await errorOf(() => lock.lockWrite())).toBe('RecursiveLockError');
    expect(lock.readers).toBe(2);
    const flow = lock.lockWriteAsync();
    // Behind its own flow, which waits for the thread.
    await untilWaiting(lock, 1);
    lock.unlockRead();
    lock.unlockRead();
    (await flow).release();
    expect([lock.readers, lock.isWriteLocked, lock.waiting]).toEqual([0, false, 0]);
    expect(await errorOf(() => lock.unlockRead())).toBe('NotHolderError');
  });

  test('async flows read together and write alone', async () => {
    const lock = make('flows');
    const log: string[] = [];
    const writer = await lock.lockWriteAsync();
    const readers = [1, 2].map(async () => {
      const guard = await lock.lockReadAsync();
      log.push(`read with ${lock.readers}`);
      await new Promise((later) => setImmediate(later));
      log.push(`read with ${lock.readers}`);
      guard.release();
    });
    expect(await errorOf(() => lock.lockRead())).toBe('RecursiveLockError');
    log.push('written');
    writer.release();
    await Promise.all(readers);
    expect(log[0]).toBe('written');
    expect(log.slice(1)).toContain('read with 2');
    expect(lock.readers).toBe(0);
  });

  test('work under it', async () => {
    const lock = make('work');
    expect(lock.runRead(() => lock.readers)).toBe(1);
    expect(lock.runWrite(() => lock.isWriteLocked)).toBe(true);
    expect(await errorOf(() => lock.runWrite(() => JSON.parse('{')))).toBe('SyntaxError');
    expect(await errorOf(() => lock.runRead(async () => 1))).toBe('TypeError');
    expect([lock.readers, lock.isWriteLocked]).toEqual([0, false]);
  });

  test('refuses what is no option', async () => {
    const lock = make('options');
    expect(await errorOf(() => new SharedRwLock('prefers', { prefer: 'reader' as never }))).toBe('TypeError');
    expect(await errorOf(() => lock.lockRead({ timeout: Number.NaN }))).toBe('TypeError');
    expect(await errorOf(() => lock.lockWriteAsync({ timeout: -1 }))).toBe('TypeError');
    expect(await errorOf(() => lock.runRead(1 as never))).toBe('TypeError');
    expect(await errorOf(() => SharedRwLock.from({} as never))).toBe('TypeError');
    expect(lock.readers).toBe(0);
  });
});

describe('what the checker sees', () => {
  test('a reader that asks to write', async () => {
    const ld = createLockdep({ onViolation: 'collect' });
    const lock = new SharedRwLock('upgrade', { lockdep: ld });
    lock.lockRead();
    expect(await errorOf(() => lock.lockWrite())).toBe('RecursiveLockError');
    lock.unlockRead();
    expect(ld.violations.map(({ rule }) => rule)).toEqual(['recursion']);
  });

  test('its modes, and a spinning lock around it', () => {
    const ld = createLockdep({ onViolation: 'collect' });
    const lock = new SharedRwLock('modes', { lockdep: ld });
    lock.runRead(() => lock.assertHeld({ mode: 'shared' }));
    lock.runWrite(() => lock.assertHeld({ mode: 'exclusive' }));
    lock.assertNotHeld();
    lock.lockWrite();
    lock.downgrade();
    lock.assertHeld({ mode: 'shared' });
    lock.unlockRead();
    expect(ld.violations).toEqual([]);
    new SpinLock('spin', { lockdep: ld }).run(() => lock.runRead(() => undefined));
    expect(ld.violations.map(({ rule }) => rule)).toEqual(['wait-context']);
  });

  test('an order against another one', () => {
    const ld = createLockdep({ onViolation: 'collect' });
    const a = new SharedRwLock('rw a', { lockdep: ld });
    const b = new SharedRwLock('rw b', { lockdep: ld });
    a.runRead(() => b.runWrite(() => undefined));
    b.runRead(() => a.runWrite(() => undefined));
    expect(ld.violations.map(({ rule }) => rule)).toEqual(['order-cycle']);
  });
});
