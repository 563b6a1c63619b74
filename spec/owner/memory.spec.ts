// However long a program runs, the checker does not grow: what is over is forgotten.
// LOCKDEP_SPEC_TURNS makes the programs longer, up to 10 million turns.
import path from 'node:path';
import { nodeVersions } from '../support/nodes.ts';
import { ROOT, run } from '../support/run.ts';

const PROGRAM = path.join(__dirname, 'forms/memory/program.mjs');
const TURNS = Math.min(Number(process.env['LOCKDEP_SPEC_TURNS'] ?? 300_000), 10_000_000);
const MOST_BYTES = 2 * 1024 * 1024;

const ways: readonly { readonly way: string; readonly turns: number }[] = [
  { way: 'acquire and release', turns: TURNS },
  { way: 'nested acquires', turns: TURNS },
  { way: 'contended acquires', turns: TURNS },
  { way: 'helpers that hand their lock over', turns: TURNS },
  { way: 'run with a callback', turns: TURNS },
  { way: 'a chain of promises, no lock alive', turns: TURNS },
  { way: 'a chain of promises under a lock', turns: TURNS },
  { way: 'a chain of promises that take locks', turns: TURNS },
  { way: 'acquire and release under a lock', turns: TURNS },
  { way: 'a flow that never returns', turns: TURNS / 3 },
  { way: 'un-awaited children', turns: TURNS / 3 },
  { way: 'un-awaited children born under a lock', turns: TURNS / 3 },
  { way: 'promises that nobody settles', turns: TURNS / 3 },
  { way: 'timers under a lock', turns: TURNS / 3 },
  { way: 'new locks of one class', turns: TURNS / 3 },
];

describe.each(nodeVersions())('on Node $version', ({ path: node }) => {
  it.each(ways)(
    'the heap stays flat: $way, $turns turns',
    async ({ way, turns }) => {
      const { stdout, stderr } = await run(['--expose-gc', PROGRAM, way, String(turns)], {
        node,
        env: { LOCKDEP_ESM: path.join(ROOT, 'dist/esm/index.js') },
        timeoutMs: 60_000 + turns / 10,
      });
      expect(stdout).toMatch(/^\{/);
      const { heaps, held } = JSON.parse(stdout) as { heaps: number[]; held: number };
      const growth = Math.max(...heaps.slice(1)) - (heaps[1] ?? 0);

      expect({ way, isFlat: growth < MOST_BYTES, growth: growth < MOST_BYTES ? 0 : growth }).toEqual({
        way,
        isFlat: true,
        growth: 0,
      });
      expect({ held, stderr }).toEqual({ held: 0, stderr: '' });
    },
    120_000 + TURNS / 10,
  );
});
