import { endThreads, startThread } from '../../support/threads.ts';
import { built } from './parking.ts';

const { ParkingMutex, SharedCondition, SharedOnce, SharedRwLock, SharedSemaphore, lockdep } = built;

lockdep.configure({ onViolation: 'collect' });

afterEach(endThreads);

test('a thread that must not block is refused where it would, and awaits instead', async () => {
  const mutex = new ParkingMutex('mutex');
  const semaphore = new SharedSemaphore('semaphore');
  const rwLock = new SharedRwLock('rw lock');
  const once = new SharedOnce('once');
  const condition = new SharedCondition('condition');
  const guards = [await mutex.lockAsync(), await semaphore.acquireAsync(), await rwLock.lockWriteAsync()];
  let finish = (): void => undefined;
  const done = once.runAsync(
    () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      }),
  );
  const handles = {
    mutex: mutex.handle,
    semaphore: semaphore.handle,
    rwLock: rwLock.handle,
    once: once.handle,
    condition: condition.handle,
  };
  const page = startThread('page.mjs', { handles });
  expect(await page.next()).toEqual({
    refused: Array.from({ length: 5 }, () => 'CannotBlockError'),
    tried: [false, false, false],
  });
  for (const guard of guards) {
    guard.release();
  }
  finish();
  expect(await done).toBe(true);
  expect(await page.end()).toEqual([{ did: false, wait: 'CannotBlockError', isHeld: true, rules: [] }]);
  expect([mutex.holder, semaphore.available, rwLock.readers]).toEqual([null, 1, 0]);
});
