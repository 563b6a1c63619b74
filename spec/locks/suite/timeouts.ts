/**
 * Waits that end by time. Whoever leaves takes nothing, and those behind go on.
 */
import { fill, type Subject } from './lock-under-test.ts';
import { expectFree } from './running.ts';
import { NOISE, now, OFTEN, refusal, timers, upTo } from './words.ts';

/** Milliseconds, waited for in full. */
const SHORT = 5;
/** Milliseconds, never waited for. */
const LONG = 100_000;

const reason = new Error('changed my mind');

export function timeoutSuite(subject: Subject): void {
  it('reject with an error that names the lock and the time', async () => {
    const lock = subject.make();
    await fill(subject, lock);
    const error = await refusal(lock.acquire({ timeout: SHORT }));
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'LockTimeoutError', lock: lock.name, timeout: SHORT });
    expect((error as Error).message).toContain(lock.name);
    expect((error as Error).message).toContain(String(SHORT));
  });

  it('also end a run(), whose work is never called', async () => {
    const lock = subject.make();
    await fill(subject, lock);
    const work = jest.fn();
    await expect(lock.run(work, { timeout: SHORT })).rejects.toMatchObject({ name: 'LockTimeoutError' });
    expect(work).not.toHaveBeenCalled();
  });

  it('come no earlier than said', async () => {
    const lock = subject.make();
    await fill(subject, lock);
    const start = performance.now();
    await refusal(lock.acquire({ timeout: 20 }));
    // A timer of Node can be a millisecond early.
    expect(performance.now() - start).toBeGreaterThanOrEqual(19);
  });

  it('of 0 ms give up a lock that is taken, and take a free one', async () => {
    const lock = subject.make();
    const taken = await fill(subject, lock);
    await expect(lock.acquire({ timeout: 0 })).rejects.toMatchObject({ name: 'LockTimeoutError', timeout: 0 });
    taken[0]?.release();
    expect(await now(lock.acquire({ timeout: 0 }))).toHaveProperty('release');
  });

  it('lose no unit, and those behind go on', async () => {
    const lock = subject.make();
    const taken = await fill(subject, lock);
    const gone = refusal(lock.acquire({ timeout: SHORT }));
    const behind = lock.acquire();
    await gone;
    expect(await now(behind)).toBe('waiting');
    taken[0]?.release();
    expect(await now(behind)).not.toBe('waiting');
    (await behind).release();
    for (const holding of taken.slice(1)) {
      holding.release();
    }
    await expectFree(subject, lock);
  });

  it('leave the others in their order', async () => {
    const lock = subject.make();
    const taken = await fill(subject, lock);
    const log: number[] = [];
    const all = upTo(9).map((id) =>
      lock.run(() => void log.push(id), id % 3 === 0 ? { timeout: SHORT } : {}).catch(() => {}),
    );
    await Promise.all([all[2], all[5], all[8]]);
    taken[0]?.release();
    await Promise.all(all);
    expect(log).toEqual([1, 2, 4, 5, 7, 8]);
  });

  it('do not end a hold', async () => {
    const lock = subject.make();
    const holding = await lock.acquire({ timeout: SHORT });
    await new Promise((done) => setTimeout(done, SHORT * 3));
    const rest = await Promise.all(upTo(subject.capacity - 1).map(() => lock.acquire()));
    expect(await now(lock.acquire())).toBe('waiting');
    for (const one of [holding, ...rest]) {
      one.release();
    }
  });

  it('leave no timer behind, whether the lock was free, granted later, timed out or aborted', async () => {
    const lock = subject.make();
    const before = timers();
    for (const _ of upTo(OFTEN)) {
      const taken = await fill(subject, lock);
      const controller = new AbortController();
      const options = subject.skips.signals === undefined ? { signal: controller.signal } : {};
      const later = lock.acquire({ timeout: LONG });
      const late = refusal(lock.acquire({ timeout: 0 }));
      const withdrawn = lock.acquire({ timeout: LONG, ...options }).then(
        ({ release }) => release(),
        () => {},
      );
      controller.abort(reason);
      await late;
      taken[0]?.release();
      (await later).release();
      await withdrawn;
      for (const holding of taken.slice(1)) {
        holding.release();
      }
      await lock.run(() => {}, { timeout: LONG });
    }
    expect(timers() - before).toBeLessThan(NOISE);
  });

  it('begin no timer where the lock is free', async () => {
    const lock = subject.make();
    const timer = jest.spyOn(globalThis, 'setTimeout');
    try {
      const waits = lock.acquire({ timeout: LONG });
      expect(timer).not.toHaveBeenCalled();
      await waits;
    } finally {
      timer.mockRestore();
    }
  });

  it('of Infinity never come, and need no timer', async () => {
    const lock = subject.make();
    const taken = await fill(subject, lock);
    const before = timers();
    const all = upTo(OFTEN).map(() => lock.run(() => {}, { timeout: Number.POSITIVE_INFINITY }));
    expect(timers() - before).toBeLessThan(NOISE);
    taken[0]?.release();
    await Promise.all(all);
  });
}
