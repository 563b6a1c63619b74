/**
 * The exercises (seed 001, 27.7).
 * 1: what a lock and an unlock cost that nobody else wants, checked and unchecked, against the least that can be called a lock. How many
 *    cycles that are is reckoned with the clock rate that the system names.
 * 2: a waiter that tells the processor that it only waits (`Atomics.pause`, the runtime's hint for WFE or PAUSE) against one that runs in a
 *    bare loop: how long it takes to hand a word to another thread and to get it back. The hint helps where two threads share the
 *    units of one core, and it saves power, which no program can measure here; the way of the word between two cores stays as long.
 *
 *     npm run build && npx ts-node examples/seeds/001-kernel-locks/cost.ts
 */
import { cpus } from 'node:os';
import { built } from '../built.ts';
import { hands, sharedWords, waitFor } from './jobs.ts';

const { createLockdep, RwSpinLock, SpinLock, TicketLock } = built;
const PAIRS = 1_000;
/** So many rounds, and so many answers, but no longer than that. */
const ROUNDS = 1_000;
const ANSWERS = 20_000;
const LONGEST_MS = 1_000;

/** Nanoseconds of one pair: the median of many short rounds, so that a processor that is taken away meanwhile does not count. */
function measure(pairs: () => void): number {
  const samples: number[] = [];
  const end = performance.now() + LONGEST_MS;
  while (samples.length < ROUNDS && performance.now() < end) {
    const start = process.hrtime.bigint();
    pairs();
    samples.push(Number(process.hrtime.bigint() - start) / PAIRS);
  }
  // The first ones run code that is not compiled yet.
  return median(samples.slice(samples.length >> 1));
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >> 1]!;
}

function raw(): () => void {
  const words = sharedWords(1);
  return () => {
    for (let pair = 0; pair < PAIRS; pair++) {
      while (Atomics.compareExchange(words, 0, 0, 1) !== 0) {}
      Atomics.store(words, 0, 0);
    }
  };
}

/** A loop for each lock: it is compiled for that one alone. */
function pairsOf(take: string, give: string): (lock: object) => void {
  return new Function(
    'lock',
    `for (let pair = 0; pair < ${PAIRS}; pair++) { lock.${take}(); lock.${give}(); }`,
  ) as never;
}

function uncontended(): void {
  const gigahertz = (cpus()[0]?.speed ?? 0) / 1000;
  const print = (name: string, ns: number) => {
    const cycles = gigahertz === 0 ? '' : `, about ${Math.round(ns * gigahertz)} cycles`;
    console.log(`${name.padEnd(24)} ${ns.toFixed(1).padStart(6)} ns${cycles}`);
  };
  print('the least', measure(raw()));
  for (const isChecked of [false, true]) {
    const lockdep = createLockdep();
    if (!isChecked) {
      lockdep.switchOff();
    }
    const how = isChecked ? 'checked' : 'unchecked';
    const [simple, ticket] = [new SpinLock('simple', { lockdep }), new TicketLock('ticket', { lockdep })];
    const readWrite = new RwSpinLock('read-write', { lockdep });
    const rows = [
      ['simple', simple, 'lock', 'unlock'],
      ['ticket', ticket, 'lock', 'unlock'],
      ['read-write, read', readWrite, 'lockRead', 'unlockRead'],
      ['read-write, write', readWrite, 'lockWrite', 'unlockWrite'],
    ] as const;
    for (const [name, lock, take, give] of rows) {
      const pairs = pairsOf(take, give);
      print(
        `${name}, ${how}`,
        measure(() => pairs(lock)),
      );
    }
  }
}

/** Nanoseconds until another thread has answered: the median, so that a thread that has no processor just now does not count. */
async function roundTrip(pauses: boolean): Promise<number> {
  const { pause = () => {} } = Atomics as { pause?(): void };
  const words = sharedWords(3);
  words[1] = Number(pauses);
  const [hand] = hands(1, { job: 'answer', handles: [], words, times: 1 });
  waitFor(words, 2);
  const wait = pauses ? pause : () => {};
  const samples: number[] = [];
  const end = performance.now() + LONGEST_MS;
  while (samples.length < ANSWERS && performance.now() < end) {
    const start = process.hrtime.bigint();
    Atomics.store(words, 0, 1);
    while (Atomics.load(words, 0) !== 0) {
      wait();
    }
    samples.push(Number(process.hrtime.bigint() - start));
  }
  Atomics.store(words, 0, 2);
  await hand?.done;
  return median(samples);
}

async function main(): Promise<void> {
  console.log('── exercise 1: an uncontended pair\n');
  uncontended();
  console.log('\n── exercise 2: a pause against a busy loop\n');
  console.log(`busy loop: ${(await roundTrip(false)).toFixed(0)} ns for a round trip`);
  const hasPause = typeof (Atomics as { pause?: unknown }).pause === 'function';
  console.log(
    hasPause
      ? `with pause: ${(await roundTrip(true)).toFixed(0)} ns for a round trip`
      : `this runtime (${process.version}) has no Atomics.pause`,
  );
}

void main();
