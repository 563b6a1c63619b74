import { type ProcessResult, ROOT } from '../support/run.ts';
import { runSeed } from '../support/seeds.ts';
import { golden, type Part, reportedParts, textOf } from './seed-golden.ts';

const FOLDER = '004-levels';
const BEFORE = '3 CPUs, one lock for all memory';
const AFTER = '3 CPUs, one arena of memory for each';

const EXPECTED: readonly Part[] = [
  ['wrong: routine A locks X and then Y, routine B locks Y and then X', ['order-cycle']],
  ['right: one lock, Z, instead of the two', []],
  ['wrong: routine B alone, where X has level 1 and Y level 2', ['level-order']],
  ['right: malloc, a page table, a keyboard driver, and a thread that is woken', []],
  ['wrong: malloc in an interrupt routine', ['irq-inconsistent']],
  ['wrong: malloc under the lock of an IRQ', ['level-order']],
  ['wrong: what the keyboard shares, under the lock of IRQ 5', ['irq-inconsistent']],
  ['wrong: a thread is woken from IRQ 0, with a lock of IRQ 1', ['irq-inconsistent']],
  ['right: a thread is woken from IRQ 0, with a lock of high priority', []],
  [BEFORE, []],
  [AFTER, []],
];

/** `spin_counts[level]`, by level. */
function spinCounts(text: string): ReadonlyMap<number, number> {
  const rows = [...text.matchAll(/^spin_counts\[(\d+)\] +.* (\d+)$/gm)];
  return new Map(rows.map(([, level, spins]) => [Number(level), Number(spins)]));
}

describe(`examples/seeds/${FOLDER}`, () => {
  let result: ProcessResult;

  beforeAll(async () => {
    result = await runSeed(`${FOLDER}/main.ts`);
  });

  test('runs to its end and complains of nothing else', () => {
    expect(result).toMatchObject({ code: 0, signal: null, stderr: '' });
  });

  test('reports exactly these rules', () => {
    expect(reportedParts(result)).toEqual(EXPECTED);
  });

  test('levels panic on the spot, and nothing is taken', () => {
    const panic = textOf(result, 'wrong: routine B alone, where X has level 1 and Y level 2');
    expect(panic).toContain('thrown: LevelOrderError; X is free');
  });

  test('the level with the most spinning is that of malloc, and after the split there is none', () => {
    const [before, after] = [BEFORE, AFTER].map((title) => spinCounts(textOf(result, title)));
    expect([...(before?.keys() ?? [])]).toEqual([10, 20, 39, 50]);
    const most = Math.max(...(before?.values() ?? []));
    expect(most).toBeGreaterThan(0);
    expect(before?.get(10)).toBe(most);
    expect(after?.get(10)).toBe(0);
    expect(result.stdout).toContain('The lock to split: level 10, malloc.');
    expect(result.stdout).toContain('Level 10 falls: 0 spins.');
  });

  test('prints its golden text but for the counts, and names no place outside of the project', () => {
    const printed = result.stdout.replace(/^(spin_counts.* )\d+$/gm, '$1…');
    expect(printed).toBe(golden(FOLDER, printed));
    expect(printed).not.toContain(ROOT);
  });
});
