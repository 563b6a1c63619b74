/**
 * A thread of the operating system that runs one thread of SPDK. Both claim a page: one writes metadata, the other makes a blob. They
 * meet where it matters: the second claims while the first has found its page and not claimed it yet.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { built } from '../built.ts';
import { checker, snapshotOf } from '../report.ts';
import { Blobstore, type Job, type Said } from './blobstore.ts';
import { CONTEXTS, Reactor } from './reactor.ts';

const { thread: name, isFixed, usedLock, usedPages, turn } = workerData as Job;
const lockdep = checker({ contexts: CONTEXTS });
const blobstore = new Blobstore(built.OwnedLock.from(usedLock, { lockdep }), usedPages);
const reactor = new Reactor(lockdep);

function reach(step: number): void {
  Atomics.store(turn, 0, step);
  Atomics.notify(turn, 0);
}

function waitFor(step: number): void {
  for (let now = Atomics.load(turn, 0); now < step; now = Atomics.load(turn, 0)) {
    Atomics.wait(turn, 0, now);
  }
}

function claimAs(page: number): string {
  try {
    blobstore.claimPage(page);
    return `claims page ${page}`;
  } catch (error) {
    return `page ${page}: ${(error as Error).message}`;
  }
}

/** blob_persist(): takes the lock, as it always did. */
function writeMetadata(): string {
  return blobstore.usedLock.run(() => {
    const page = blobstore.findFreePage();
    reach(1);
    waitFor(2);
    return claimAs(page);
  });
}

/** bs_create_blob(): nobody had said that it needs the lock. */
function createBlob(): string {
  waitFor(1);
  if (isFixed) {
    reach(2);
    return blobstore.usedLock.run(() => claimAs(blobstore.findFreePage()));
  }
  const done = claimAs(blobstore.findFreePage());
  reach(2);
  return done;
}

reactor.createThread(name).sendMessage(() => {
  const happened = `${name} ${name === 'md_thread' ? writeMetadata() : createBlob()}`;
  parentPort?.postMessage({ happened, snapshot: snapshotOf(lockdep) } satisfies Said);
});
reactor.poll();
