/**
 * The parking mutex in Chromium: workers sleep for it and are woken, the page never sleeps, but awaits it.
 */
import type { SharedLockHandle } from '../../lib/index.ts';
import { Chromium } from './support/chromium.ts';

const chromium = new Chromium();

interface Share {
  readonly handle: SharedLockHandle;
  /** Whether the worker has the mutex, and whether it is to give it back. */
  readonly words: Int32Array;
}

it('refuses to put the page to sleep, which gets it by lockAsync', async () => {
  const seen = await chromium.run(async ({ lockdep, startWorker, until, raise }) => {
    const mutex = new lockdep.ParkingMutex('ledger');
    const words = new Int32Array(new SharedArrayBuffer(8));
    const worker = await startWorker('taker');
    const task = worker.run(
      ({ lockdep: there, raise: tell }, share: Share) => {
        const mine = there.ParkingMutex.from(share.handle);
        mine.lock();
        tell(share.words, 0, 1);
        Atomics.wait(share.words, 1, 0);
        mine.unlock();
      },
      { handle: mutex.handle, words },
    );
    await until(words, 0, 1);
    let refused: unknown;
    try {
      mutex.lock();
    } catch (error) {
      const { name, message } = error as Error;
      refused = { name, message };
    }
    const log = [`held by ${mutex.holder?.thread.replace(/\d+ /, '')}`];
    const waiting = mutex.lockAsync().then((guard) => {
      log.push(`held by ${mutex.holder?.thread}`);
      guard.release();
    });
    await new Promise((later) => setTimeout(later, 20));
    log.push('given back');
    raise(words, 1, 1);
    await Promise.all([task, waiting]);
    const late = await mutex.lockAsync().then(() => mutex.lockAsync({ timeout: 5 }).catch(({ name }: Error) => name));
    return { refused, log, late };
  });
  expect(seen).toEqual({
    refused: { name: 'CannotBlockError', message: expect.stringContaining('lockAsync') },
    log: ['held by worker (taker)', 'given back', 'held by page'],
    late: 'LockTimeoutError',
  });
});

it('workers sleep for it and are woken, while the page takes part', async () => {
  const times = 2000;
  const seen = await chromium.run(async ({ lockdep, startWorkers, until, raise }, rounds) => {
    const mutex = new lockdep.ParkingMutex('ledger');
    const [counter, words] = [0, 1].map(() => new Int32Array(new SharedArrayBuffer(8))) as [Int32Array, Int32Array];
    const workers = await startWorkers(4);
    const tasks = workers.map((worker) =>
      worker.run(
        ({ lockdep: there }, input: Share & { counter: Int32Array; rounds: number }) => {
          const mine = there.ParkingMutex.from(input.handle);
          Atomics.add(input.words, 0, 1);
          Atomics.notify(input.words, 0);
          Atomics.wait(input.words, 1, 0);
          let torn = 0;
          for (let round = 0; round < input.rounds; round++) {
            mine.lock();
            if (input.counter[0]! + input.counter[1]! !== 0) torn++;
            input.counter[0]!++;
            input.counter[1]!--;
            mine.unlock();
          }
          return torn;
        },
        { handle: mutex.handle, words, counter, rounds },
      ),
    );
    await until(words, 0, 4);
    raise(words, 1, 1);
    for (let round = 0; round < rounds / 10; round++) {
      await mutex.runAsync(() => {
        counter[0]!++;
        counter[1]!--;
      });
    }
    return { torn: await Promise.all(tasks), counter: [...counter], holder: mutex.holder };
  }, times);
  const all = 4 * times + times / 10;
  expect(seen).toEqual({ torn: [0, 0, 0, 0], counter: [all, -all], holder: null });
});

it('tells who awaits it on the page that the worker that held it has ended', async () => {
  const seen = await chromium.run(async ({ lockdep, startWorker, until }) => {
    const mutex = new lockdep.ParkingMutex('ledger');
    const words = new Int32Array(new SharedArrayBuffer(8));
    const worker = await startWorker('taker');
    await worker.run(
      async ({ lockdep: there, raise: tell }, share: Share) => {
        const mine = there.ParkingMutex.from(share.handle);
        await there.sharedLocksReady();
        mine.lock();
        tell(share.words, 0, 1);
      },
      { handle: mutex.handle, words },
    );
    await until(words, 0, 1);
    const waiting = mutex.lockAsync().then(
      () => 'granted',
      ({ name }: Error) => name,
    );
    worker.terminate();
    const end = await waiting;
    const inherited = mutex.recover();
    mutex.unlock();
    return { end, inherited, rules: lockdep.lockdep.violations.map(({ rule }) => rule), isFree: mutex.tryLock() };
  });
  expect(seen).toEqual({ end: 'OwnerDiedError', inherited: true, rules: ['owner-died'], isFree: true });
});
