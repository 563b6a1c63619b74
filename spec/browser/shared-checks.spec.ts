/**
 * What the checker finds over the workers of a page, while they run: orders that cross, threads that wait for each other, threads that
 * ended with a lock.
 */
import type { SharedLockHandle, Snapshot, Violation } from '../../lib/index.ts';
import { textReport } from '../../lib/index.ts';
import { Chromium } from './support/chromium.ts';

const chromium = new Chromium();

interface Pair {
  readonly first: SharedLockHandle;
  readonly second: SharedLockHandle;
  /** How many of the two hold their first lock. */
  readonly words: Int32Array;
}

it('a cycle whose halves are in two workers is found by the worker that closes it', async () => {
  const found = await chromium.run(async ({ lockdep: { SpinLock }, startWorkers }) => {
    const [a, b] = [new SpinLock('A'), new SpinLock('B')];
    const [one, two] = await startWorkers(2, 'teller');
    const nest = (
      { lockdep }: { lockdep: typeof import('../../lib/index.ts') },
      { first, second }: Omit<Pair, 'words'>,
    ): { violations: Violation[]; snapshot: Snapshot } => {
      const [outer, inner] = [lockdep.SpinLock.from(first), lockdep.SpinLock.from(second)];
      outer.lock();
      inner.lock();
      inner.unlock();
      outer.unlock();
      return { violations: [...lockdep.lockdep.violations], snapshot: lockdep.lockdep.snapshot() };
    };
    return [
      await one!.run(nest, { first: a.handle, second: b.handle }),
      await two!.run(nest, { first: b.handle, second: a.handle }),
    ] as const;
  });
  expect(found[0].violations).toEqual([]);
  const [cycle, ...others] = found[1].violations as [Violation];
  expect(others).toEqual([]);
  expect(cycle).toMatchObject({ rule: 'order-cycle', severity: 'error' });
  const report = textReport(found[0].snapshot, found[1].snapshot);
  for (const [owner, from, to] of [
    ['worker 2 (teller-1)', 'A', 'B'],
    ['worker 3 (teller-2)', 'B', 'A'],
  ]) {
    expect(report).toContain(`${from} → ${to}   by ${owner}`);
  }
  expect(report).toContain(`${chromium.origin}/tasks/worker-teller-1-1.js:`);
  expect(report).toContain(`${chromium.origin}/tasks/worker-teller-2-1.js:`);
  expect(report).toContain('1 error, 0 warnings');
});

it('two workers that wait for each other are found, and one gets out', async () => {
  const ends = await chromium.run(async ({ lockdep: { SpinLock }, startWorkers }) => {
    const [a, b] = [new SpinLock('A'), new SpinLock('B')];
    const [one, two] = await startWorkers(2, 'teller');
    const cross = (
      { lockdep }: { lockdep: typeof import('../../lib/index.ts') },
      { first, second, words }: Pair,
    ): { end: string; deadlocks: Violation[] } => {
      lockdep.lockdep.configure({ onDeadlock: 'reject' });
      const [outer, inner] = [lockdep.SpinLock.from(first), lockdep.SpinLock.from(second)];
      outer.lock();
      if (Atomics.add(words, 0, 1) === 1) Atomics.notify(words, 0);
      Atomics.wait(words, 0, 1);
      let end = 'granted';
      try {
        inner.lock();
        inner.unlock();
      } catch (error) {
        end = (error as Error).name;
      }
      outer.unlock();
      return { end, deadlocks: lockdep.lockdep.violations.filter(({ rule }) => rule === 'deadlock') };
    };
    const words = new Int32Array(new SharedArrayBuffer(4));
    return Promise.all([
      one!.run(cross, { first: a.handle, second: b.handle, words }),
      two!.run(cross, { first: b.handle, second: a.handle, words }),
    ]);
  });
  expect(ends.map(({ end }) => end).sort()).toEqual(['DeadlockError', 'granted']);
  const [deadlock, ...others] = ends.flatMap(({ deadlocks }) => deadlocks);
  expect(others).toEqual([]);
  expect(deadlock).toMatchObject({ rejected: true });
  const threads = (deadlock as { waits: { thread?: string }[] } | undefined)?.waits.map(({ thread }) =>
    thread?.replace(/\d+ /, ''),
  );
  expect(threads?.sort()).toEqual(['worker (teller-1)', 'worker (teller-2)']);
});
