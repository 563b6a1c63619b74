// Which locks does the running flow hold here? Small programs of every form, each with probes whose right answer is certain,
// run with the built package on every version of Node. What each does stands in `forms/`.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { nodeVersions } from '../support/nodes.ts';
import { ROOT, run } from '../support/run.ts';

const FORMS = path.join(__dirname, 'forms');
const HARNESS = path.join(FORMS, 'harness.mjs');
const PACKAGE = {
  LOCKDEP_ESM: path.join(ROOT, 'dist/esm/index.js'),
  LOCKDEP_CJS: path.join(ROOT, 'dist/cjs/index.js'),
};

/** What no hook of the runtime shows: forms that go on with a lock which came to them out of sight. */
const LIMITS: ReadonlyMap<string, string> = new Map([
  ...[
    'a promise library on queueMicrotask: a guard comes through it',
    'a promise library on setImmediate: a guard comes through it',
    'a guard goes to another flow by the value of a promise',
    'a guard goes to another flow through a channel, and on to a third',
  ].map((name) => [name, 'the guard travels as a plain value, and nobody waits for the flow that got it'] as const),
  ...[
    'a subclass of Promise around an acquire',
    'a subclass of Promise whose then gives the guard on, side by side',
    'combinators of a subclass of Promise',
    'an own property constructor on the promise of an acquire',
    'own properties then and constructor on promises of helpers',
  ].map(
    (name) => [name, 'the promises of a subclass are made by its constructor, which does not say of what'] as const,
  ),
  ['a for await over acquires', 'the promise between iterator and loop does not say what it waits for'],
  ['a helper hands its lock to a flow that began to wait before the package was loaded', 'the wait began before'],
]);

interface FormResult {
  readonly name: string;
  readonly probes: number;
  readonly wrong: readonly { readonly label: string; readonly expected: unknown; readonly actual: unknown }[];
  readonly error: string | null;
}

interface Outcome {
  readonly results: readonly FormResult[];
  /** Errors that no form has caught. */
  readonly unhandled: readonly string[];
}

const files = readdirSync(FORMS)
  .filter((name) => /\.[cm]js$/.test(name) && name !== 'harness.mjs')
  .sort();
const listed = execFileSync(process.execPath, [HARNESS, '--list', ...files], { cwd: FORMS, encoding: 'utf8' });
const names = JSON.parse(listed) as Record<string, readonly string[]>;

async function outcomeOf(file: string, node: string): Promise<Outcome> {
  const { stdout, stderr, code } = await run(['--expose-gc', HARNESS, path.join(FORMS, file)], {
    node,
    env: PACKAGE,
    timeoutMs: 120_000,
  });
  const last = stdout.trim().split('\n').at(-1) ?? '';
  if (!last.startsWith('{')) {
    throw new Error(`${file} ended with ${code} and said nothing of its forms:\n${stdout}\n${stderr}`);
  }
  return JSON.parse(last) as Outcome;
}

it('has a form for each limit', () => {
  expect([...LIMITS.keys()].filter((name) => !Object.values(names).flat().includes(name))).toEqual([]);
});

describe.each(nodeVersions())('on Node $version', ({ path: node }) => {
  describe.each(files)('%s', (file) => {
    let outcome: Outcome;

    beforeAll(async () => {
      outcome = await outcomeOf(file, node);
    }, 130_000);

    const check = (name: string): void => {
      const result = outcome.results.find((one) => one.name === name);

      expect(result).toMatchObject({ wrong: [], error: null });
      expect(result?.probes).toBeGreaterThan(1);
    };
    const all = names[file] ?? [];

    it.each(all.filter((name) => !LIMITS.has(name)))('%s', check);

    for (const name of all.filter((one) => LIMITS.has(one))) {
      it.failing(`${name} (a limit: ${LIMITS.get(name)})`, () => check(name));
    }

    it('leaves no error behind', () => {
      expect(outcome.unhandled).toEqual([]);
    });
  });
});
