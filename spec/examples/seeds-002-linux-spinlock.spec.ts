import { type ProcessResult, ROOT } from '../support/run.ts';
import { runSeed } from '../support/seeds.ts';
import { golden, type Part, reportedParts, textOf } from './seed-golden.ts';

const FOLDER = '002-linux-spinlock';

const EXPECTED: readonly Part[] = [
  ['wrong: spin_lock in a task, and in an interrupt handler', ['irq-inconsistent']],
  ['wrong: the same, and the interrupt comes while the lock is held', ['recursion', 'irq-inconsistent']],
  ['right: spin_lock_irqsave in the task', []],
  ['wrong: spin_lock in a task, and in a softirq', ['irq-inconsistent']],
  ['right: spin_lock_bh in the task', []],
  ['right: spin_trylock', []],
  ['wrong: spin_lock twice', ['recursion']],
  ['wrong: kmalloc(size, GFP_KERNEL) with the lock held', ['sleep-while-held']],
  ['right: kmalloc(size, GFP_ATOMIC) with the lock held', []],
  ['wrong: return -EINVAL with the lock held', ['held-at-exit']],
  ['right: two CPUs count with spin_lock_irqsave', []],
  ['wrong: A and then B on one CPU, B and then A on the other', ['order-cycle']],
  ['spin_lock under raw_spin_lock, real-time kernel', ['wait-context']],
  ['spin_lock under raw_spin_lock, any other kernel', []],
  ['raw_spin_lock under spin_lock, real-time kernel', []],
  ['raw_spin_lock under spin_lock, any other kernel', []],
  ['spin_lock in a handler that is not threaded, real-time kernel', ['wait-context']],
  ['spin_lock in a handler that is not threaded, any other kernel', []],
  ['spin_lock in a threaded handler, real-time kernel', []],
  ['spin_lock in a threaded handler, any other kernel', []],
];

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

  test('refuses what would spin for ever', () => {
    for (const title of ['wrong: the same, and the interrupt comes while the lock is held', 'wrong: spin_lock twice']) {
      expect(textOf(result, title)).toContain('thrown: RecursiveLockError');
    }
  });

  test('loses no count of two CPUs, and names both of them in the cycle', () => {
    expect(textOf(result, 'right: two CPUs count with spin_lock_irqsave')).toContain('counted 4000 of 4000');
    const cycle = textOf(result, 'wrong: A and then B on one CPU, B and then A on the other');
    expect(cycle).toContain('cpu1 asks for A while holding B; cpu0 went the other way round.');
    expect(cycle).toMatch(/B taken +examples\/seeds\/002-linux-spinlock\/cpu\.ts:/);
    expect(cycle).toMatch(/A taken +examples\/seeds\/002-linux-spinlock\/main\.ts:/);
  });

  test('prints its golden text, which names no place outside of the project', () => {
    expect(result.stdout).toBe(golden(FOLDER, result.stdout));
    expect(result.stdout).not.toContain(ROOT);
  });
});
