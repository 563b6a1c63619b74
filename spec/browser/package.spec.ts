/**
 * The built package in Chromium, on a page and in its workers: it loads, explicit owners are checked, the locks for async functions work,
 * and reports name the lines of the user's module.
 */
import type { Snapshot } from '../../lib/index.ts';
import { textReport } from '../../lib/index.ts';
import { Chromium } from './support/chromium.ts';

const chromium = new Chromium();

it('loads on an isolated page and in its workers, without a word on the console', async () => {
  const page = await chromium.open();
  const seen = await page.run(async ({ lockdep, startWorkers }) => {
    const workers = await startWorkers(2);
    const names = ({ lockdep: there }: { lockdep: object }): string[] => Object.keys(there).sort();
    const isIsolated = (): boolean => (globalThis as unknown as { crossOriginIsolated: boolean }).crossOriginIsolated;
    return {
      isolated: [isIsolated(), await workers[0]!.run(isIsolated), await workers[1]!.run(isIsolated)],
      page: names({ lockdep }),
      workers: [await workers[0]!.run(names), await workers[1]!.run(names)],
    };
  });
  const here = Object.keys(jest.requireActual<object>('../../lib/index.ts')).sort();
  expect(seen).toEqual({ isolated: [true, true, true], page: here, workers: [here, here] });
  expect({ console: page.console, errors: page.errors }).toEqual({ console: [], errors: [] });
  await page.close();
});

it('explicit owners find a cycle of orders on the page and in a worker', async () => {
  const found = await chromium.run(async ({ lockdep, startWorker }) => {
    const cross = ({ lockdep: { createLockdep } }: { lockdep: typeof lockdep }): (string | undefined)[][] => {
      const ld = createLockdep();
      const [a, b] = [ld.lock('A'), ld.lock('B')];
      for (const [name, first, second] of [['one', a, b] as const, ['two', b, a] as const]) {
        const owner = ld.owner(name);
        owner.acquire(first);
        owner.acquire(second);
        owner.release(second);
        owner.release(first);
      }
      return ld.violations.map(({ rule, severity, owner }) => [rule, severity, owner]);
    };
    return { page: cross({ lockdep }), worker: await (await startWorker()).run(cross) };
  });
  const expected = [['order-cycle', 'error', 'two']];
  expect(found).toEqual({ page: expected, worker: expected });
});

it('a Mutex keeps flows apart and knows its explicit owner', async () => {
  const seen = await chromium.run(async ({ lockdep, startWorker }) => {
    const contend = async ({ lockdep: { createLockdep, Mutex } }: { lockdep: typeof lockdep }): Promise<unknown> => {
      const ld = createLockdep();
      const mutex = new Mutex('ledger', { lockdep: ld });
      const log: string[] = [];
      const enter = async (name: string): Promise<void> => {
        const owner = ld.owner(name);
        const guard = await mutex.acquire({ owner });
        log.push(`${name} in, holds ${owner.held.map(({ lock }) => lock.name).join()}`);
        await new Promise((later) => setTimeout(later, 2));
        log.push(`${name} out`);
        guard.release();
      };
      await Promise.all([enter('one'), enter('two')]);
      const again = ld.owner('three');
      await mutex.acquire({ owner: again });
      const refused = await mutex.acquire({ owner: again, timeout: 0 }).then(
        () => 'granted',
        (error: Error) => error.name,
      );
      return { log, refused, rules: ld.violations.map(({ rule }) => rule) };
    };
    return { page: await contend({ lockdep }), worker: await (await startWorker()).run(contend) };
  });
  const expected = {
    log: ['one in, holds ledger', 'one out', 'two in, holds ledger', 'two out'],
    refused: 'LockTimeoutError',
    rules: ['recursion'],
  };
  expect(seen).toEqual({ page: expected, worker: expected });
});

describe('a report of a module that was loaded', () => {
  const place = (line: number): string => `${chromium.origin}/modules/crossed.js:${line}:`;

  it('names its lines, from a page', async () => {
    const snapshot = await chromium.run(
      async ({ load }) => (await load('/modules/crossed.js'))['snapshot'] as Snapshot,
    );
    const report = textReport(snapshot);
    expect(report).toContain('order-cycle');
    expect(report).toContain('auditor asks for ledger while holding audit');
    // Where the second lock of each order is asked for.
    for (const line of [10, 17]) expect(report).toContain(place(line));
    expect(report).toContain('✗ 1 error, 0 warnings');
  });

  it('is the same where the package itself writes it, in a worker', async () => {
    const { report, snapshot } = await chromium.run(async ({ startWorker }) => {
      const worker = await startWorker();
      return worker.run(async ({ lockdep, load }) => {
        const { snapshot } = (await load('/modules/crossed.js')) as { snapshot: Snapshot };
        return { report: lockdep.textReport(snapshot), snapshot };
      });
    });
    expect(report).toContain(place(17));
    expect(report).toBe(textReport(snapshot));
  });
});
