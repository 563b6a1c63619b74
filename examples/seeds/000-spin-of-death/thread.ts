/**
 * One of the threads: it wants the value, and makes it where nobody has. It blocks and never comes back to its event loop before it is
 * through, as threads of other languages do.
 */
import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { Lockdep } from '../../../lib/index.ts';
import { built, report } from '../built.ts';
import { HALVES, type HalfName, type Role, type Said, slowValue, Word, wordsOf } from './halves.ts';

const { createLockdep, SharedOnce, SpinLock, setThreadPriority } = built;
const { name, handles, words, urgent, isUrgent, priority, nice } = workerData as Role;

/** The thread of the operating system gets a niceness of its own. @returns why not, where it does not */
function renice(): string | null {
  try {
    const tid = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    setPriority(tid, nice);
    return null;
  } catch (error) {
    const { info, code = String(error) } = error as NodeJS.ErrnoException & { info?: { code: string } };
    return info?.code ?? code;
  }
}

function waitFor(at: number): void {
  while (Atomics.load(words, at) === 0) {
    Atomics.wait(words, at, 0);
  }
}

function open(at: number): void {
  Atomics.store(words, at, 1);
  Atomics.notify(words, at);
}

/** The slow initialisation. The first thread waits, awake, until all others have come: so the disaster does not depend on luck. */
function make(at: number): void {
  open(at + Word.INSIDE);
  while (Atomics.load(words, at + Word.ARRIVED) < urgent) {}
  Atomics.add(words, at + Word.MADE, 1);
  Atomics.store(words, at + Word.VALUE, slowValue());
}

/** `if not done, make it`, behind a lock that is spun for. */
function throughSpinlock(at: number, lockdep: Lockdep): void {
  SpinLock.from(handles.spin, { lockdep }).run(() => {
    if (Atomics.load(words, at + Word.VALUE) === 0) {
      make(at);
    }
  });
}

/** One makes it, the others sleep until it is made. */
function throughOnce(at: number, lockdep: Lockdep): void {
  SharedOnce.from(handles.once, { lockdep }).run(() => make(at));
}

const THROUGH = { spin: throughSpinlock, once: throughOnce };

function run(half: HalfName, lockdep: Lockdep): void {
  const at = wordsOf(half);
  waitFor(at + Word.STARTED);
  if (isUrgent) {
    waitFor(at + Word.INSIDE);
    Atomics.add(words, at + Word.ARRIVED, 1);
  }
  THROUGH[half](at, lockdep);
}

function say(half: Said['half'], more: Partial<Said> = {}): void {
  parentPort?.postMessage({ name, half, found: [], report: '', refusal: null, ...more } satisfies Said);
}

setThreadPriority(priority);
say('ready', { refusal: renice() });
for (const half of HALVES) {
  const lockdep = createLockdep();
  run(half, lockdep);
  const found = lockdep.violations.map(({ rule, message }) => `${rule}: ${message}`);
  say(half, { found, report: report(lockdep.snapshot({ ending: 'drained' })) });
}
