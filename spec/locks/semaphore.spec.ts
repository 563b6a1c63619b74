import { countingModelSuite } from './suite/counting-model.ts';
import { eachForm, type Form } from './suite/forms.ts';
import { constructorSuite, refuses } from './suite/hostile.ts';
import { eachLibraryLock } from './suite/library-subjects.ts';
import { lockSuite } from './suite/lock-suite.ts';
import type { Locks } from './suite/locks.ts';
import { semaphoreSubject } from './suite/own-subjects.ts';
import { timingSuite } from './suite/timing.ts';
import { idle, now, refusal, ticks } from './suite/words.ts';

type Sem = InstanceType<Locks['Semaphore']>;

function worldOf(form: Form, capacity: number): { lock: Sem; by: () => ReturnType<Form['asked']> } {
  const made = form.made();
  return { lock: new (form.locks().Semaphore)('pool', { capacity, ...made }), by: () => form.asked(made) };
}

describe('Semaphore', () => {
  eachForm((form) => {
    for (const capacity of [1, 3]) {
      lockSuite(semaphoreSubject(form, capacity));
    }
    for (const capacity of [1, 2, 5]) {
      countingModelSuite(semaphoreSubject(form, capacity));
    }
    constructorSuite(
      (name, options = form.made()) => new (form.locks().Semaphore)(name as string, options as object),
      (lock) => lock.run(() => {}),
    );
    unitsSuite(form);
  });

  timingSuite([
    ['acquire() of several free units', 1, (form) => ticks(worldOf(form, 3).lock.acquire({ units: 2 }))],
    [
      'acquire() of several units from the release on',
      1,
      async (form) => {
        const { lock } = worldOf(form, 3);
        const all = await lock.acquire({ units: 3 });
        const next = lock.acquire({ units: 2 });
        all.release();
        return ticks(next);
      },
    ],
    ['run() of several units', 1, (form) => ticks(worldOf(form, 3).lock.run(() => 1, { units: 2 }))],
  ]);

  eachLibraryLock(['Semaphore(1)', 'Semaphore(3)', 'p-limit(1)', 'p-limit(3)'], (subject) => {
    lockSuite(subject);
    countingModelSuite({ ...subject, capacity: subject.capacity });
  });
});

function unitsSuite(form: Form): void {
  describe('units', () => {
    it('are one where nothing is said, and so is the capacity', async () => {
      const made = form.made();
      const lock = new (form.locks().Semaphore)('pool', made);
      expect([lock.capacity, lock.available]).toEqual([1, 1]);
      const guard = await lock.acquire(form.asked(made));
      expect(lock.available).toBe(0);
      guard.release();
      expect(lock.available).toBe(1);
    });

    it('come back together', async () => {
      const { lock, by } = worldOf(form, 10);
      const guard = await lock.acquire({ ...by(), units: 7 });
      expect(lock.available).toBe(3);
      guard.release();
      guard.release();
      expect(lock.available).toBe(10);
    });

    it('are not taken past a big request at the head of the queue', async () => {
      const { lock, by } = worldOf(form, 4);
      const log: string[] = [];
      const guard = await lock.acquire({ ...by(), units: 2 });
      const big = lock.run(() => log.push('big'), { ...by(), units: 4 });
      const small = lock.run(() => log.push('small'), by());
      expect(lock.tryAcquire(by())).toBeNull();
      await idle();
      expect([log, lock.available]).toEqual([[], 2]);
      guard.release();
      await Promise.all([big, small]);
      expect(log).toEqual(['big', 'small']);
    });

    it('go to those behind a big request at the head that gives up', async () => {
      const { lock, by } = worldOf(form, 4);
      await lock.acquire({ ...by(), units: 2 });
      const controller = new AbortController();
      const big = refusal(lock.acquire({ ...by(), units: 4, signal: controller.signal }));
      const small = [lock.acquire(by()), lock.acquire(by()), lock.acquire(by())];
      expect(await now(Promise.race(small))).toBe('waiting');
      controller.abort();
      await big;
      expect(await now(Promise.all(small.slice(0, 2)))).not.toBe('waiting');
      expect([lock.available, lock.waiting]).toEqual([0, 1]);
    });

    it('of one release serve as many as they reach for, in order', async () => {
      const { lock, by } = worldOf(form, 6);
      const log: number[] = [];
      const all = await lock.acquire({ ...by(), units: 6 });
      const waits = [1, 2, 3, 4].map((units) =>
        lock.acquire({ ...by(), units }).then((guard) => {
          log.push(units);
          return guard;
        }),
      );
      all.release();
      await idle();
      expect([log, lock.available]).toEqual([[1, 2, 3], 0]);
      (await waits[0])?.release();
      (await waits[2])?.release();
      await idle();
      expect(log).toEqual([1, 2, 3, 4]);
    });

    it('may be without number', async () => {
      const { lock, by } = worldOf(form, Number.POSITIVE_INFINITY);
      for (let at = 0; at < 100; at++) {
        await lock.acquire({ ...by(), units: 1000 });
      }
      expect([lock.capacity, lock.available]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
    });

    it.each([0, -1, 1.5, Number.NaN, 5, Number.POSITIVE_INFINITY, '1', null, 1n])('are not %p of 4', async (units) => {
      const { lock, by } = worldOf(form, 4);
      const options = { ...by(), units: units as number };
      await refuses('units', () => lock.acquire(options));
      await refuses('units', () => lock.run(() => {}, options));
      await refuses('units', () => lock.tryAcquire(options));
      expect([lock.available, lock.waiting]).toEqual([4, 0]);
      await lock.acquire({ ...by(), units: 4 });
      await refuses('units', () => lock.acquire(options));
      expect([lock.available, lock.waiting]).toEqual([0, 0]);
    });

    it.each([0, -1, 1.5, Number.NaN, Number.NEGATIVE_INFINITY, '1', null, {}])(
      'cannot be %p in all',
      async (capacity) => {
        const { Semaphore } = form.locks();
        await refuses('capacity', () => new Semaphore('pool', { ...form.made(), capacity: capacity as number }));
      },
    );
  });
}
