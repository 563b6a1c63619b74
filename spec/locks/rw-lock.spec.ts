import { eachForm, type Form } from './suite/forms.ts';
import { constructorSuite } from './suite/hostile.ts';
import { lockSuite } from './suite/lock-suite.ts';
import { writerSubject } from './suite/own-subjects.ts';
import { downgradeSuite, upgradeSuite } from './suite/rw-changes.ts';
import { rwModelSuite } from './suite/rw-model.ts';
import { rwWorld as worldOf } from './suite/rw-world.ts';
import { timingSuite } from './suite/timing.ts';
import { idle, now, pause, randomFrom, refusal, ticks, upTo } from './suite/words.ts';

describe('RwLock', () => {
  eachForm((form) => {
    lockSuite(writerSubject(form));
    rwModelSuite(form);
    constructorSuite(
      (name, options = form.made()) => new (form.locks().RwLock)(name as string, options as object),
      (lock) => lock.runRead(() => lock.name),
    );
    readersSuite(form);
    downgradeSuite(form);
    upgradeSuite(form);
  });

  timingSuite([
    ['read() of a free one', 1, (form) => ticks(worldOf(form).lock.read())],
    [
      'read() beside another reader',
      1,
      async (form) => {
        const { lock } = worldOf(form);
        await lock.read();
        return ticks(lock.read());
      },
    ],
    [
      'read() from the release of a writer on',
      1,
      async (form) => {
        const { lock } = worldOf(form);
        const writer = await lock.write();
        const reader = lock.read();
        writer.release();
        return ticks(reader);
      },
    ],
    ['runRead() of a function that returns a value', 1, (form) => ticks(worldOf(form).lock.runRead(() => 1))],
    [
      'upgrade() of the only reader',
      1,
      async (form) => {
        const { lock } = worldOf(form);
        return ticks((await lock.read()).upgrade());
      },
    ],
  ]);
});

function readersSuite(form: Form): void {
  describe('readers', () => {
    it('hold it together', async () => {
      const { lock, by } = worldOf(form);
      const readers = await Promise.all(upTo(50).map(() => lock.read(by())));
      expect([lock.readers, lock.isWriteLocked]).toEqual([50, false]);
      for (const reader of readers) {
        reader.release();
      }
      expect(lock.readers).toBe(0);
    });

    it('keep writers out, and writers keep them out, with 200 workers', async () => {
      const { lock, by } = worldOf(form);
      const random = randomFrom(7);
      const inside = { readers: 0, writers: 0 };
      let mostReaders = 0;
      const inTurn = async (kind: 'readers' | 'writers'): Promise<void> => {
        inside[kind]++;
        mostReaders = Math.max(mostReaders, inside.readers);
        const check = (): void => {
          expect(inside.writers === 0 || (inside.writers === 1 && inside.readers === 0)).toBe(true);
        };
        check();
        await pause(random);
        check();
        inside[kind]--;
      };
      await Promise.all(
        upTo(200).map(async (id) => {
          await pause(random);
          await (id % 4 === 0
            ? lock.runWrite(() => inTurn('writers'), by())
            : lock.runRead(() => inTurn('readers'), by()));
        }),
      );
      expect(mostReaders).toBeGreaterThan(1);
      expect([lock.readers, lock.isWriteLocked, lock.waiting]).toEqual([0, false, 0]);
    });

    it('who come while a writer waits go behind it', async () => {
      const { lock, by } = worldOf(form);
      const log: string[] = [];
      const reader = await lock.read(by());
      const writer = lock.runWrite(() => log.push('writer'), by());
      const late = lock.runRead(() => log.push('late reader'), by());
      expect(lock.tryRead(by())).toBeNull();
      await idle();
      expect(log).toEqual([]);
      reader.release();
      await Promise.all([writer, late]);
      expect(log).toEqual(['writer', 'late reader']);
    });

    it('who stand in a row go in together', async () => {
      const { lock, by } = worldOf(form);
      const writer = await lock.write(by());
      const row = [lock.read(by()), lock.read(by()), lock.read(by())];
      const next = lock.write(by());
      const behind = lock.read(by());
      writer.release();
      expect(lock.readers).toBe(3);
      expect(await now(Promise.race([next, behind]))).toBe('waiting');
      for (const reader of await Promise.all(row)) {
        reader.release();
      }
      (await next).release();
      (await behind).release();
    });

    it('go on at once where the writer that stopped them gives up', async () => {
      const { lock, by } = worldOf(form);
      await lock.read(by());
      const controller = new AbortController();
      const writer = refusal(lock.write({ ...by(), signal: controller.signal }));
      const late = lock.read(by());
      expect(await now(late)).toBe('waiting');
      controller.abort();
      await writer;
      expect(await now(late)).not.toBe('waiting');
      expect(lock.readers).toBe(2);
    });

    it('go on at once where the writer that stopped them times out', async () => {
      const { lock, by } = worldOf(form);
      await lock.read(by());
      const writer = refusal(lock.write({ ...by(), timeout: 5 }));
      const late = lock.read(by());
      expect(await writer).toMatchObject({ name: 'LockTimeoutError', lock: 'rw', timeout: 5 });
      expect(await now(late)).not.toBe('waiting');
    });

    it('release once: a second release takes no other reader out', async () => {
      const { lock, by } = worldOf(form);
      const [one] = await Promise.all([lock.read(by()), lock.read(by())]);
      one.release();
      one.release();
      expect(lock.readers).toBe(1);
      expect(lock.tryWrite(by())).toBeNull();
    });

    it('never starve writers', async () => {
      const { lock, by } = worldOf(form);
      let isOver = false;
      const reading = async (): Promise<void> => {
        while (!isOver) {
          await lock.runRead(idle, by());
        }
      };
      const readers = [reading(), reading(), reading()];
      await idle();
      await lock.runWrite(() => {}, by());
      isOver = true;
      await Promise.all(readers);
      expect(lock.readers).toBe(0);
    });
  });
}
