/**
 * The locks over shared memory in Chromium: four module workers contend for one lock, and the page's own thread, which must not block,
 * has part in them as far as it may.
 */
import type * as Package from '../../lib/index.ts';
import type { SharedLockHandle } from '../../lib/index.ts';
import { Chromium } from './support/chromium.ts';

const chromium = new Chromium();

/** Locks that one thread holds at a time, and how often each of four workers takes them. */
const ROWS = [
  { name: 'SpinLock', type: 'SpinLock', options: {}, times: 100_000 },
  { name: 'SpinLock that sleeps', type: 'SpinLock', options: { realtime: true }, times: 100_000 },
  { name: 'RawSpinLock', type: 'RawSpinLock', options: {}, times: 100_000 },
  { name: 'IrqLevelLock', type: 'IrqLevelLock', options: { priority: 3 }, times: 20_000 },
  // What goes from one to the next in order costs a change of threads each time.
  { name: 'TicketLock', type: 'TicketLock', options: {}, times: 500 },
  { name: 'QueuedSpinLock', type: 'QueuedSpinLock', options: {}, times: 500 },
] as const;

type Type = (typeof ROWS)[number]['type'];
type Lock = InstanceType<(typeof Package)[Type]>;
/** They differ in what their options may be. */
type LockClass = new (name: string, options: object) => Lock;

interface Work {
  readonly type: Type;
  readonly times: number;
  readonly handle: SharedLockHandle;
  /** Two words that only the holder changes, not atomically: their sum is 0 whenever nobody holds the lock. */
  readonly counter: Int32Array;
  /** How many are ready, and whether they may begin. */
  readonly gate: Int32Array;
}

describe.each(ROWS)('$name', ({ type, options, times }) => {
  it('lets one of four workers in at a time', async () => {
    const seen = await chromium.run(
      async ({ lockdep, startWorkers, until, raise }, input) => {
        const lock = new (lockdep[input.type] as LockClass)('counter', input.options);
        const [counter, gate] = [0, 1].map(() => new Int32Array(new SharedArrayBuffer(8))) as [Int32Array, Int32Array];
        const workers = await startWorkers(4);
        const work = { ...input, handle: lock.handle, counter, gate };
        const tasks = workers.map((worker) =>
          worker.run(({ lockdep: there }, { type: name, times: rounds, handle, counter: words, gate: start }: Work) => {
            const mine = there[name].from(handle);
            Atomics.add(start, 0, 1);
            Atomics.notify(start, 0);
            Atomics.wait(start, 1, 0);
            let torn = 0;
            for (let round = 0; round < rounds; round++) {
              mine.lock();
              if (words[0]! + words[1]! !== 0) torn++;
              words[0]!++;
              words[1]!--;
              mine.unlock();
            }
            // That one is passed by is no defect of a lock that is not fair: a warning.
            const errors = there.lockdep.violations.filter(({ severity }) => severity === 'error');
            return { torn, name: mine.name, errors };
          }, work),
        );
        await until(gate, 0, 4);
        raise(gate, 1, 1);
        return { workers: await Promise.all(tasks), counter: [...counter], holder: lock.holder };
      },
      { type, times, options },
    );
    expect(seen).toEqual({
      workers: Array.from({ length: 4 }, () => ({ torn: 0, name: 'counter', errors: [] })),
      counter: [4 * times, -4 * times],
      holder: null,
    });
  });

  it('works on the page, which sees who holds it elsewhere', async () => {
    const seen = await chromium.run(
      async ({ lockdep, startWorker, until, raise }, input) => {
        const lock = new (lockdep[input.type] as LockClass)('page', input.options);
        lock.lock();
        const twice = ((): string => {
          try {
            lock.lock();
            return 'granted';
          } catch (error) {
            return (error as Error).name;
          }
        })();
        lock.unlock();
        const words = new Int32Array(new SharedArrayBuffer(8));
        const worker = await startWorker('taker');
        const task = worker.run(
          ({ lockdep: there, raise: tell }, told: { type: Type; handle: SharedLockHandle; words: Int32Array }) => {
            const mine = there[told.type].from(told.handle);
            mine.lock();
            tell(told.words, 0, 1);
            Atomics.wait(told.words, 1, 0);
            mine.unlock();
          },
          { type: input.type, handle: lock.handle, words },
        );
        await until(words, 0, 1);
        const [holder, isFree] = [lock.holder?.thread, lock.tryLock()];
        raise(words, 1, 1);
        await task;
        return { twice, holder, isFree, isFreeAfter: lock.tryLock() };
      },
      { type, options },
    );
    expect(seen).toEqual({
      twice: 'RecursiveLockError',
      holder: expect.stringMatching(/^worker \d+ \(taker\)$/),
      isFree: false,
      isFreeAfter: true,
    });
  });
});

it('what would put the page to sleep is refused there, and nothing has changed', async () => {
  const seen = await chromium.run(async ({ lockdep, startWorker, until, raise }) => {
    const lock = new lockdep.SpinLock('page', { realtime: true });
    const words = new Int32Array(new SharedArrayBuffer(8));
    const worker = await startWorker('taker');
    const task = worker.run(
      ({ lockdep: there, raise: tell }, input: { handle: SharedLockHandle; words: Int32Array }) => {
        const mine = there.SpinLock.from(input.handle);
        mine.lock();
        tell(input.words, 0, 1);
        Atomics.wait(input.words, 1, 0);
        mine.unlock();
        return there.lockdep.violations.length;
      },
      { handle: lock.handle, words },
    );
    await until(words, 0, 1);
    const refusals: unknown[] = [];
    for (let round = 0; round < 2; round++) {
      try {
        lock.lock();
      } catch (error) {
        const { name, message } = error as Error;
        refusals.push({ name, message });
      }
    }
    const holder = lock.holder?.thread;
    raise(words, 1, 1);
    const there = await task;
    lock.lock();
    lock.unlock();
    return { refusals, holder, found: there + lockdep.lockdep.violations.length };
  });
  const refusal = { name: 'CannotBlockError', message: expect.stringContaining('main thread of a browser') };
  expect(seen).toEqual({ refusals: [refusal, refusal], holder: expect.stringContaining('(taker)'), found: 0 });
});

it('refuses a handle whose memory did not come along', async () => {
  const error = await chromium.run(({ lockdep }) => {
    const { handle } = new lockdep.SpinLock('a');
    try {
      lockdep.SpinLock.from(JSON.parse(JSON.stringify(handle)) as typeof handle);
      return null;
    } catch (error) {
      const { name, message } = error as Error;
      return { name, message };
    }
  });
  expect(error).toEqual({ name: 'TypeError', message: expect.stringContaining('through JSON') });
});

/** Locks that several can hold, taken so that one has them alone. */
const OTHERS = [
  { type: 'RwSpinLock', enter: 'lockWrite', leave: 'unlockWrite' },
  { type: 'SharedRwLock', enter: 'lockWrite', leave: 'unlockWrite' },
  { type: 'SharedSemaphore', enter: 'acquire', leave: 'release' },
] as const;

type Other = (typeof OTHERS)[number];
/** The methods that the rows name. */
type Doors = Record<Other['enter'] | Other['leave'], () => void>;

describe.each(OTHERS)('$type', (row) => {
  it('lets one of four workers in at a time', async () => {
    const times = 500;
    const seen = await chromium.run(
      async ({ lockdep, startWorkers }, { type, enter, leave, rounds }) => {
        const lock = new lockdep[type]('alone');
        const words = new Int32Array(new SharedArrayBuffer(8));
        const work = { type, enter, leave, rounds, words, handle: lock.handle };
        const tasks = (await startWorkers(4)).map((worker) =>
          worker.run(({ lockdep: there }, input: typeof work) => {
            const mine = there[input.type].from(input.handle) as unknown as Doors;
            for (let round = 0; round < input.rounds; round++) {
              mine[input.enter]();
              input.words[0]!++;
              input.words[1]!--;
              mine[input.leave]();
            }
            return there.lockdep.violations.filter(({ severity }) => severity === 'error').length;
          }, work),
        );
        return { errors: await Promise.all(tasks), words: [...words], holder: lock.holder };
      },
      { ...row, rounds: times },
    );
    expect(seen).toEqual({ errors: [0, 0, 0, 0], words: [4 * times, -4 * times], holder: null });
  });
});
