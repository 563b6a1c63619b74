/**
 * What the specs of the parking locks have in common.
 */
import type * as Lockdep from '../../../lib/index.ts';
import type { SharedLockHandle } from '../../../lib/index.ts';
import { startThread, type Thread } from '../../support/threads.ts';

/** The package that the threads run too, so that this one shares its memory layout and its checker with nobody else. */
export const built: typeof Lockdep = require('../../../dist/cjs/index.js') as typeof Lockdep;

export type Job = Record<string, unknown> & { readonly handles?: readonly SharedLockHandle[]; readonly job: string };

export function words(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(64));
}

export function start(job: Job): Thread {
  return startThread('parking.mjs', { words: words(), threads: 1, times: 1, ...job });
}

/** So many threads with the same job, each with its number. */
export function startAll(count: number, job: Job): readonly Thread[] {
  return Array.from({ length: count }, (_, at) => start({ threads: count, seed: at + 1, at, ...job }));
}

/** All messages of threads that end. */
export async function allOf(threads: readonly Thread[]): Promise<readonly unknown[]> {
  return (await Promise.all(threads.map((thread) => thread.end()))).flat();
}

/** Waits, on this thread, until the word has at least that value. */
export function until(shared: Int32Array, place: number, least: number): void {
  for (let seen = Atomics.load(shared, place); seen < least; seen = Atomics.load(shared, place)) {
    if (Atomics.wait(shared, place, seen, 20_000) === 'timed-out') {
      throw new Error(`word ${place} is still ${seen}, and not ${least}`);
    }
  }
}

/** Waits, without blocking, until the word has at least that value. */
export async function untilAsync(shared: Int32Array, place: number, least: number): Promise<void> {
  const atomics = Atomics as unknown as {
    waitAsync(words: Int32Array, at: number, value: number): { readonly value: Promise<string> | string };
  };
  const alive = setInterval(() => undefined, 1_000);
  try {
    for (let seen = Atomics.load(shared, place); seen < least; seen = Atomics.load(shared, place)) {
      await atomics.waitAsync(shared, place, seen).value;
    }
  } finally {
    clearInterval(alive);
  }
}

export function raise(shared: Int32Array, place: number): void {
  Atomics.add(shared, place, 1);
  Atomics.notify(shared, place);
}

/** Numbers from 0 to 1, the same for the same seed (Park and Miller). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** Name of the error that something throws, or that it rejects with. */
export async function errorOf(work: () => unknown): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return (error as Error).name;
  }
}

/**
 * Ends threads that contend, one at a time at points that nobody knows, and starts others. The rest goes on after each: word 3 counts what they do.
 */
export async function churn(job: Job & { readonly words: Int32Array }, rounds: number): Promise<void> {
  const random = randomFrom(rounds);
  const progress = () => Atomics.load(job.words, 3);
  const next = (seed: number) => start({ ...job, seed });
  const running = [next(1), next(2), next(3)];
  await untilAsync(job.words, 0, 3);
  for (let round = 0; round < rounds; round++) {
    const victim = Math.floor(random() * running.length);
    // Some time in which it does something, and in which nothing can be awaited: each point has to be possible.
    for (let turns = Math.floor(random() * 40_000); turns > 0; turns--) {
      Atomics.load(job.words, 3);
    }
    await running[victim]?.kill();
    const before = progress();
    const since = performance.now();
    while (progress() < before + 20) {
      if (performance.now() - since > 20_000) {
        throw new Error(`round ${round}: the others hang after ${before} steps`);
      }
      await new Promise((later) => setImmediate(later));
    }
    running[victim] = next(round + 4);
  }
  await Promise.all(running.map((thread) => thread.kill()));
}
