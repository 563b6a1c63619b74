/**
 * What a checked acquire and release costs once the step is known, against the floor of that work (one `Map.get` by an
 * integer, one push, one pop) and against an async-mutex that nobody watches. All in one run, as ratios: absolute
 * times are this machine's alone.
 */
import path from 'node:path';
import { Mutex } from 'async-mutex';
import { Bench } from 'tinybench';

/** The built package, as users run it: the TypeScript sources would be measured with their loader. */
const { createLockdep } = require(path.resolve(__dirname, '../dist/cjs/index.js')) as typeof import('../lib/index.ts');

const PAIRS = 1_000;

interface Row {
  readonly name: string;
  /** Nanoseconds for one acquire and release, the median of the samples. */
  readonly nanoseconds: number;
}

function floor(): () => void {
  const known = new Map(Array.from({ length: 64 }, (_, id) => [id * 8, { id }]));
  const stack: unknown[] = [];
  return () => {
    for (let pair = 0; pair < PAIRS; pair++) {
      stack.push(known.get((pair & 63) * 8));
      stack.pop();
    }
  };
}

function checked(depth: number): () => void {
  const lockdep = createLockdep();
  const owner = lockdep.owner('bench');
  const locks = Array.from({ length: depth }, (_, at) => lockdep.lock(`lock ${at}`));
  return () => {
    for (let pair = 0; pair < PAIRS; pair += depth) {
      for (const lock of locks) {
        owner.acquire(lock);
      }
      for (let at = depth - 1; at >= 0; at--) {
        owner.release(locks[at] as (typeof locks)[number]);
      }
    }
  };
}

function unchecked(): () => Promise<void> {
  const mutex = new Mutex();
  return async () => {
    for (let pair = 0; pair < PAIRS; pair++) {
      const release = await mutex.acquire();
      release();
    }
  };
}

async function measure(): Promise<Row[]> {
  const bench = new Bench({ time: 1_000, warmupTime: 300 });
  bench.add('floor: Map.get, push, pop', floor());
  for (const depth of [1, 2, 4]) {
    bench.add(`lockdep, known, depth ${depth}`, checked(depth));
  }
  bench.add('async-mutex, unchecked', unchecked());
  await bench.run();
  return bench.tasks.map(({ name, result }) => {
    if (result.state !== 'completed') {
      throw new Error(`${name}: ${result.state}`);
    }
    return { name, nanoseconds: (result.latency.p50 * 1e6) / PAIRS };
  });
}

async function main(): Promise<void> {
  const rows = await measure();
  const of = (start: string): number => rows.find(({ name }) => name.startsWith(start))?.nanoseconds ?? Number.NaN;
  console.log('acquire + release            ns/pair   × floor   × async-mutex');
  for (const { name, nanoseconds } of rows) {
    const cells = [nanoseconds.toFixed(1).padStart(7), (nanoseconds / of('floor')).toFixed(2).padStart(9)];
    console.log(`${name.padEnd(28)} ${cells.join(' ')} ${(nanoseconds / of('async-mutex')).toFixed(3).padStart(15)}`);
  }
}

void main();
