/**
 * Waits that end by a signal. Whoever leaves takes nothing, and those behind go on.
 */
import { getEventListeners, setMaxListeners } from 'node:events';
import { feature, fill, type Subject, type WaitOptions } from './lock-under-test.ts';
import { expectFree } from './running.ts';
import { idle, now, refusal, upTo } from './words.ts';

/** Milliseconds, waited for in full. */
const SHORT = 5;

const reason = new Error('changed my mind');

export function signalSuite(subject: Subject): void {
  const aborting = (): { controller: AbortController; options: WaitOptions } => {
    const controller = new AbortController();
    // Else Node warns of those that are shared by more than ten.
    setMaxListeners(0, controller.signal);
    return { controller, options: { signal: controller.signal } };
  };

  it('that have fired reject with their reason, without a place in the queue', async () => {
    const lock = subject.make();
    expect(await refusal(lock.acquire({ signal: AbortSignal.abort(reason) }))).toBe(reason);
    await expectFree(subject, lock);
    const taken = await fill(subject, lock);
    const gone = refusal(lock.acquire({ signal: AbortSignal.abort(reason) }));
    if (subject.skips.waiting === undefined) {
      expect(lock.waiting).toBe(0);
    }
    expect(await gone).toBe(reason);
    for (const holding of taken) {
      holding.release();
    }
    await expectFree(subject, lock);
  });

  it.each([undefined, null, 0, 'a word'])('reject with whatever the reason is, such as %p', async (given) => {
    const lock = subject.make();
    await fill(subject, lock);
    const { controller, options } = aborting();
    const gone = refusal(lock.acquire(options));
    controller.abort(given);
    // Without a reason the platform makes one.
    expect(await gone).toBe(controller.signal.reason);
  });

  it('withdraw a wait; those behind go on', async () => {
    const lock = subject.make();
    const taken = await fill(subject, lock);
    const { controller, options } = aborting();
    const gone = refusal(lock.acquire(options));
    const behind = lock.acquire();
    await idle();
    controller.abort(reason);
    expect(await gone).toBe(reason);
    expect(await now(behind)).toBe('waiting');
    taken[0]?.release();
    expect(await now(behind)).not.toBe('waiting');
  });

  it('withdraw a run(), whose work is never called', async () => {
    const lock = subject.make();
    const taken = await fill(subject, lock);
    const { controller, options } = aborting();
    const work = jest.fn();
    const gone = refusal(lock.run(work, options));
    controller.abort(reason);
    expect(await gone).toBe(reason);
    taken[0]?.release();
    await idle();
    expect(work).not.toHaveBeenCalled();
  });

  it('mean nothing once the lock is held', async () => {
    const lock = subject.make();
    const { controller, options } = aborting();
    const holding = await lock.acquire(options);
    controller.abort(reason);
    const rest = await Promise.all(upTo(subject.capacity - 1).map(() => lock.acquire()));
    expect(await now(lock.acquire())).toBe('waiting');
    for (const one of [holding, ...rest]) {
      one.release();
    }
  });

  feature(subject, 'late signals', () => {
    it('that fire in the step of the grant come too late: the lock is held', async () => {
      const lock = subject.make();
      const taken = await fill(subject, lock);
      const { controller, options } = aborting();
      const waits = lock.acquire(options);
      const behind = lock.acquire();
      taken[0]?.release();
      controller.abort(reason);
      const holding = await waits;
      expect(await now(behind)).toBe('waiting');
      holding.release();
      expect(await now(behind)).not.toBe('waiting');
    });
  });

  it('that fire in the step before the release come in time: the next one gets it', async () => {
    const lock = subject.make();
    const taken = await fill(subject, lock);
    const { controller, options } = aborting();
    const gone = refusal(lock.acquire(options));
    const behind = lock.acquire();
    controller.abort(reason);
    taken[0]?.release();
    expect(await gone).toBe(reason);
    expect(await now(behind)).not.toBe('waiting');
  });

  it('that fire in a listener of another signal do no harm', async () => {
    const lock = subject.make();
    const taken = await fill(subject, lock);
    const [one, other] = [aborting(), aborting()];
    one.controller.signal.addEventListener('abort', () => {
      other.controller.abort(reason);
      taken[0]?.release();
    });
    const first = lock.acquire(one.options).catch(() => null);
    const second = refusal(lock.acquire(other.options));
    const last = lock.acquire();
    one.controller.abort(reason);
    expect(await second).toBe(reason);
    // The listener here ran before that of the lock, so that the first one may have got what was released.
    (await first)?.release();
    expect(await now(last)).not.toBe('waiting');
  });

  it('that fire for many in the middle of a queue leave the others in their order', async () => {
    const lock = subject.make();
    const taken = await fill(subject, lock);
    const log: number[] = [];
    const { controller, options } = aborting();
    const isOut = (id: number): boolean => id % 2 === 0 || (id > 40 && id < 60);
    const ids = upTo(100);
    const all = ids.map((id) => lock.run(() => void log.push(id), isOut(id) ? options : {}).catch(() => {}));
    await idle();
    controller.abort(reason);
    taken[0]?.release();
    await Promise.all(all);
    expect(log).toEqual(ids.filter((id) => !isOut(id)));
  });

  it('that are shared by all who wait empty the queue', async () => {
    const lock = subject.make();
    const taken = await fill(subject, lock);
    const { controller, options } = aborting();
    const gone = upTo(50).map(() => refusal(lock.acquire(options)));
    controller.abort(reason);
    expect(new Set(await Promise.all(gone))).toEqual(new Set([reason]));
    for (const holding of taken) {
      holding.release();
    }
    await expectFree(subject, lock);
  });

  it('keep no listener, whether the lock was free, granted later, timed out or aborted', async () => {
    const lock = subject.make();
    const { controller, options } = aborting();
    const listeners = (): number => getEventListeners(controller.signal, 'abort').length;
    (await lock.acquire(options)).release();
    expect(listeners()).toBe(0);
    const taken = await fill(subject, lock);
    const later = lock.acquire(options);
    const late =
      subject.skips.timeouts === undefined ? refusal(lock.acquire({ ...options, timeout: SHORT })) : undefined;
    await late;
    taken[0]?.release();
    (await later).release();
    expect(listeners()).toBe(0);
    await fill({ ...subject, capacity: 1 }, lock);
    const gone = refusal(lock.acquire(options));
    controller.abort(reason);
    await gone;
    expect(listeners()).toBe(0);
  });
}
