/**
 * How the end of a thread is noticed in a browser: each thread holds a Web Lock of its own for as long as it lives, and the others queue for
 * it. The browser gives it on when the thread has ended for certain: after `terminate()` that is some milliseconds for an idle worker, and about
 * two seconds for one that blocks, which runs on until then. Only a thread whose event loop turns is told; it tells all through shared memory.
 * A browser asks for a thread's first Web Lock when that thread comes back to its event loop: until then its end goes unnoticed.
 */
import { builtin } from '../../../owner/runtime.ts';
import { Head, Row, rowOf } from './layout.ts';
import type { Threads } from './threads.ts';

interface WebLocks {
  request(name: string, how: { readonly mode: 'exclusive' | 'shared' }, granted: () => unknown): Promise<unknown>;
}

interface WaitingAtomics {
  /** ES2024. */
  waitAsync?(words: Int32Array, at: number, value: number): { readonly value: unknown };
}

/**
 * From now on the end of this thread is noticed by others, and theirs by this one.
 * @returns resolves once the end of this thread would be noticed; at once where there are no Web Locks
 */
export async function watchWebDeaths(threads: Threads, spaceId: string): Promise<void> {
  const { locks } = (globalThis as { navigator?: { locks?: WebLocks } }).navigator ?? {};
  // Newer versions of Node have Web Locks too, and know better.
  if (locks === undefined || builtin('node:worker_threads') !== undefined) {
    return;
  }
  const { words, own, row } = threads;
  const nameOf = (slot: number): string => `lockdep:${spaceId}:${slot}:${words[rowOf(slot) + Row.JOIN]}`;
  try {
    await new Promise<void>((noticed, refused) => {
      locks
        .request(nameOf(own), { mode: 'exclusive' }, () => {
          Atomics.store(words, row + Row.IS_NOTICED, 1);
          Atomics.add(words, Head.NOTICED, 1);
          Atomics.notify(words, Head.NOTICED);
          noticed();
          // It is held as long as this thread lives.
          return new Promise(() => {});
        })
        .catch(refused);
    });
    void watchOthers(threads, { locks, nameOf });
  } catch {
    // A page without an origin of its own may hold no Web Locks.
  }
}

interface Watch {
  readonly locks: WebLocks;
  readonly nameOf: (slot: number) => string;
}

async function watchOthers(threads: Threads, { locks, nameOf }: Watch): Promise<void> {
  const { words } = threads;
  const watched = new Set<string>();
  const { waitAsync } = Atomics as WaitingAtomics;
  while (waitAsync !== undefined) {
    const seen = Atomics.load(words, Head.NOTICED);
    for (let slot = 1; slot <= threads.highest; slot++) {
      const name = nameOf(slot);
      // One that has not got its Web Lock yet would be told dead at once.
      if (slot !== threads.own && Atomics.load(words, rowOf(slot) + Row.IS_NOTICED) === 1 && !watched.has(name)) {
        watched.add(name);
        void locks.request(name, { mode: 'shared' }, () => {
          watched.delete(name);
          const life = threads.lifeOf(slot);
          if (nameOf(slot) === name) {
            threads.end(slot, life);
          }
        });
      }
    }
    await waitAsync.call(Atomics, words, Head.NOTICED, seen).value;
  }
}
