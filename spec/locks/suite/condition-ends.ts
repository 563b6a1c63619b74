/**
 * How the wait for a condition ends without a notification, and by what is true.
 */
import { getEventListeners } from 'node:events';
import { conditionWorld as worldOf } from './condition-world.ts';
import type { Form } from './forms.ts';
import { refuses } from './hostile.ts';
import { idle, now, refusal } from './words.ts';

export function giveUpSuite(form: Form): void {
  it('by a signal rejects with its reason, with the mutex held again', async () => {
    const { mutex, condition, take } = worldOf(form);
    const controller = new AbortController();
    const guard = await take();
    const gone = refusal(condition.wait(guard, { signal: controller.signal }));
    const other = await take();
    controller.abort(new Error('changed my mind'));
    expect([await now(gone), condition.waiting]).toEqual(['waiting', 0]);
    other.release();
    expect(await gone).toBe(controller.signal.reason);
    expect([guard.isReleased, mutex.isLocked]).toEqual([false, true]);
    guard.release();
    expect(mutex.isLocked).toBe(false);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  it('by time rejects with an error that names it, with the mutex held again', async () => {
    const { mutex, condition, take } = worldOf(form);
    const guard = await take();
    const error = await refusal(condition.wait(guard, { timeout: 5 }));
    expect(error).toMatchObject({ name: 'LockTimeoutError', lock: 'condition', timeout: 5 });
    expect([guard.isReleased, mutex.isLocked]).toEqual([false, true]);
    guard.release();
  });

  it('with a signal that has fired does not give the mutex back', async () => {
    const { mutex, condition, take } = worldOf(form);
    const guard = await take();
    const gone = refusal(condition.wait(guard, { signal: AbortSignal.abort() }));
    expect([mutex.isLocked, guard.isReleased]).toEqual([true, false]);
    expect(await gone).toMatchObject({ name: 'AbortError' });
    expect(guard.isReleased).toBe(false);
  });

  it('after the notification comes too late', async () => {
    const { condition, take } = worldOf(form);
    const controller = new AbortController();
    const guard = await take();
    const waits = condition.wait(guard, { signal: controller.signal, timeout: 5 });
    const other = await take();
    condition.notify();
    controller.abort();
    await new Promise((done) => setTimeout(done, 10));
    other.release();
    expect(await waits).toBeUndefined();
    expect(guard.isReleased).toBe(false);
  });

  it('takes no notification from the others', async () => {
    const { condition, take } = worldOf(form);
    const controller = new AbortController();
    const gone = refusal(condition.wait(await take(), { signal: controller.signal }));
    const stays = condition.wait(await take());
    controller.abort();
    condition.notify();
    await gone;
    // Who gave up has the mutex first, and the notified one after it: here nobody gives it back.
    expect(condition.waiting).toBe(0);
    expect(await now(stays)).toBe('waiting');
  });
}

export function untilSuite(form: Form): void {
  it('waitUntil() waits for nothing where the predicate holds', async () => {
    const { mutex, condition, take } = worldOf(form);
    const guard = await take();
    expect(await now(condition.waitUntil(guard, () => true))).toBeUndefined();
    expect([mutex.isLocked, guard.isReleased]).toEqual([true, false]);
  });

  it('waitUntil() waits on where the predicate does not hold yet', async () => {
    const { condition, take, mutex } = worldOf(form);
    const guard = await take();
    let isReady = false;
    const seen: boolean[] = [];
    const waits = condition.waitUntil(guard, () => {
      seen.push(mutex.isLocked && !guard.isReleased);
      return isReady;
    });
    condition.notify();
    expect(await now(waits)).toBe('waiting');
    isReady = true;
    condition.notify();
    expect(await now(waits)).toBeUndefined();
    expect(seen).toEqual([true, true, true]);
  });

  it('waitUntil() fails with what the predicate throws, with the mutex held', async () => {
    const { condition, take } = worldOf(form);
    const guard = await take();
    const failure = new Error('x');
    const fails = condition.waitUntil(guard, () => {
      throw failure;
    });
    expect(await refusal(fails)).toBe(failure);
    expect(guard.isReleased).toBe(false);
  });

  it('waitUntil() has one timeout for all its waits, and says which', async () => {
    const { condition, take } = worldOf(form);
    const guard = await take();
    const start = performance.now();
    const gone = refusal(condition.waitUntil(guard, () => false, { timeout: 40 }));
    const ticking = setInterval(() => condition.notify(), 10);
    const error = await gone;
    clearInterval(ticking);
    expect(performance.now() - start).toBeGreaterThanOrEqual(39);
    expect(error).toMatchObject({ name: 'LockTimeoutError', lock: 'condition', timeout: 40 });
    expect(guard.isReleased).toBe(false);
  });

  it('waitUntil() ends with its signal', async () => {
    const { condition, take } = worldOf(form);
    const guard = await take();
    const controller = new AbortController();
    const gone = refusal(condition.waitUntil(guard, () => false, { signal: controller.signal }));
    condition.notify();
    await idle();
    controller.abort();
    expect(await gone).toBe(controller.signal.reason);
    expect(guard.isReleased).toBe(false);
  });

  it.each([undefined, null, 5, 'ready', true])('waitUntil() takes no %p for a predicate', async (predicate) => {
    const { condition, take } = worldOf(form);
    const guard = await take();
    await refuses('predicate', () => condition.waitUntil(guard, predicate as never));
    expect(guard.isReleased).toBe(false);
  });
}
