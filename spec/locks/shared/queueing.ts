/**
 * What fair locks are tried with: threads that are known to have queued one after the other.
 */
import { setImmediate as turn } from 'node:timers/promises';
import type { QueuedSpinLock, SharedLockHandle, TicketLock } from '../../../lib/index.ts';
import { LOCK_HEAD_WORDS } from '../../../lib/locks/shared/memory/layout.ts';
import { startThread, type Thread } from '../../support/threads.ts';

export type Job = Record<string, unknown> & { readonly handles: readonly SharedLockHandle[]; readonly job: string };

/** Places in the words that the threads share. */
export const Word = { COUNTER: 1, LENGTH: 2, GATE: 3, PROOF: 4, LIST: 8 } as const;

export function sharedWords(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(256));
}

export function startQueueing(job: Job): Thread {
  return startThread('queueing.mjs', { words: sharedWords(), threads: 1, times: 1, ...job });
}

/** Resolves once it is so. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    await turn();
  }
}

/**
 * Resolves once one more thread has queued for the lock: its first word is the next ticket of the one, and names who comes last in the
 * other.
 */
export async function oneMore(lock: TicketLock | QueuedSpinLock, come: () => Thread): Promise<Thread> {
  const word = () => Atomics.load(lock.words, LOCK_HEAD_WORDS);
  const before = word();
  const thread = come();
  await until(() => word() !== before);
  return thread;
}

export function open(words: Int32Array): void {
  Atomics.store(words, Word.GATE, 1);
  Atomics.notify(words, Word.GATE);
}

/** Who had the lock, in their order. */
export function listIn(words: Int32Array): number[] {
  return [...words.subarray(Word.LIST, Word.LIST + (words[Word.LENGTH] as number))];
}
