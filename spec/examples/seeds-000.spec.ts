/**
 * examples/seeds/000-spin-of-death: threads that spin keep the one that holds the lock from the processor; threads that park do not.
 * How long it takes is for the machine to say: what is checked is how often it is longer.
 */
import type { ProcessResult } from '../support/run.ts';
import { numbersIn, partsOf, rulesIn, runSeed } from '../support/seeds.ts';

const SPIN = 'through a spinlock';
const PARK = 'through a parking once';

describe('examples/seeds/000-spin-of-death/main.ts', () => {
  let result: ProcessResult;
  let parts: ReadonlyMap<string, string>;

  beforeAll(async () => {
    result = await runSeed('000-spin-of-death/main.ts');
    parts = partsOf(result);
  });

  test('runs to its end and complains of nothing else', () => {
    expect(result).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect([...parts.keys()]).toEqual([SPIN, PARK, 'ratio']);
  });

  test('has more threads than there are processors, and says what the system made of their priorities', () => {
    const [low, high, processors] = numbersIn(
      result.stdout,
      /^(\d+) thread of low priority \(.+\)\n(\d+) threads of high priority \(.+\)\n(\d+) processors\n/,
    );
    expect(low).toBe(1);
    expect(high).toBeGreaterThan(processors as number);
  });

  test('makes the value once in each half, and the same one', () => {
    const made = [SPIN, PARK].map((part) => numbersIn(parts.get(part), /; made (\d+) time: (\d+)/));
    expect(made).toEqual([
      [1, 17_984],
      [1, 17_984],
    ]);
  });

  test('spins for many times as long as it parks, and for many times the processor time', () => {
    const [wall = 0, cpu = 0] = numbersIn(parts.get('ratio'), /wall time ([\d.]+), CPU time ([\d.]+)/);
    expect(wall).toBeGreaterThan(2);
    expect(cpu).toBeGreaterThan(4);
  });

  test('reports the inversion of those that spin, with the holder and what it got of a processor', () => {
    expect(rulesIn(parts.get(SPIN))).toEqual(['priority-inversion']);
    expect(parts.get(SPIN)).toMatch(/worker \d \(priority 10\)\s+spun\s+for\s+\d+\s+ms\s+on\s+slow\s+value;/);
    expect(parts.get(SPIN)).toMatch(/its\s+holder\s+worker\s+1\s+\(priority\s+1\)\s+got/);
  });

  // Other programs can take the processor from who holds it: that is an inversion too, but nobody here spins for it.
  test('reports no spinning of those that park', () => {
    expect(parts.get(PARK)).not.toMatch(/\bspun\b/);
  });
});
