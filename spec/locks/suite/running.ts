// biome-ignore-all lint/suspicious/noThenProperty: results that are like promises
/**
 * What `run()` hands on of the work under the lock, and that the lock is free again whatever becomes of it.
 */
import { feature, type LockUnderTest, type Subject } from './lock-under-test.ts';
import { deferred, now, refusal, upTo } from './words.ts';

/** The lock is free: as many as there are units can run at once. */
export async function expectFree(subject: Subject, lock: LockUnderTest): Promise<void> {
  const all = Promise.all(upTo(subject.capacity).map(() => lock.acquire()));
  const taken = await now(all);
  expect(taken).not.toBe('waiting');
  for (const holding of await all) {
    holding.release();
  }
}

const failure = new Error('the work failed');

const RESULTS: [string, () => unknown, unknown][] = [
  ['a value', () => 5, 5],
  ['undefined', () => undefined, undefined],
  ['null', () => null, null],
  ['a promise', () => Promise.resolve(5), 5],
  ['an async function', async () => 5, 5],
];

const THENABLES: [string, () => unknown, unknown][] = [
  ['a thenable', () => ({ then: (ok: (value: number) => void) => ok(5) }), 5],
  [
    'a thenable that answers later',
    () => ({ then: (ok: (value: number) => void) => void Promise.resolve().then(() => ok(5)) }),
    5,
  ],
  ['a thenable of a promise', () => ({ then: (ok: (value: unknown) => void) => ok(Promise.resolve(5)) }), 5],
  ['an object whose then is no function', () => ({ then: 5 }), { then: 5 }],
  ['a function', () => Math.max, Math.max],
];

const FAILURES: [string, () => unknown][] = [
  [
    'throws',
    () => {
      throw failure;
    },
  ],
  ['rejects', () => Promise.reject(failure)],
  [
    'rejects later',
    async () => {
      await null;
      throw failure;
    },
  ],
];

const THENABLE_FAILURES: [string, () => unknown][] = [
  ['gives a thenable that refuses', () => ({ then: (_: unknown, no: (error: unknown) => void) => no(failure) })],
  [
    'gives a thenable that throws',
    () => ({
      then() {
        throw failure;
      },
    }),
  ],
  [
    'gives what cannot be read',
    () => ({
      get then(): never {
        throw failure;
      },
    }),
  ],
];

export function runningSuite(subject: Subject): void {
  describe('run()', () => {
    it.each(RESULTS)('hands on %s', async (_, work, expected) => {
      const lock = subject.make();
      expect(await lock.run(work)).toEqual(expected);
      await expectFree(subject, lock);
    });

    it.each(FAILURES)('fails as its work does that %s, and the lock is free again', async (_, work) => {
      const lock = subject.make();
      expect(await refusal(lock.run(work))).toBe(failure);
      await expectFree(subject, lock);
    });

    it.each([undefined, null, 0, ''])('is rejected with %p where that is thrown', async (thrown) => {
      const lock = subject.make();
      const fails = lock.run(() => {
        throw thrown;
      });
      expect(await refusal(fails)).toBe(thrown);
      await expectFree(subject, lock);
    });

    it('holds the lock until the promise of the work is settled', async () => {
      const lock = subject.make();
      const works = upTo(subject.capacity).map(() => deferred<string>());
      const runs = works.map(({ promise }) => lock.run(() => promise));
      const next = lock.run(() => 'next');
      expect(await now(next)).toBe('waiting');
      works[0]?.resolve('first');
      expect(await now(next)).toBe('next');
      expect(await runs[0]).toBe('first');
    });

    it('goes on with the next one after a failure', async () => {
      const lock = subject.make();
      const log: string[] = [];
      const all = ['a', 'b', 'c', 'd'].map((id) =>
        lock.run(() => {
          log.push(id);
          if (id < 'c') {
            throw failure;
          }
          return id;
        }),
      );
      const settled = await Promise.allSettled(all);
      expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled', 'fulfilled']);
      expect(log).toEqual(['a', 'b', 'c', 'd']);
      await expectFree(subject, lock);
    });

    it('calls its work once', async () => {
      const lock = subject.make();
      const work = jest.fn(() => 1);
      await lock.run(work);
      expect(work).toHaveBeenCalledTimes(1);
    });

    it('hides no failure: without a handler it would end the process', async () => {
      const lock = subject.make();
      const seen: unknown[] = [];
      const result = lock.run(() => Promise.reject(failure));
      result.catch((error: unknown) => seen.push(error));
      await refusal(result);
      expect(seen).toEqual([failure]);
    });

    feature(subject, 'thenables', () => {
      it.each(THENABLES)('hands on %s', async (_, work, expected) => {
        const lock = subject.make();
        expect(await lock.run(work)).toEqual(expected);
        await expectFree(subject, lock);
      });

      it.each(THENABLE_FAILURES)('fails as its work does that %s, and the lock is free again', async (_, work) => {
        const lock = subject.make();
        expect(await refusal(lock.run(work))).toBe(failure);
        await expectFree(subject, lock);
      });

      it('asks a thenable once, and reads its then once', async () => {
        const lock = subject.make();
        const log: string[] = [];
        const thenable = {
          get then() {
            log.push('read');
            return (ok: (value: number) => void) => {
              log.push('asked');
              ok(5);
            };
          },
        };
        expect(await lock.run<unknown>(() => thenable)).toBe(5);
        expect(log).toEqual(['read', 'asked']);
      });

      it('holds the lock until a thenable has answered', async () => {
        const lock = subject.make();
        const answers: (() => void)[] = [];
        const thenable = { then: (ok: (value: string) => void) => answers.push(() => ok('answer')) };
        const runs = upTo(subject.capacity).map(() => lock.run(() => thenable as unknown as PromiseLike<string>));
        const next = lock.run(() => 'next');
        expect(await now(next)).toBe('waiting');
        answers[0]?.();
        expect(await now(next)).toBe('next');
        expect(await runs[0]).toBe('answer');
      });
    });
  });
}
