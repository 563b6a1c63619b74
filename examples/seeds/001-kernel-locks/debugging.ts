/**
 * Lock debugging of a kernel in development (seed 001, 27.6): who holds a lock, a lock that is taken twice, one that is held for too
 * long, and in which lock the processors spin.
 *
 *     npm run build && npx ts-node examples/seeds/001-kernel-locks/debugging.ts
 */
import path from 'node:path';
import { built, report, reportWithStats } from '../built.ts';
import { hands, put, sharedWords, waitFor, workFor } from './jobs.ts';

const { createLockdep, RecursiveLockError, SpinLock } = built;
const THREADS = 3;
const TURNS = 1_000;

/** Who holds the lock, and where he took it. Each lock carries it in shared memory. */
async function owner(): Promise<void> {
  console.log('── owner\n');
  const lock = new SpinLock('device list', { lockdep: createLockdep() });
  const words = sharedWords(2);
  const [hand] = hands(1, { job: 'hold', handles: [lock.handle], words, times: 1 });
  waitFor(words, 0);
  const { holder } = lock;
  console.log(`held by ${holder?.thread}, which took it at ${path.basename(holder?.site?.file ?? '?')}`);
  console.log(`tryLock: ${lock.tryLock()}, held by this thread: ${lock.held()}\n`);
  put(words, 1);
  await hand?.done;
  console.log(`afterwards held by ${lock.holder?.thread ?? 'nobody'}\n`);
}

/** A second lock by the holder is told and thrown. Without the check it would spin for ever. */
function doubleLock(): void {
  console.log('── double lock\n');
  const lockdep = createLockdep();
  const lock = new SpinLock('runqueue', { lockdep });
  lock.lock();
  try {
    lock.lock();
  } catch (error) {
    console.log(error instanceof RecursiveLockError ? 'RecursiveLockError' : error);
  }
  lock.unlock();
  console.log(report(lockdep.snapshot({ ending: 'drained' })));
}

/** A class of locks can have a budget; `longHoldMs` is one for all classes. */
function longHold(): void {
  console.log('── long hold\n');
  const lockdep = createLockdep({ longHoldMs: 10 });
  const quick = new SpinLock('interrupt dispatcher', { lockdep, maxHoldMs: 5 });
  const slow = new SpinLock('log', { lockdep });
  for (const lock of [quick, slow]) {
    lock.run(() => workFor(20));
  }
  console.log(report(lockdep.snapshot({ ending: 'drained' })));
}

/** Several threads want one lock all the time, and now and then another: the profile says which one hurts, and where. */
async function spinProfile(): Promise<void> {
  console.log('── spin profile\n');
  const lockdep = createLockdep();
  const handles = ['run queue', 'statistics'].map((name) => new SpinLock(name, { lockdep }).handle);
  const words = sharedWords(3);
  words[2] = THREADS;
  const snapshots = hands(THREADS, { job: 'hammer', handles, words, times: TURNS, options: { stats: true } });
  console.log(reportWithStats(...(await Promise.all(snapshots.map(({ done }) => done)))));
  console.log(`counted ${words[0]} and ${words[1]}`);
}

async function main(): Promise<void> {
  await owner();
  doubleLock();
  longHold();
  await spinProfile();
}

void main();
