/**
 * Never more than there are units, whoever comes, and first come, first served.
 */
import { feature, fill, type Holding, type LockUnderTest, type Subject } from './lock-under-test.ts';
import { idle, now, pause, randomFrom, upTo } from './words.ts';

const WORKERS = 200;
const SEEDS = [1, 2, 3];
/** A hundred times what it takes: whoever looks on may not look at all who wait again and again. */
const PATIENCE_MS = 5_000;

/** Asks and says in `log` when it was served. */
async function asks(lock: LockUnderTest, log: number[], id: number): Promise<Holding> {
  const holding = await lock.acquire();
  log.push(id);
  return holding;
}

export function exclusionSuite(subject: Subject): void {
  describe('exclusion', () => {
    it.each(SEEDS)(
      `lets no more than there are units in, with ${WORKERS} workers, seed %i`,
      async (seed) => {
        const lock = subject.make();
        const random = randomFrom(seed);
        let inside = 0;
        let most = 0;
        let served = 0;
        const work = async (): Promise<void> => {
          most = Math.max(most, ++inside);
          await pause(random);
          inside--;
          served++;
        };
        const worker = async (): Promise<void> => {
          await pause(random);
          if (random() < 0.5) {
            await lock.run(work);
            return;
          }
          const holding = await lock.acquire();
          try {
            await work();
          } finally {
            holding.release();
          }
        };
        await Promise.all(upTo(WORKERS).map(worker));
        expect([most, inside, served]).toEqual([subject.capacity, 0, WORKERS]);
      },
      PATIENCE_MS,
    );

    it('has all units again when all are done', async () => {
      const lock = subject.make();
      for (const _ of [1, 2, 3]) {
        for (const holding of await fill(subject, lock)) {
          holding.release();
        }
      }
      expect(await now(lock.run(() => 'done'))).toBe('done');
    });

    it('does not let the next one in while all units are taken', async () => {
      const lock = subject.make();
      const [first] = await fill(subject, lock);
      const next = lock.acquire();
      expect(await now(next)).toBe('waiting');
      first?.release();
      expect(await now(next)).not.toBe('waiting');
    });
  });

  describe('order', () => {
    it('is that of asking', async () => {
      const lock = subject.make();
      const log: number[] = [];
      const ids = upTo(60);
      const workers = ids.map((id) =>
        asks(lock, log, id).then(async (holding) => idle().then(() => holding.release())),
      );
      await Promise.all(workers);
      expect(log).toEqual(ids);
    });

    it('is that of asking, by acquire() and by run()', async () => {
      const lock = subject.make();
      const log: number[] = [];
      const taken = await fill(subject, lock);
      const ids = upTo(20);
      const all = ids.map((id) =>
        id % 2 === 0
          ? asks(lock, log, id).then((holding) => holding.release())
          : lock.run(() => {
              log.push(id);
            }),
      );
      await idle();
      // One unit alone goes round: of two that are granted in one step, the one with fewer turns would be seen first.
      taken[0]?.release();
      await Promise.all(all);
      expect(log).toEqual(ids);
    });

    it('is kept with those who come again', async () => {
      const lock = subject.make();
      const log: number[] = [];
      const rounds = 5;
      const ids = upTo(subject.capacity * 3);
      const again = async (id: number): Promise<void> => {
        for (let round = 0; round < rounds; round++) {
          const holding = await asks(lock, log, id);
          await idle();
          holding.release();
        }
      };
      await Promise.all(ids.map(again));
      const turns = Array.from({ length: rounds }, (_, round) =>
        log.slice(round * ids.length, (round + 1) * ids.length),
      );
      expect(turns.map((turn) => turn.toSorted((one, other) => one - other))).toEqual(turns.map(() => ids));
    });

    it('serves one for each unit that is given back', async () => {
      const lock = subject.make();
      const log: number[] = [];
      const taken = await fill(subject, lock);
      const waits = upTo(4).map((id) => asks(lock, log, id));
      await idle();
      expect(log).toEqual([]);
      taken[0]?.release();
      await idle();
      expect(log).toEqual([1]);
      (await waits[0])?.release();
      await idle();
      expect(log).toEqual([1, 2]);
    });
  });

  feature(subject, 'direct hand-over', () => {
    it('lets nobody pass who asks in the same step after a release', async () => {
      const lock = subject.make();
      const log: string[] = [];
      const [first] = await fill(subject, lock);
      const waits = lock.acquire().then((holding) => {
        log.push('waiter');
        return holding;
      });
      await idle();
      first?.release();
      const barger = lock.acquire().then(() => log.push('barger'));
      (await waits).release();
      await barger;
      expect(log).toEqual(['waiter', 'barger']);
    });

    it('lets no run() pass either', async () => {
      const lock = subject.make();
      const log: string[] = [];
      const [first] = await fill(subject, lock);
      const waits = lock.run(() => log.push('waiter'));
      await idle();
      first?.release();
      await Promise.all([lock.run(() => log.push('barger')), waits]);
      expect(log).toEqual(['waiter', 'barger']);
    });
  });

  feature(subject, 'synchronous grant', () => {
    it('is taken when acquire() returns', async () => {
      const lock = subject.make();
      const all = upTo(subject.capacity).map(() => lock.acquire());
      const beyond = lock.acquire();
      expect(await now(Promise.all(all))).not.toBe('waiting');
      expect(await now(beyond)).toBe('waiting');
    });
  });

  feature(subject, 'synchronous work', () => {
    it('begins before run() returns', () => {
      const lock = subject.make();
      let isRunning = false;
      void lock.run(() => {
        isRunning = true;
      });
      expect(isRunning).toBe(true);
    });
  });
}
