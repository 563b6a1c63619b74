import { giveUpSuite, untilSuite } from './suite/condition-ends.ts';
import { hostileSuite } from './suite/condition-hostile.ts';
import { conditionModelSuite } from './suite/condition-model.ts';
import { conditionWorld as worldOf } from './suite/condition-world.ts';
import { eachForm, type Form } from './suite/forms.ts';
import { leftoversSuite } from './suite/leftovers.ts';
import { timingSuite } from './suite/timing.ts';
import { idle, now, ticks, upTo } from './suite/words.ts';

describe('Condition', () => {
  eachForm((form) => {
    leftoversSuite(async () => {
      const { condition, take } = worldOf(form);
      const guard = await take();
      return { wait: (options) => condition.wait(guard, options), end: () => condition.notify() };
    });
    waitSuite(form);
    notifySuite(form);
    giveUpSuite(form);
    untilSuite(form);
    hostileSuite(form);
    conditionModelSuite(form);
  });

  timingSuite([
    [
      'wait() from the notification on',
      1,
      async (form) => {
        const { condition, take } = worldOf(form);
        const waits = condition.wait(await take());
        condition.notify();
        return ticks(waits);
      },
    ],
    [
      'acquire() of the mutex from the wait on',
      1,
      async (form) => {
        const { condition, take } = worldOf(form);
        const guard = await take();
        const next = take();
        void condition.wait(guard);
        return ticks(next);
      },
    ],
  ]);
});

function waitSuite(form: Form): void {
  it('gives the mutex back while it waits, and holds it again with the same guard', async () => {
    const { mutex, condition, take } = worldOf(form);
    const guard = await take();
    const waits = condition.wait(guard);
    expect([mutex.isLocked, guard.isReleased, condition.waiting]).toEqual([false, true, 1]);
    const other = await take();
    condition.notify();
    expect([await now(waits), condition.waiting, mutex.waiting]).toEqual(['waiting', 0, 1]);
    other.release();
    expect(await now(waits)).toBeUndefined();
    expect([mutex.isLocked, guard.isReleased]).toEqual([true, false]);
    guard.release();
    expect(mutex.isLocked).toBe(false);
  });

  it('hands the mutex to the one who waits for it, before that one can miss anything', async () => {
    const { condition, take } = worldOf(form);
    const guard = await take();
    const notifier = take().then((own) => {
      condition.notify();
      own.release();
    });
    const waits = condition.wait(guard);
    await notifier;
    expect(await now(waits)).toBeUndefined();
  });

  it('can be waited for again and again with one guard', async () => {
    const { mutex, condition, take } = worldOf(form);
    const guard = await take();
    for (const _ of upTo(10)) {
      const waits = condition.wait(guard);
      condition.notify();
      await waits;
      expect(guard.isReleased).toBe(false);
    }
    guard.release();
    expect(mutex.isLocked).toBe(false);
  });

  it('gives a producer and a consumer their turns', async () => {
    const { mutex, condition, by } = worldOf(form);
    const notFull = new (form.locks().Condition)(mutex, 'not full');
    const store: number[] = [];
    const seen: number[] = [];
    const all = upTo(100);
    const produce = async (): Promise<void> => {
      for (const item of all) {
        await using guard = await mutex.acquire(by());
        await notFull.waitUntil(guard, () => store.length < 3);
        store.push(item);
        condition.notify();
      }
    };
    const consume = async (): Promise<void> => {
      while (seen.length < all.length) {
        await using guard = await mutex.acquire(by());
        await condition.waitUntil(guard, () => store.length > 0);
        seen.push(store.shift() as number);
        expect(store.length).toBeLessThan(3);
        notFull.notify();
      }
    };
    await Promise.all([produce(), consume()]);
    expect([seen, mutex.isLocked]).toEqual([all, false]);
  });
}

function notifySuite(form: Form): void {
  /** So many who wait, and who logs his number when he has the mutex again. */
  const crowd = async (count: number) => {
    const world = worldOf(form);
    const log: number[] = [];
    for (const id of upTo(count)) {
      const guard = await world.take();
      void world.condition.wait(guard).then(() => {
        log.push(id);
        guard.release();
      });
    }
    return { ...world, log };
  };

  it('wakes the one who has waited longest', async () => {
    const { condition, log } = await crowd(3);
    condition.notify();
    await idle();
    expect([log, condition.waiting]).toEqual([[1], 2]);
  });

  it('wakes as many as are named, and no more than there are', async () => {
    const { condition, log } = await crowd(5);
    condition.notify(2);
    await idle();
    expect(log).toEqual([1, 2]);
    condition.notify(100);
    await idle();
    expect([log, condition.waiting]).toEqual([upTo(5), 0]);
  });

  it('wakes all, in their order', async () => {
    const { condition, log, mutex } = await crowd(5);
    condition.notifyAll();
    await idle();
    expect([log, condition.waiting, mutex.isLocked]).toEqual([upTo(5), 0, false]);
  });

  it('is lost where nobody waits', async () => {
    const { condition, take } = worldOf(form);
    condition.notify();
    condition.notifyAll();
    expect(await now(condition.wait(await take()))).toBe('waiting');
  });

  it('does not reach those who begin to wait because of it', async () => {
    const { condition, take } = worldOf(form);
    const guard = await take();
    let rounds = 0;
    const again = async (): Promise<void> => {
      for (;;) {
        await condition.wait(guard);
        rounds++;
      }
    };
    void again();
    await idle();
    condition.notifyAll();
    await idle();
    expect([rounds, condition.waiting]).toEqual([1, 1]);
  });

  it('puts them behind those who wait for the mutex already', async () => {
    const { condition, take } = worldOf(form);
    const log: string[] = [];
    const guard = await take();
    const waits = condition.wait(guard).then(() => log.push('notified'));
    const holder = await take();
    const early = take().then((own) => {
      log.push('early');
      own.release();
    });
    condition.notify();
    const late = take().then(() => log.push('late'));
    holder.release();
    await Promise.all([early, waits]);
    guard.release();
    await late;
    expect(log).toEqual(['early', 'notified', 'late']);
  });
}
