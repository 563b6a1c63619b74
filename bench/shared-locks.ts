/**
 * What the locks over shared memory cost, checked and unchecked: one thread alone, and two and four that want the same lock all the time;
 * against the least that can be called a lock (one compare-and-exchange and one store), against a careful lock written by hand without
 * a checker, and against an async-mutex that nobody watches. Each measurement is a process of its own and has its turn several times;
 * ratios of one run, since absolute times are this machine's alone. With fewer processors than threads, what threads cost that
 * want one lock says more of the system's scheduler than of the lock.
 */
import { execFileSync } from 'node:child_process';
import path from 'node:path';

const ROUNDS = 3;
const CHILD = path.join(__dirname, 'shared-locks-child.mjs');
const THREADS = [2, 4];

interface Measure {
  readonly title: string;
  readonly args: readonly string[];
  readonly isOff?: boolean;
}

function child(args: readonly string[], isOff: boolean): string {
  const env: NodeJS.ProcessEnv = { ...process.env, ...(isOff ? { LOCKDEP: 'off' } : {}) };
  if (!isOff) {
    delete env['LOCKDEP'];
  }
  return execFileSync(process.execPath, [CHILD, ...args], {
    encoding: 'utf8',
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >> 1] ?? Number.NaN;
}

/** Nanoseconds of each, the median of several turns. */
function measure(measures: readonly Measure[]): readonly number[] {
  const samples = measures.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [at, { args, isOff = false }] of measures.entries()) {
      samples[at]?.push(Number(child(args, isOff)));
    }
  }
  return samples.map(median);
}

/** The first two rows are what the others are compared with. */
function print(title: string, measures: readonly Measure[]): void {
  const values = measure(measures);
  const [raw = Number.NaN, asyncMutex = Number.NaN] = values;
  console.log(`${title.padEnd(44)}       ns   × raw   × async-mutex`);
  for (const [at, { title: name }] of measures.entries()) {
    const value = values[at] ?? Number.NaN;
    const cells = [value.toFixed(1).padStart(8), (value / raw).toFixed(2).padStart(7)];
    console.log(`  ${name.padEnd(42)} ${cells.join(' ')} ${(value / asyncMutex).toFixed(3).padStart(15)}`);
  }
  console.log('');
}

function measuresOf(locks: readonly string[], threads: number): readonly Measure[] {
  const args = (lock: string) => (threads === 1 ? ['alone', lock] : ['contended', lock, String(threads)]);
  return [
    { title: 'raw', args: args('raw') },
    { title: 'async-mutex, unchecked', args: ['async-mutex', String(threads)] },
    { title: 'hand-written', args: args('hand-written') },
    ...locks.flatMap((lock) => [
      { title: `${lock}, off`, args: args(lock), isOff: true },
      { title: `${lock}, checked`, args: args(lock) },
    ]),
  ];
}

const locks = JSON.parse(child(['names'], false)) as readonly string[];
print('one thread', measuresOf(locks, 1));
for (const threads of THREADS) {
  print(`${threads} threads that want it all the time`, measuresOf(locks, threads));
}
