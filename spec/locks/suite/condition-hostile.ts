/**
 * What a condition makes of wrong arguments: nothing, and the mutex stays held.
 */
import { conditionWorld as worldOf } from './condition-world.ts';
import type { Form } from './forms.ts';
import { NAMES, refuses } from './hostile.ts';
import { now, refused } from './words.ts';

export function hostileSuite(form: Form): void {
  it('refuses a guard that is released', async () => {
    const { mutex, condition, take } = worldOf(form);
    const guard = await take();
    guard.release();
    expect(await refused(() => condition.wait(guard))).toBeInstanceOf(Error);
    expect([mutex.isLocked, condition.waiting]).toEqual([false, 0]);
  });

  it('refuses a guard that waits already', async () => {
    const { mutex, condition, take } = worldOf(form);
    const guard = await take();
    const waits = condition.wait(guard);
    expect(await refused(() => condition.wait(guard))).toBeInstanceOf(Error);
    expect([mutex.isLocked, condition.waiting]).toEqual([false, 1]);
    condition.notify();
    expect(await now(waits)).toBeUndefined();
  });

  it('refuses the guard of another mutex', async () => {
    const { condition, take } = worldOf(form);
    const other = await worldOf(form).take();
    const own = await take();
    await refuses('guard', () => condition.wait(other));
    expect([other.isReleased, own.isReleased]).toEqual([false, false]);
  });

  it.each([undefined, null, {}, 5, { release() {}, isReleased: false }])('refuses %p for a guard', async (guard) => {
    const { condition } = worldOf(form);
    await refuses('guard', () => condition.wait(guard as never));
    await refuses('guard', () => condition.waitUntil(guard as never, () => true));
    expect(condition.waiting).toBe(0);
  });

  it.each([undefined, null, {}, 5, 'mutex'])('is a condition of no %p', async (mutex) => {
    await refuses('mutex', () => new (form.locks().Condition)(mutex as never));
  });

  it('is a condition of no semaphore', async () => {
    const { Condition, Semaphore } = form.locks();
    await refuses('mutex', () => new Condition(new Semaphore('pool', form.made()) as never));
  });

  it.each([0, -1, 1.5, Number.NaN, '1', null])('cannot notify %p', async (count) => {
    const { condition, take } = worldOf(form);
    const waits = condition.wait(await take());
    await refuses('count', () => condition.notify(count as number));
    expect(await now(waits)).toBe('waiting');
  });

  it.each([
    ['timeout', { timeout: -1 }],
    ['signal', { signal: {} }],
    ['owner', { owner: {} }],
    ['options', null],
  ])('refuses a wrong %s, and holds the mutex on', async (name, options) => {
    const { mutex, condition, take } = worldOf(form);
    const guard = await take();
    await refuses(name, () => condition.wait(guard, options as object));
    await refuses(name, () => condition.waitUntil(guard, () => true, options as object));
    expect([mutex.isLocked, guard.isReleased, condition.waiting]).toEqual([true, false, 0]);
  });

  it('may have any name', () => {
    const { mutex } = worldOf(form);
    const { Condition } = form.locks();
    expect(NAMES.map((name) => new Condition(mutex, name).name)).toEqual(NAMES);
  });

  it.each([null, 5, {}])('cannot be called %p', async (name) => {
    const { mutex } = worldOf(form);
    await refuses('name', () => new (form.locks().Condition)(mutex, name as never));
  });
}
