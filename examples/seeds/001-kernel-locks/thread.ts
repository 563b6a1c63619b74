/** A thread of these examples: does its job, and posts what its checker saw. */
import { parentPort, workerData } from 'node:worker_threads';
import { built } from '../built.ts';
import { type Job, type JobName, put, waitFor, workFor } from './jobs.ts';

const { createLockdep, RwSpinLock, SpinLock, TicketLock } = built;
const { job, handles, words, at, times, options } = workerData as Job;
const lockdep = createLockdep(options);

const JOBS: Readonly<Record<JobName, () => void>> = { hold, grab, hammer, read, write, answer };

/** Locks, and holds it until word 1 is set. Word 0 says that it has it. */
function hold(): void {
  const lock = simple(0);
  lock.lock();
  put(words, 0);
  waitFor(words, 1);
  lock.unlock();
}

/**
 * Takes the lock again and again, until all together have had it so often. Word 0: threads that have come; word 1: grants that count;
 * from word 2 on: those of each thread. A grant counts once every thread has had one.
 */
function grab(): void {
  const [handle] = handles;
  const lock = handle?.type === 'TicketLock' ? TicketLock.from(handle, { lockdep }) : simple(0);
  const threads = words.length - 2;
  for (let isNew = true, isOver = false; !isOver; isNew = false) {
    lock.lock();
    words[0]! += Number(isNew);
    isOver = words[1]! >= times;
    if (words[0] === threads && !isOver) {
      words[1]! += 1;
      words[2 + at]! += 1;
    }
    lock.unlock();
  }
}

/**
 * Takes a lock that all want, and under it now and then one that few want. Word 0 and 1 are what they guard. Word 2: threads that
 * have yet to come; none begins before all are there.
 */
function hammer(): void {
  const [hot, cold] = [simple(0), simple(1)];
  Atomics.sub(words, 2, 1);
  while (Atomics.load(words, 2) > 0) {}
  for (let turn = 0; turn < times; turn++) {
    hot.lock();
    words[0]! += 1;
    workFor(0.01);
    if (turn % 10 === 0) {
      cold.lock();
      words[1]! += 1;
      cold.unlock();
    }
    hot.unlock();
    workFor(0.005);
  }
}

/** Reads two words that are always the same. Word 2: readers inside; word 3: most of them at a time; word 4: what was read half-written. */
function read(): void {
  const lock = RwSpinLock.from(handles[0]!, { lockdep });
  for (let turn = 0; turn < times; turn++) {
    lock.lockRead();
    const inside = Atomics.add(words, 2, 1) + 1;
    words[3] = Math.max(words[3]!, inside);
    // The first time a reader waits until all others are inside as well: what excluded readers would hang here.
    while (turn === 0 && Atomics.load(words, 3) < words[5]!) {}
    words[4]! += Number(words[0] !== words[1]);
    Atomics.sub(words, 2, 1);
    lock.unlockRead();
  }
}

/** Writes both words, with some time between the one and the other. A writer that waits keeps new readers out: first they come in together. */
function write(): void {
  const lock = RwSpinLock.from(handles[0]!, { lockdep });
  while (Atomics.load(words, 3) < words[5]!) {}
  for (let turn = 0; turn < times; turn++) {
    lock.lockWrite();
    words[0]! += 1;
    workFor(0.01);
    words[1]! += 1;
    lock.unlockWrite();
  }
}

/** Sets word 0 back to 0 each time that it finds 1 there, until it finds 2. Word 1 says whether it pauses meanwhile. */
function answer(): void {
  put(words, 2);
  const wait = words[1] === 1 ? pausing() : () => {};
  for (;;) {
    const found = Atomics.load(words, 0);
    if (found === 2) {
      return;
    }
    if (found === 1) {
      Atomics.store(words, 0, 0);
    }
    wait();
  }
}

function pausing(): () => void {
  const { pause = () => {} } = Atomics as { pause?(): void };
  return pause;
}

function simple(number: number): InstanceType<typeof SpinLock> {
  return SpinLock.from(handles[number]!, { lockdep });
}

JOBS[job]();
parentPort?.postMessage(lockdep.snapshot({ ending: 'drained' }));
