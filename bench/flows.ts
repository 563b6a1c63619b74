/**
 * What following flows costs: an `await` that has to do with no lock, with the tracker and without; and an acquire and release
 * of a checked Mutex, of one that is off, and of an async-mutex that nobody watches. Each measurement is a process of its own
 * and has its turn several times; ratios of one run, since absolute times are this machine's alone.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const ROUNDS = 3;
const CHILD = path.join(__dirname, 'flows-child.mjs');
const NODES = path.join(__dirname, '../spec/nodes/node_modules');

interface Table {
  readonly title: string;
  /** The first row is what the others are compared with. */
  readonly rows: readonly string[];
}

const TABLES: readonly Table[] = [
  {
    title: 'an await',
    rows: ['await: no tracker', 'await: tracker, no lock in use', 'await: tracker, a lock held elsewhere'],
  },
  {
    title: 'an awaited call',
    rows: ['call: no tracker', 'call: tracker, no lock in use', 'call: tracker, a lock held elsewhere'],
  },
  {
    title: 'acquire and release',
    rows: [
      'pair: async-mutex',
      'pair: Mutex, off',
      'pair: Mutex, checked',
      'pair: Mutex, checked, places of new steps',
      'pair: Mutex, checked, under another',
      'run: Mutex, off',
      'run: Mutex, checked',
    ],
  },
];

/** This Node, and those that the specs have fetched. */
function nodes(): readonly string[] {
  const platform = `${process.platform}-${process.arch}`;
  const others = ['node22', 'node24'].map((name) => path.join(NODES, `${name}-${platform}`, 'bin/node'));
  return [process.execPath, ...others.filter((file) => existsSync(file))];
}

function measure(node: string, what: string): number {
  return Number(execFileSync(node, [CHILD, what, '100000'], { encoding: 'utf8' }));
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >> 1] ?? Number.NaN;
}

for (const node of nodes()) {
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  for (const { title, rows } of TABLES) {
    const samples = new Map(rows.map((row) => [row, [] as number[]]));
    for (let round = 0; round < ROUNDS; round++) {
      for (const row of rows) {
        samples.get(row)?.push(measure(node, row));
      }
    }
    const [first = ''] = rows;
    const base = median(samples.get(first) ?? []);
    console.log(`${`${version}  ${title}`.padEnd(46)} ns  × the first`);
    for (const row of rows) {
      const value = median(samples.get(row) ?? []);
      console.log(`  ${row.padEnd(40)} ${value.toFixed(0).padStart(6)} ${(value / base).toFixed(2).padStart(12)}`);
    }
  }
}
