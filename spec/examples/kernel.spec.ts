/**
 * The programs in examples/kernel, run as their README says. What they print is compared byte for byte with spec/golden/examples;
 * `UPDATE_GOLDEN=1 npx jest spec/examples` writes it anew.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ProcessResult, ROOT, run } from '../support/run.ts';

const GOLDEN = join(ROOT, 'spec/golden/examples');
/** Quick: the types are checked with those of the whole project, by `npm run check`. */
const ENV = {
  TS_NODE_TRANSPILE_ONLY: 'true',
  TS_NODE_COMPILER_OPTIONS: JSON.stringify({ isolatedDeclarations: false, rootDir: ROOT }),
};
const HELPERS = ['machine.ts', 'report.ts'];

/** The rules that each part of a program reports, in the order in which it prints them. */
const PROGRAMS: Readonly<Record<string, readonly (readonly [part: string, rules: readonly string[]])[]>> = {
  'device-list': [
    ['wrong: a plain lock in the threads', ['irq-inconsistent']],
    ['right: interrupts are off while a thread has the lock', []],
  ],
  levels: [
    ['wrong: down from the level of an IRQ to a low one', ['level-order']],
    ['wrong: malloc in a handler', ['irq-inconsistent']],
    ['wrong: the lock of another IRQ', ['irq-inconsistent']],
    ['right', []],
  ],
  realtime: [
    ['a spinlock under a raw spinlock, real-time kernel', ['wait-context']],
    ['a spinlock under a raw spinlock, any other kernel', []],
    ['a mutex under a spinlock, real-time kernel', ['wait-context']],
    ['a mutex under a spinlock, any other kernel', ['wait-context']],
    ['sleep under a spinlock, real-time kernel', ['sleep-while-held']],
    ['sleep under a spinlock, any other kernel', ['sleep-while-held']],
    ['a spinlock in a handler that is not threaded, real-time kernel', ['wait-context']],
    ['a spinlock in a handler that is not threaded, any other kernel', []],
    ['a spinlock in a threaded handler, real-time kernel', []],
    ['a spinlock in a threaded handler, any other kernel', []],
  ],
  ordering: [
    ['wrong: A, and B when A is through: done', ['order-cycle']],
    ['wrong: A and B at once: hung', ['order-cycle']],
    ['wrong: B alone, with the order declared: done', ['declared-order']],
    ['right: A on both CPUs, with the order declared: done', []],
  ],
  pollers: [
    ['wrong: locked before it is initialised', ['uninitialised']],
    ['wrong: locked by code that no thread of SPDK runs', ['no-owner']],
    ['wrong: a poller returns with the lock', ['held-at-exit']],
    ['wrong: a message that is waited for, with the lock held', ['sleep-while-held']],
    ['wrong: destroyed while it is held', ['held-destroy']],
    ['wrong: used after it is destroyed', ['use-after-destroy']],
    ['wrong: a page is claimed while another thread has the lock', ['assert-held']],
    ['right', []],
  ],
};

describe.each(Object.entries(PROGRAMS))('examples/kernel/%s.ts', (name, expected) => {
  let result: ProcessResult;

  beforeAll(async () => {
    const file = join('examples/kernel', `${name}.ts`);
    result = await run(['--require', 'ts-node/register', file], { env: ENV, timeoutMs: 55_000 });
  });

  test('runs to its end and complains of nothing else', () => {
    expect(result).toMatchObject({ code: 0, signal: null, stderr: '' });
  });

  test('reports exactly these rules', () => {
    expect(partsOf(result.stdout)).toEqual(expected);
  });

  test('prints its golden text', () => {
    const file = join(GOLDEN, `kernel-${name}.txt`);
    if (process.env['UPDATE_GOLDEN'] === '1') {
      writeFileSync(file, result.stdout);
    }
    expect(result.stdout).toBe(existsSync(file) ? readFileSync(file, 'utf8') : `(there is no golden text ${file})`);
  });

  test('names no place outside of the project', () => {
    expect(result.stdout).not.toContain(ROOT);
  });
});

test('no program is left out', () => {
  const files = readdirSync(join(ROOT, 'examples/kernel')).filter((file) => file.endsWith('.ts'));
  expect(files.filter((file) => !HELPERS.includes(file)).sort()).toEqual(
    Object.keys(PROGRAMS)
      .map((name) => `${name}.ts`)
      .sort(),
  );
});

/** Title and rules of each part. An error begins with ✗, a warning with !; the last line of a part names no rule. */
function partsOf(output: string): (readonly [string, readonly string[]])[] {
  return output
    .split(/^── /m)
    .slice(1)
    .map((part) => {
      const [title = ''] = part.split('\n');
      return [title, [...part.matchAll(/^[✗!] ([a-z-]+) {2}/gm)].map(([, rule = '']) => rule)];
    });
}
