/**
 * Several keys of one mutex at once.
 */
import type { KeyedMutex } from '../../../lib/index.ts';
import type { Form } from './forms.ts';
import { refuses } from './hostile.ts';
import { idle, now, pause, randomFrom, refusal, upTo } from './words.ts';

/** A mutex for each key, and what a request to it needs. */
export function keyedWorld<K>(
  form: Form,
  compare?: (one: K, other: K) => number,
): { lock: KeyedMutex<K>; by: () => ReturnType<Form['asked']> } {
  const made = form.made();
  const lock = new (form.locks().KeyedMutex)<K>('keyed', compare === undefined ? made : { ...made, compare });
  return { lock, by: () => form.asked(made) };
}

export function allKeysSuite(form: Form): void {
  describe('several keys', () => {
    it('are taken together, each once, and given back together', async () => {
      const { lock, by } = keyedWorld<string>(form);
      const guard = await lock.acquireAll(['b', 'a', 'b', 'c'], by());
      expect([lock.size, lock.isLocked('a'), lock.isLocked('b'), lock.isLocked('c')]).toEqual([3, true, true, true]);
      const next = lock.acquire('b', by());
      expect(await now(next)).toBe('waiting');
      guard.release();
      (await next).release();
      expect([lock.size, guard.isReleased]).toEqual([0, true]);
    });

    it('are taken in the order of their texts', async () => {
      const { lock, by } = keyedWorld<string>(form);
      const b = await lock.acquire('b', by());
      const all = lock.acquireAll(['c', 'b', 'a'], by());
      await idle();
      expect([lock.isLocked('a'), lock.isLocked('c')]).toEqual([true, false]);
      b.release();
      (await all).release();
    });

    it('are taken in the order that is declared', async () => {
      const { lock, by } = keyedWorld<number>(form, (one, other) => other - one);
      const two = await lock.acquire(2, by());
      const all = lock.acquireAll(new Set([1, 2, 3]), by());
      await idle();
      expect([lock.isLocked(1), lock.isLocked(3)]).toEqual([false, true]);
      two.release();
      (await all).release();
    });

    it('never block two who name them in opposite order', async () => {
      const { lock, by } = keyedWorld<number>(form, (one, other) => one - other);
      const random = randomFrom(11);
      const inside = new Set<number>();
      const worker = async (): Promise<void> => {
        const keys = upTo(6)
          .filter(() => random() < 0.5)
          .sort(() => random() - 0.5);
        const work = async (): Promise<void> => {
          expect(keys.some((key) => inside.has(key))).toBe(false);
          keys.forEach((key) => void inside.add(key));
          await pause(random);
          keys.forEach((key) => void inside.delete(key));
        };
        await lock.runAll(keys, work, by());
      };
      await Promise.all(upTo(100).map(worker));
      expect(lock.size).toBe(0);
    });

    it('are all given back when one cannot be had', async () => {
      const { lock, by } = keyedWorld<string>(form);
      const b = await lock.acquire('b', by());
      const controller = new AbortController();
      const gone = refusal(lock.acquireAll(['a', 'b', 'c'], { ...by(), signal: controller.signal }));
      await idle();
      controller.abort();
      expect(await gone).toBe(controller.signal.reason);
      expect([lock.size, lock.isLocked('a')]).toEqual([1, false]);
      expect(await refusal(lock.acquireAll(['a', 'b'], { ...by(), timeout: 5 }))).toMatchObject({
        name: 'LockTimeoutError',
        timeout: 5,
      });
      b.release();
      expect(lock.size).toBe(0);
    });

    it('may be none', async () => {
      const { lock, by } = keyedWorld<string>(form);
      const guard = await lock.acquireAll([], by());
      expect([lock.size, guard.isReleased]).toEqual([0, false]);
      guard.release();
      expect(await lock.runAll([], () => 5, by())).toBe(5);
    });

    it('without an order between two of them are refused', async () => {
      const { lock, by } = keyedWorld<unknown>(form);
      await expect(lock.acquireAll([1, '1'], by())).rejects.toThrow(/^keys: /);
      expect(lock.size).toBe(0);
    });

    it.each([undefined, null, 5, {}])('are no list where they are %p', async (keys) => {
      const { lock, by } = keyedWorld<string>(form);
      await refuses('keys', () => lock.acquireAll(keys as never, by()));
      await refuses('keys', () => lock.runAll(keys as never, () => {}, by()));
      expect(lock.size).toBe(0);
    });

    it('leave nothing held where the compare of the program fails', async () => {
      const { lock, by } = keyedWorld<number>(form, () => {
        throw new Error('no order');
      });
      await expect(lock.acquireAll([1, 2], by())).rejects.toThrow('no order');
      expect(lock.size).toBe(0);
    });
  });
}
