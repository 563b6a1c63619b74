/**
 * Why the checkers of several threads tell each other news through a log in shared memory, and not by messages: how long it takes until a record
 * is known to another thread, and what it costs the one who tells it and the one who learns it. Each measurement is a process of
 * its own and has its turn several times.
 *
 * What no figure shows: a thread that spins or sleeps for a lock, or computes, learns nothing by messages until it is back in its event
 * loop; the log is read in the middle of it. `receiveMessageOnPort` does so as well, but there is no such thing in a browser, each
 * pair of threads needs a channel, and there is no one order of all messages, which tells whose step closed a cycle.
 */
import { execFileSync } from 'node:child_process';
import path from 'node:path';

const ROUNDS = 7;
const CHILD = path.join(__dirname, 'shared-news-child.mjs');

const TABLES: ReadonlyMap<string, readonly string[]> = new Map([
  ['until another thread knows', ['log, spinning', 'log, asleep', 'messages, polled', 'messages, event loop']],
  ['to tell', ['log, published', 'messages, published']],
  ['to learn', ['log, imported', 'messages, imported']],
  ['to learn that there is nothing', ['log, nothing new', 'messages, nothing new']],
]);

function measure(what: string): number {
  return Number(execFileSync(process.execPath, [CHILD, what], { encoding: 'utf8' }));
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >> 1] ?? Number.NaN;
}

for (const [title, rows] of TABLES) {
  const samples = rows.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [at, row] of rows.entries()) {
      samples[at]?.push(measure(row));
    }
  }
  const values = samples.map(median);
  console.log(`${title.padEnd(36)}      ns  × the first`);
  for (const [at, row] of rows.entries()) {
    const value = values[at] ?? Number.NaN;
    console.log(
      `  ${row.padEnd(32)} ${value.toFixed(0).padStart(9)} ${(value / (values[0] ?? 1)).toFixed(2).padStart(12)}`,
    );
  }
}
