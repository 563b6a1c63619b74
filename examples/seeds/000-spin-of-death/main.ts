/**
 * Spinlocks considered harmful (seed 000): 1 + N threads want a value that is slow to make. The first one, of low priority, makes it; the
 * others, of high priority and more than there are processors, wait for it. Once they spin: then they keep the very processors busy
 * that the first thread needs to come to its end. Once they park: then it has a processor for itself.
 *
 * On Linux the priorities are real where that is permitted: each thread gets a niceness of its own. To be less urgent is always
 * permitted, to be more urgent is not. With real-time priorities, as in the seed, the spinning half would never end.
 *
 *     npm run build && npx ts-node examples/seeds/000-spin-of-death/main.ts
 */
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { built, THREAD } from '../built.ts';
import { HALVES, type HalfName, type Role, type Said, Word, wordsOf } from './halves.ts';

const { createLockdep, SharedOnce, SpinLock } = built;
const LOW = { priority: 1, nice: 10 };
const HIGH = { priority: 10, nice: -3 };
const PROCESSORS = availableParallelism();
const URGENT = 2 * PROCESSORS + 1;

interface Result {
  readonly said: readonly Said[];
  readonly wallMs: number;
  readonly cpuMs: number;
}

const words = new Int32Array(new SharedArrayBuffer(4 * HALVES.length * Word.WORDS));
// A checker for each, so that each half is told of by itself.
const handles = {
  spin: new SpinLock('slow value', { lockdep: createLockdep() }).handle,
  once: new SharedOnce('slow value, once', { lockdep: createLockdep() }).handle,
};

function start(name: string, isUrgent: boolean): Worker {
  const role: Role = { name, handles, words, urgent: URGENT, isUrgent, ...(isUrgent ? HIGH : LOW) };
  return new Worker(path.join(__dirname, 'thread.ts'), { ...THREAD, workerData: role, name });
}

/** What all of them say, in the order in which they were started. */
async function said(threads: readonly Worker[]): Promise<readonly Said[]> {
  return (await Promise.all(threads.map((thread) => once(thread, 'message')))).map(([one]) => one as Said);
}

async function measure(half: HalfName, threads: readonly Worker[]): Promise<Result> {
  const all = said(threads);
  const [cpu, since] = [process.cpuUsage(), performance.now()];
  Atomics.store(words, wordsOf(half) + Word.STARTED, 1);
  Atomics.notify(words, wordsOf(half) + Word.STARTED);
  const found = await all;
  const { user, system } = process.cpuUsage(cpu);
  return { said: found, wallMs: performance.now() - since, cpuMs: (user + system) / 1000 };
}

function printPriorities(low: Said, high: Said): void {
  console.log(`1 thread of low priority (${niceness(low, LOW.nice)})`);
  console.log(`${URGENT} threads of high priority (${niceness(high, HIGH.nice)})`);
  console.log(`${PROCESSORS} processors\n`);
}

function niceness({ refusal }: Said, nice: number): string {
  return refusal === null
    ? `nice ${nice}`
    : `declared to the checker alone: the system refuses nice ${nice}, ${refusal}`;
}

function print(title: string, half: HalfName, { said: all, wallMs, cpuMs }: Result): void {
  const [made, value] = [Word.MADE, Word.VALUE].map((word) => words[wordsOf(half) + word]);
  const finders = all.filter(({ found }) => found.length > 0);
  console.log(`── ${title}\n`);
  console.log(`wall time ${wallMs.toFixed(0)} ms, CPU time ${cpuMs.toFixed(0)} ms; made ${made} time: ${value}`);
  console.log(`${finders.length} of ${URGENT} waiters report something\n`);
  console.log(finders[0]?.report ?? '');
  if (half === 'once' && finders.length > 0) {
    console.log('Nobody here keeps the processors from the first thread: other programs on this machine do.\n');
  }
}

async function main(): Promise<void> {
  const threads = [start('low', false), ...Array.from({ length: URGENT }, (_, at) => start(`high ${at + 1}`, true))];
  const [low, ...high] = await said(threads);
  printPriorities(low!, high[0]!);
  const spin = await measure('spin', threads);
  print('through a spinlock', 'spin', spin);
  const parked = await measure('once', threads);
  print('through a parking once', 'once', parked);
  const ratio = (one: number, other: number) => (one / other).toFixed(1);
  console.log(
    `── ratio\n\nwall time ${ratio(spin.wallMs, parked.wallMs)}, CPU time ${ratio(spin.cpuMs, parked.cpuMs)}`,
  );
}

void main();
