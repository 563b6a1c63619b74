/**
 * Workers that are terminated while they contend for locks over shared memory: the others are told, and go on.
 */
import type { SharedLockHandle } from '../../lib/index.ts';
import { Chromium } from './support/chromium.ts';

const chromium = new Chromium();

interface Share {
  readonly handle: SharedLockHandle;
  readonly words: Int32Array;
}

describe('a worker that is terminated with a lock', () => {
  // One whose event loop turns ends at once; one that blocks is cut off by the browser two seconds later.
  it.each(['comes back to its event loop', 'blocks for ever'])(
    'and %s does not leave the others waiting',
    async (how) => {
      const seen = await chromium.run(async ({ lockdep: { SpinLock }, startWorkers, until }, holderDoes) => {
        const lock = new SpinLock('ledger');
        const words = new Int32Array(new SharedArrayBuffer(12));
        const [holder, ...waiters] = await startWorkers(3);
        await holder!.run(({ lockdep }, handle) => {
          lockdep.SpinLock.from(handle);
          return lockdep.sharedLocksReady();
        }, lock.handle);
        const holding = holder!.run(
          ({ lockdep, raise }, { handle, shared, blocks }) => {
            lockdep.SpinLock.from(handle).lock();
            raise(shared, 0, 1);
            if (blocks) Atomics.wait(shared, 2, 0);
          },
          { handle: lock.handle, shared: words, blocks: holderDoes === 'blocks for ever' },
        );
        holding.catch(() => 'terminated');
        await until(words, 0, 1);
        const waits = waiters.map((waiter) =>
          waiter.run(
            ({ lockdep }, { handle, shared }) => {
              const mine = lockdep.SpinLock.from(handle);
              let end = 'granted';
              Atomics.add(shared, 1, 1);
              Atomics.notify(shared, 1);
              try {
                mine.lock();
              } catch (error) {
                end = `${(error as Error).name} ${(error as { thread?: string }).thread}`;
                mine.recover();
              }
              mine.unlock();
              return { end, rules: lockdep.lockdep.violations.map(({ rule }) => rule) };
            },
            { handle: lock.handle, shared: words },
          ),
        );
        await until(words, 1, 2);
        holder!.terminate();
        return { waits: await Promise.all(waits), holder: lock.holder };
      }, how);
      expect(seen.holder).toBeNull();
      expect(seen.waits.map(({ end }) => end)).toContain('OwnerDiedError worker 2 (worker-1)');
      for (const { end, rules } of seen.waits) {
        expect(['granted', 'OwnerDiedError worker 2 (worker-1)']).toContain(end);
        expect(rules).toEqual(end === 'granted' ? [] : ['owner-died']);
      }
    },
  );
});

it('a worker that is cut off at any point does not leave the others waiting', async () => {
  const seen = await chromium.run(async ({ lockdep: { SpinLock }, startWorkers, until, raise }) => {
    const lock = new SpinLock('ledger');
    // How often the victim had the lock, whether the others are to stop, and what it writes under the lock.
    const words = new Int32Array(new SharedArrayBuffer(12));
    const share = { handle: lock.handle, words };
    const [victim, ...others] = await startWorkers(4);
    await victim!.run(({ lockdep }, handle) => {
      lockdep.SpinLock.from(handle);
      return lockdep.sharedLocksReady();
    }, lock.handle);
    const cut = victim!.run(({ lockdep }, { handle, words: shared }: Share) => {
      const mine = lockdep.SpinLock.from(handle);
      for (;;) {
        mine.lock();
        Atomics.add(shared, 0, 1);
        Atomics.notify(shared, 0);
        for (let turn = 0; turn < 1000; turn++) Atomics.add(shared, 2, 1);
        mine.unlock();
      }
    }, share);
    cut.catch(() => 'terminated');
    await until(words, 0, 100);
    const rest = others.map((other) =>
      other.run(({ lockdep }, { handle, words: shared }: Share) => {
        const mine = lockdep.SpinLock.from(handle);
        let [grants, deaths] = [0, 0];
        while (Atomics.load(shared, 1) === 0) {
          try {
            mine.lock();
          } catch (error) {
            if ((error as Error).name !== 'OwnerDiedError') throw error;
            deaths += mine.recover() ? 1 : 0;
          }
          grants++;
          mine.unlock();
        }
        return { grants, deaths };
      }, share),
    );
    victim!.terminate();
    // The browser cuts it off two seconds later.
    await new Promise((later) => setTimeout(later, 2500));
    const had = Atomics.load(words, 0);
    await new Promise((later) => setTimeout(later, 200));
    const goesOn = Atomics.load(words, 0) !== had;
    raise(words, 1, 1);
    return { goesOn, rest: await Promise.all(rest), holder: lock.holder, isFree: lock.tryLock() };
  });
  expect(seen).toMatchObject({ goesOn: false, holder: null, isFree: true });
  for (const { grants } of seen.rest) expect(grants).toBeGreaterThan(0);
  expect(seen.rest.reduce((sum, { deaths }) => sum + deaths, 0)).toBeLessThanOrEqual(1);
});
