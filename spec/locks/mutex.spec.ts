import { countingModelSuite } from './suite/counting-model.ts';
import { eachForm } from './suite/forms.ts';
import { constructorSuite } from './suite/hostile.ts';
import { eachLibraryLock } from './suite/library-subjects.ts';
import { lockSuite } from './suite/lock-suite.ts';
import { mutexSubject } from './suite/own-subjects.ts';
import { timingSuite } from './suite/timing.ts';
import { ticks } from './suite/words.ts';

describe('Mutex', () => {
  eachForm((form) => {
    const subject = mutexSubject(form);
    lockSuite(subject);
    countingModelSuite(subject);
    constructorSuite(
      (name, options = form.made()) => new (form.locks().Mutex)(name as string, options as object),
      (lock) => lock.run(() => {}),
    );

    it('says whether it is locked, and is so from hand to hand', async () => {
      const made = form.made();
      const lock = new (form.locks().Mutex)('lock', made);
      expect(lock.isLocked).toBe(false);
      const first = lock.acquire(form.asked(made));
      expect([lock.isLocked, lock.waiting]).toEqual([true, 0]);
      const second = lock.acquire(form.asked(made));
      expect(lock.waiting).toBe(1);
      (await first).release();
      expect([lock.isLocked, lock.waiting]).toEqual([true, 0]);
      (await second).release();
      expect(lock.isLocked).toBe(false);
    });
  });

  timingSuite([
    [
      'acquire() of a free one',
      1,
      (form) => {
        const lock = new (form.locks().Mutex)('lock', form.made());
        return ticks(lock.acquire());
      },
    ],
    [
      'acquire() from the release on',
      1,
      async (form) => {
        const lock = new (form.locks().Mutex)('lock', form.made());
        const guard = await lock.acquire();
        const next = lock.acquire();
        guard.release();
        return ticks(next);
      },
    ],
    [
      'run() of a function that returns a value',
      1,
      (form) => {
        const lock = new (form.locks().Mutex)('lock', form.made());
        return ticks(lock.run(() => 1));
      },
    ],
    [
      'run() of an async function',
      2,
      (form) => {
        const lock = new (form.locks().Mutex)('lock', form.made());
        return ticks(lock.run(async () => 1));
      },
    ],
    [
      'run() from the release on',
      2,
      async (form) => {
        const lock = new (form.locks().Mutex)('lock', form.made());
        const guard = await lock.acquire();
        const next = lock.run(() => 1);
        guard.release();
        return ticks(next);
      },
    ],
    [
      'a failure',
      1,
      (form) => {
        const lock = new (form.locks().Mutex)('lock', form.made());
        const fails = lock.run(() => {
          throw new Error('x');
        });
        return ticks(fails);
      },
    ],
    [
      'a wait that is withdrawn, from the abort on',
      1,
      async (form) => {
        const lock = new (form.locks().Mutex)('lock', form.made());
        await lock.acquire();
        const controller = new AbortController();
        const waits = lock.acquire({ signal: controller.signal });
        controller.abort();
        return ticks(waits);
      },
    ],
    [
      'a wait that is refused before it begins',
      1,
      (form) => {
        const lock = new (form.locks().Mutex)('lock', form.made());
        return ticks(lock.acquire({ signal: AbortSignal.abort() }));
      },
    ],
  ]);

  eachLibraryLock(['Mutex'], (subject) => {
    lockSuite(subject);
    countingModelSuite(subject);
  });
});
