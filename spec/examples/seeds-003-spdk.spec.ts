import { type ProcessResult, ROOT } from '../support/run.ts';
import { runSeed } from '../support/seeds.ts';
import { golden, type Part, reportedParts, textOf } from './seed-golden.ts';

const FOLDER = '003-spdk';
const WRONG = 'the story: one path without the lock';
const RIGHT = 'the story: after the conversion';

const RULES: readonly Part[] = [
  ['rule 1: initialise the lock before its first use', ['uninitialised']],
  ['rule 2: lock from an SPDK thread only', ['no-owner']],
  ['rule 3: unlock before the poller returns', ['held-at-exit']],
  ['rule 4: send no message that is waited for, while holding', ['sleep-while-held']],
  ['rule 5: destroy the lock when it is done with', ['use-after-destroy']],
];

const REST: readonly Part[] = [
  ['left to itself', ['held-at-exit']],
  ['all rules kept', []],
  ['the advice: assert(lock.held()), where it is not', []],
  [WRONG, ['assert-held']],
  [RIGHT, []],
];

describe(`examples/seeds/${FOLDER}`, () => {
  let result: ProcessResult;

  beforeAll(async () => {
    result = await runSeed(`${FOLDER}/main.ts`);
  });

  test('runs to its end and complains of nothing else', () => {
    expect(result).toMatchObject({ code: 0, signal: null, stderr: '' });
  });

  test('breaks each rule once, with one finding each', () => {
    expect(reportedParts(result)).toEqual([...RULES, ...REST]);
  });

  test.each(RULES)('%s: the lock throws', (title) => {
    expect(textOf(result, title)).toMatch(/^\nthrown: OwnedLockError\n/);
  });

  test('left to itself it aborts, before the program goes on', () => {
    expect(textOf(result, 'left to itself')).toContain('prints "", and ends with SIGABRT:');
  });

  test('held() counts as an assertion', () => {
    const title = 'the advice: assert(lock.held()), where it is not';
    expect(textOf(result, title)).toContain('thrown: AssertionError');
  });

  test('the missing lock is found where the page is claimed, with the place where the other thread took it', () => {
    const story = textOf(result, WRONG);
    expect(story).toContain("Assertion 'get(used_md_pages, page) == false' failed\npages in use: 1");
    expect(story).toContain('io_thread does not hold used_lock; md_thread (worker 2) holds it.');
    expect(story).toMatch(/asserted +examples\/seeds\/003-spdk\/blobstore\.ts:/);
    expect(story).toMatch(/taken by md_thread \(worker 2\) +examples\/seeds\/003-spdk\/thread\.ts:/);
  });

  test('with the lock each thread has a page of its own', () => {
    const lines = ['io_thread claims page 1', 'md_thread claims page 0', 'pages in use: 2'];
    expect(textOf(result, RIGHT)).toContain(lines.join('\n'));
  });

  test('prints its golden text, which names no place outside of the project', () => {
    expect(result.stdout).toBe(golden(FOLDER, result.stdout));
    expect(result.stdout).not.toContain(ROOT);
  });
});
