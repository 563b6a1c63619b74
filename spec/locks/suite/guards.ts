/**
 * What was taken, as an object: released once, however often and in whichever way that is said.
 */
import { feature, fill, type LockUnderTest, type Subject } from './lock-under-test.ts';
import { expectFree } from './running.ts';
import { idle, now } from './words.ts';

/** A guard of this package, as far as the suite needs it. */
interface Guard extends Disposable, AsyncDisposable {
  release(): void;
  readonly isReleased: boolean;
}

const guardOf = async (lock: LockUnderTest): Promise<Guard> => (await lock.acquire()) as unknown as Guard;

export function guardsSuite(subject: Subject): void {
  feature(subject, 'second release', () => {
    it('gives nothing more back', async () => {
      const lock = subject.make();
      const taken = await fill(subject, lock);
      const [second, third] = [lock.acquire(), lock.acquire()];
      taken[0]?.release();
      taken[0]?.release();
      expect(await now(second)).not.toBe('waiting');
      expect(await now(third)).toBe('waiting');
      taken[0]?.release();
      expect(await now(third)).toBe('waiting');
      (await second).release();
      expect(await now(third)).not.toBe('waiting');
    });

    it('does not make room beyond the capacity', async () => {
      const lock = subject.make();
      const taken = await fill(subject, lock);
      for (const holding of [...taken, ...taken]) {
        holding.release();
      }
      await fill(subject, lock);
      expect(await now(lock.acquire())).toBe('waiting');
    });
  });

  feature(subject, 'tryAcquire', () => {
    it('takes what is free, at once, and nothing else', async () => {
      const lock = subject.make();
      const taken = Array.from({ length: subject.capacity }, () => lock.tryAcquire());
      expect(taken).not.toContain(null);
      expect(lock.tryAcquire()).toBeNull();
      const next = lock.acquire();
      expect(await now(next)).toBe('waiting');
      taken[0]?.release();
      expect(await now(next)).not.toBe('waiting');
    });

    it('passes nobody who waits', async () => {
      const lock = subject.make();
      const taken = await fill(subject, lock);
      const next = lock.acquire();
      taken[0]?.release();
      expect(lock.tryAcquire()).toBeNull();
      (await next).release();
      expect(lock.tryAcquire()).not.toBeNull();
    });

    it('leaves no trace where it fails', async () => {
      const lock = subject.make();
      const taken = await fill(subject, lock);
      for (let at = 0; at < 100; at++) {
        expect(lock.tryAcquire()).toBeNull();
      }
      for (const holding of taken) {
        holding.release();
      }
      await expectFree(subject, lock);
    });
  });

  feature(subject, 'waiting', () => {
    it('counts those who wait', async () => {
      const lock = subject.make();
      const taken = await fill(subject, lock);
      expect(lock.waiting).toBe(0);
      const [one, other] = [lock.acquire(), lock.acquire()];
      expect(lock.waiting).toBe(2);
      taken[0]?.release();
      expect(lock.waiting).toBe(1);
      (await one).release();
      expect(lock.waiting).toBe(0);
      (await other).release();
    });

    it('counts nobody who gave up', async () => {
      const lock = subject.make();
      await fill(subject, lock);
      const controller = new AbortController();
      const gone = lock.acquire({ signal: controller.signal }).catch(() => {});
      const late = lock.acquire({ timeout: 1 }).catch(() => {});
      expect(lock.waiting).toBe(2);
      controller.abort();
      expect(lock.waiting).toBe(1);
      await Promise.all([gone, late]);
      expect(lock.waiting).toBe(0);
    });
  });

  feature(subject, 'guards', () => guardSuite(subject));
}

function guardSuite(subject: Subject): void {
  it('say whether they are released', async () => {
    const guard = await guardOf(subject.make());
    expect(guard.isReleased).toBe(false);
    expect(guard.release()).toBeUndefined();
    expect(guard.isReleased).toBe(true);
    guard.release();
    expect(guard.isReleased).toBe(true);
  });

  it('release without being named: const { release } = guard', async () => {
    const lock = subject.make();
    const guard = await guardOf(lock);
    const { release } = guard;
    release();
    expect(guard.isReleased).toBe(true);
    release();
    await expectFree(subject, lock);
  });

  it('release as a callback, whatever it is called with', async () => {
    const lock = subject.make();
    const guard = await guardOf(lock);
    await Promise.resolve('a value').then(guard.release as (value: string) => void);
    expect(guard.isReleased).toBe(true);
    await expectFree(subject, lock);
  });

  it('are released by using', async () => {
    const lock = subject.make();
    let inside: Guard | undefined;
    {
      using guard = await guardOf(lock);
      inside = guard;
      expect(guard.isReleased).toBe(false);
    }
    expect(inside?.isReleased).toBe(true);
    await expectFree(subject, lock);
  });

  it('are released by using where the block throws', async () => {
    const lock = subject.make();
    const fails = async (): Promise<void> => {
      using _guard = await guardOf(lock);
      await idle();
      throw new Error('inside');
    };
    await expect(fails()).rejects.toThrow('inside');
    await expectFree(subject, lock);
  });

  it('are released by await using', async () => {
    const lock = subject.make();
    const work = async (): Promise<boolean> => {
      await using guard = await guardOf(lock);
      return guard.isReleased;
    };
    expect(await work()).toBe(false);
    await expectFree(subject, lock);
  });

  it('give a promise of nothing when disposed of asynchronously', async () => {
    const guard = await guardOf(subject.make());
    const disposed = guard[Symbol.asyncDispose]();
    expect(guard.isReleased).toBe(true);
    expect(await disposed).toBeUndefined();
  });

  it('may be disposed of after their release, which does nothing at all', async () => {
    const lock = subject.make();
    const taken = await fill(subject, lock);
    const guard = taken[0] as unknown as Guard;
    const [second, third] = [lock.acquire(), lock.acquire()];
    guard.release();
    expect(guard[Symbol.dispose]()).toBeUndefined();
    await guard[Symbol.asyncDispose]();
    expect(await now(second)).not.toBe('waiting');
    expect(await now(third)).toBe('waiting');
  });

  it('may be disposed of twice', async () => {
    const lock = subject.make();
    const guard = await guardOf(lock);
    guard[Symbol.dispose]();
    guard[Symbol.dispose]();
    await guard[Symbol.asyncDispose]();
    await expectFree(subject, lock);
  });

  it('are no thenables: a promise of one gives the guard itself', async () => {
    const guard = await guardOf(subject.make());
    expect('then' in guard).toBe(false);
    expect(await Promise.resolve(guard)).toBe(guard);
  });

  it('cannot say that they are released when they are not', async () => {
    const lock = subject.make();
    const [guard] = (await fill(subject, lock)) as unknown as [Guard];
    expect(() => Object.assign(guard, { isReleased: true })).toThrow(TypeError);
    guard.release();
    expect(await now(lock.acquire())).not.toBe('waiting');
  });
}
