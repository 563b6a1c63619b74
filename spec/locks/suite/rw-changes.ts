/**
 * Readers that become the writer, and the writer that becomes a reader.
 */
import type { Form } from './forms.ts';
import { rwWorld as worldOf } from './rw-world.ts';
import { now, refusal, upTo } from './words.ts';

export function downgradeSuite(form: Form): void {
  describe('downgrade()', () => {
    it('lets in the readers who are next, and no writer', async () => {
      const { lock, by } = worldOf(form);
      const writer = await lock.write(by());
      const reader = lock.read(by());
      const next = lock.write(by());
      const own = writer.downgrade();
      expect([lock.readers, lock.isWriteLocked]).toEqual([2, false]);
      (await reader).release();
      expect(await now(next)).toBe('waiting');
      own.release();
      expect(await now(next)).not.toBe('waiting');
    });

    it('ends the guard of the writer', async () => {
      const { lock, by } = worldOf(form);
      const writer = await lock.write(by());
      const own = writer.downgrade();
      expect([writer.isReleased, own.isReleased]).toEqual([true, false]);
      writer[Symbol.dispose]();
      writer.release();
      expect(lock.readers).toBe(1);
      expect(() => writer.downgrade()).toThrow(/rw/);
      own.release();
      expect(lock.readers).toBe(0);
    });

    it('is refused after the release', async () => {
      const { lock, by } = worldOf(form);
      const writer = await lock.write(by());
      writer.release();
      expect(() => writer.downgrade()).toThrow(Error);
      expect([lock.readers, lock.isWriteLocked]).toEqual([0, false]);
    });
  });
}

export function upgradeSuite(form: Form): void {
  describe('upgrade()', () => {
    it('waits until the other readers are gone, and stops new ones', async () => {
      const { lock, by } = worldOf(form);
      const [own, other] = await Promise.all([lock.read(by()), lock.read(by())]);
      const upgraded = own.upgrade();
      const late = lock.read(by());
      expect(lock.tryRead(by())).toBeNull();
      expect(await now(Promise.race([upgraded, late]))).toBe('waiting');
      other.release();
      const writer = await upgraded;
      expect([lock.isWriteLocked, lock.readers, own.isReleased]).toEqual([true, 0, true]);
      expect(await now(late)).toBe('waiting');
      writer.release();
      expect(await now(late)).not.toBe('waiting');
    });

    it('goes before writers that wait', async () => {
      const { lock, by } = worldOf(form);
      const log: string[] = [];
      const [own, other] = await Promise.all([lock.read(by()), lock.read(by())]);
      const writer = lock.runWrite(() => log.push('writer'), by());
      const upgraded = own.upgrade().then((guard) => {
        log.push('upgraded');
        guard.release();
      });
      other.release();
      await Promise.all([writer, upgraded]);
      expect(log).toEqual(['upgraded', 'writer']);
    });

    it('is refused at once to a second reader, who keeps its lock', async () => {
      const { lock, by } = worldOf(form);
      const [own, other] = await Promise.all([lock.read(by()), lock.read(by())]);
      const upgraded = own.upgrade();
      const error = await now(refusal(other.upgrade()));
      expect(error).toBeInstanceOf(Error);
      expect((error as Error).message).toMatch(/upgrade/);
      expect(other.isReleased).toBe(false);
      expect(await now(upgraded)).toBe('waiting');
      other.release();
      expect(await now(upgraded)).not.toBe('waiting');
    });

    it.each(['signal', 'timeout'] as const)(
      'that is ended by a %s keeps the read lock, and lets others in',
      async (by_) => {
        const { lock, by } = worldOf(form);
        const [own, other] = await Promise.all([lock.read(by()), lock.read(by())]);
        const controller = new AbortController();
        const gone = refusal(own.upgrade(by_ === 'signal' ? { signal: controller.signal } : { timeout: 5 }));
        const late = lock.read(by());
        controller.abort();
        expect(await gone).toMatchObject({ name: by_ === 'signal' ? 'AbortError' : 'LockTimeoutError' });
        expect([own.isReleased, lock.readers]).toEqual([false, 3]);
        (await late).release();
        other.release();
        const writer = await own.upgrade();
        writer.release();
        expect([lock.readers, lock.isWriteLocked, lock.waiting]).toEqual([0, false, 0]);
      },
    );

    it('is over when its read guard is released meanwhile', async () => {
      const { lock, by } = worldOf(form);
      const [own, other] = await Promise.all([lock.read(by()), lock.read(by())]);
      const gone = refusal(own.upgrade());
      own.release();
      expect(await gone).toBeInstanceOf(Error);
      other.release();
      expect([lock.readers, lock.isWriteLocked, lock.waiting]).toEqual([0, false, 0]);
    });

    it('is refused after the release', async () => {
      const { lock, by } = worldOf(form);
      const own = await lock.read(by());
      own.release();
      await expect(own.upgrade()).rejects.toThrow(Error);
      expect(lock.isWriteLocked).toBe(false);
    });

    it('there and back again', async () => {
      const { lock, by } = worldOf(form);
      let guard = await lock.read(by());
      for (const _ of upTo(20)) {
        const writer = await guard.upgrade();
        expect(lock.isWriteLocked).toBe(true);
        guard = writer.downgrade();
        expect(lock.readers).toBe(1);
      }
      guard.release();
      expect(await now(lock.write(by()))).not.toBe('waiting');
    });

    it.each([[{ timeout: -1 }], [{ signal: {} }], [null]])('refuses wrong options: %p', async (options) => {
      const { lock, by } = worldOf(form);
      const own = await lock.read(by());
      await expect(own.upgrade(options as object)).rejects.toThrow(TypeError);
      expect([own.isReleased, lock.readers, lock.waiting]).toEqual([false, 1, 0]);
    });
  });
}
