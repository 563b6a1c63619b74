/**
 * examples/seeds/001-kernel-locks: the chapter on spinlocks, with real threads.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ProcessResult, ROOT } from '../support/run.ts';
import { numbersIn, partsOf, rulesIn, runSeed } from '../support/seeds.ts';

const FOLDER = '001-kernel-locks';
const PROGRAMS = ['cost', 'debugging', 'fairness', 'irq-safe', 'read-write'];
const HELPERS = ['jobs', 'thread'];
const results = new Map<string, ProcessResult>();

function outputOf(program: string): ReadonlyMap<string, string> {
  const result = results.get(program);
  return result === undefined ? new Map() : partsOf(result);
}

describe.each(PROGRAMS)('examples/seeds/001-kernel-locks/%s.ts', (program) => {
  test('runs to its end and complains of nothing else', async () => {
    results.set(program, await runSeed(`${FOLDER}/${program}.ts`));
    expect(results.get(program)).toMatchObject({ code: 0, signal: null, stderr: '' });
  });

  test('names no place outside of the project', () => {
    expect(results.get(program)?.stdout).not.toContain(ROOT);
  });
});

describe('what a kernel in development sees of its locks', () => {
  test('who holds a lock that is taken in another thread, and where he took it', () => {
    const part = outputOf('debugging').get('owner');
    expect(part).toContain('held by worker 1, which took it at thread.ts\n');
    expect(part).toContain('tryLock: false, held by this thread: false\n');
    expect(part).toContain('afterwards held by nobody\n');
  });

  test('a lock that its holder takes twice: it is told and thrown', () => {
    const part = outputOf('debugging').get('double lock');
    expect(part).toMatch(/^RecursiveLockError$/m);
    expect(rulesIn(part)).toEqual(['recursion']);
  });

  test('a long hold: an error by the budget of its class, a warning by that of all', () => {
    const part = outputOf('debugging').get('long hold');
    expect(rulesIn(part)).toEqual(['long-hold', 'long-hold']);
    expect(part).toMatch(/^✗ long-hold {3}interrupt dispatcher, /m);
    expect(part).toMatch(/^! long-hold {3}log, /m);
  });

  test('in which lock the threads spin: that under which the other is taken', () => {
    const part = outputOf('debugging').get('spin profile');
    expect(part).toMatch(/^ {2}class +acquired +waits +spins +waited /m);
    const [acquired, waits] = numbersIn(part?.replaceAll(',', ''), /^ {2}run queue +(\d+) +(\d+) /m);
    expect(acquired).toBe(3000);
    expect(waits).toBeGreaterThan(0);
    expect(numbersIn(part, /^ {2}statistics +(\d+) +(\d+) /m)).toEqual([300, 0]);
    // Beyond 64 waits the places are those of a sample, which the table says.
    expect(part).toMatch(/waited longest in all.*\n {6}run queue {2}~?\d+/);
  });

  test('and the locks excluded each other meanwhile', () => {
    expect(outputOf('debugging').get('spin profile')).toMatch(/^counted 3000 and 300$/m);
  });
});

describe('fairness', () => {
  const spreadOf = (lock: string): readonly number[] =>
    numbersIn(results.get('fairness')?.stdout, new RegExp(`^${lock} .* most (\\d+), least (\\d+)$`, 'm'));

  test('all grants are counted, once', () => {
    const { stdout = '' } = results.get('fairness') ?? {};
    const [grants] = numbersIn(stdout, /^(\d+) grants, /);
    const counted = [...stdout.matchAll(/^(?:simple|ticket) +([\d ]+?) {3}most/gm)].map(([, counts = '']) =>
      counts.split(' ').reduce((sum, count) => sum + Number(count), 0),
    );
    expect(counted).toEqual([grants, grants]);
  });

  // Who loses the processor between two grants stands in no queue meanwhile: on a busy machine that can be most of a run.
  test('a ticket lock serves all alike, a simple one does not', async () => {
    const seen: (readonly [number, number])[] = [];
    for (let run = 0; run < 8 && !seen.some(([ticket, simple]) => ticket < 2 && simple > 2); run++) {
      if (run > 0) {
        results.set('fairness', await runSeed(`${FOLDER}/fairness.ts`));
      }
      const [[most = 0, least = 0], [simpleMost = 0, simpleLeast = 0]] = [spreadOf('ticket'), spreadOf('simple')];
      seen.push([most / Math.max(least, 0.5), simpleMost / Math.max(simpleLeast, 0.5)]);
    }
    expect(seen.some(([ticket, simple]) => ticket < 2 && simple > 2)).toBe(true);
  });
});

describe('interrupts', () => {
  test('a lock that is taken with interrupts off is safe', () => {
    const part = outputOf('irq-safe').get('right: interrupts are off while the thread has the lock');
    expect(part).toContain('interrupted meanwhile: false\ninterrupted afterwards: true\n');
    expect(rulesIn(part)).toEqual([]);
  });

  test('one that is not is told of, although no interrupt came at the wrong moment', () => {
    const part = outputOf('irq-safe').get('wrong: interrupts are on, and none comes while the thread has the lock');
    expect(part).toContain('devices: disk, mouse\n');
    expect(rulesIn(part)).toEqual(['irq-inconsistent']);
  });

  test('where it comes, the handler does not hang', () => {
    const part = outputOf('irq-safe').get('wrong, and one does come');
    expect(part).toContain('RecursiveLockError in the handler\ndevices: disk\n');
    expect(rulesIn(part)).toEqual(['recursion', 'irq-inconsistent']);
  });
});

test('readers come in together, writers alone', () => {
  const { stdout } = results.get('read-write') ?? {};
  expect(stdout).toContain('3 readers, 2000 reads each: 3 readers at a time, 0 reads of something half-written\n');
  expect(stdout).toContain('2 writers, 500 writes each: 1000 and 1000\n');
});

test('the exercises measure each lock, checked and unchecked, and the way of a word', () => {
  const first = outputOf('cost').get('exercise 1: an uncontended pair') ?? '';
  const rows = new Map(
    [...first.matchAll(/^(.+?) +([\d.]+) ns/gm)].map(([, name = '', ns = '']) => [name, Number(ns)]),
  );
  const locks = ['simple', 'ticket', 'read-write, read', 'read-write, write'];
  const ways = ['unchecked', 'checked'].flatMap((way) => locks.map((lock) => `${lock}, ${way}`));
  expect([...rows.keys()]).toEqual(['the least', ...ways]);
  expect(Math.min(...rows.values())).toBeGreaterThan(0);
  const second = outputOf('cost').get('exercise 2: a pause against a busy loop') ?? '';
  expect(second).toMatch(/^busy loop: \d+ ns for a round trip$/m);
  expect(second).toMatch(/^(?:with pause: \d+ ns for a round trip|this runtime \(v.+\) has no Atomics\.pause)$/m);
});

test('no program is left out', () => {
  const files = readdirSync(join(ROOT, 'examples/seeds', FOLDER)).filter((file) => file.endsWith('.ts'));
  expect(files.sort()).toEqual([...PROGRAMS, ...HELPERS].sort().map((name) => `${name}.ts`));
});
