/**
 * SPDK's spinlocks (seed 003), as `OwnedLock`: threads that poll and never sleep, several of them on one thread of the operating
 * system, and a lock with five rules. Each is broken once; what the lock throws is caught here, so that the program goes on to the next.
 * Left to itself the lock prints the report and aborts, as SPDK does: the sixth part does that, in a process of its own.
 *
 * Then the friendly advice, `assert(lock.held())` at the top of every function that needs the lock, and the story of the
 * conversion: two real threads claim pages of one bit array, and one path forgets the lock. What was a failed assertion now and then is
 * found the first time that the path is gone, with the place of the claim and the place where the other thread took the lock.
 *
 *     npm run build && npx ts-node examples/seeds/003-spdk/main.ts
 */
import assert from 'node:assert';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { Lockdep, OwnedLock } from '../../../lib/index.ts';
import { built } from '../built.ts';
import { checker, print, QUICK, reportOf, said, startThread, thrownBy } from '../report.ts';
import type { Job, Said } from './blobstore.ts';
import { CONTEXTS, Reactor, type SpdkThread } from './reactor.ts';

interface Target {
  readonly lockdep: Lockdep;
  readonly reactor: Reactor;
  readonly app: SpdkThread;
  readonly io: SpdkThread;
  readonly lock: OwnedLock;
}

/** Runs a part. A sentence that the work gives back is printed above the report. */
function part(title: string, work: (target: Target) => string): void {
  const lockdep = checker({ contexts: CONTEXTS });
  const reactor = new Reactor(lockdep);
  const [app, io] = ['app_thread', 'io_thread'].map((name) => reactor.createThread(name));
  const lock = new built.OwnedLock('g_lock', { lockdep, onError: 'throw' });
  const happened = work({ lockdep, reactor, app: app!, io: io!, lock });
  print(title, `${happened}\n`, reportOf(lockdep));
}

function breakTheRules(): void {
  part('rule 1: initialise the lock before its first use', ({ reactor, io, lock }) => {
    io.registerPoller(() => lock.run(() => undefined));
    return thrownBy(() => reactor.poll());
  });
  part('rule 2: lock from an SPDK thread only', ({ lock }) => {
    lock.init();
    return thrownBy(() => lock.lock());
  });
  part('rule 3: unlock before the poller returns', ({ reactor, io, lock }) => {
    lock.init();
    io.registerPoller(function pollerA() {
      lock.lock();
    });
    io.registerPoller(function pollerB() {
      // With a mutex this is where the thread waits for itself. It does not come to that.
      lock.lock();
    });
    return thrownBy(() => reactor.poll());
  });
  part('rule 4: send no message that is waited for, while holding', ({ reactor, app, io, lock }) => {
    lock.init();
    io.registerPoller(() => lock.run(() => app.execMessage(io, () => undefined)));
    return thrownBy(() => reactor.poll());
  });
  part('rule 5: destroy the lock when it is done with', ({ reactor, app, io, lock }) => {
    lock.init();
    app.sendMessage(() => lock.destroy());
    io.registerPoller(function stillRegistered() {
      lock.lock();
    });
    return thrownBy(() => reactor.poll());
  });
}

/** The code of `abort.ts` in a process of its own, which does not live long. */
function leftToItself(): void {
  const program = path.join(__dirname, 'abort.ts');
  const command = 'ulimit -c 0; exec "$0" --require "$1" "$2"';
  const args = ['-c', command, process.execPath, require.resolve('ts-node/register'), program];
  const { signal, stdout, stderr } = spawnSync('sh', args, { encoding: 'utf8', env: { ...process.env, ...QUICK } });
  // What follows are the stacks that Node prints of itself.
  const [said = ''] = stderr.split('----- Native');
  print('left to itself', `prints ${JSON.stringify(stdout)}, and ends with ${signal}:\n`, said);
}

function keepTheRules(): void {
  part('all rules kept', ({ reactor, app, io, lock }) => {
    let count = 0;
    const update = () => {
      assert(lock.held());
      count++;
    };
    lock.init();
    for (const thread of [app, io]) {
      thread.registerPoller(() => lock.run(update));
    }
    io.registerPoller(() => app.sendMessage(() => undefined));
    reactor.poll();
    reactor.poll();
    lock.destroy();
    return `counted ${count}`;
  });
  part('the advice: assert(lock.held()), where it is not', ({ reactor, io, lock }) => {
    lock.init();
    io.registerPoller(() => assert(lock.held(), 'update() is called with the lock held'));
    return thrownBy(() => reactor.poll());
  });
}

/** Two threads of the operating system, with one thread of SPDK each. */
async function claimPages(title: string, isFixed: boolean): Promise<void> {
  const usedLock = new built.OwnedLock('used_lock', { lockdep: checker({ contexts: CONTEXTS }) });
  usedLock.init();
  const usedPages = new Uint8Array(new SharedArrayBuffer(4));
  const turn = new Int32Array(new SharedArrayBuffer(4));
  const threads = (['io_thread', 'md_thread'] as const).map((thread) => {
    const job: Job = { thread, isFixed, usedLock: usedLock.handle, usedPages, turn };
    return startThread(path.join(__dirname, 'thread.ts'), job);
  });
  const [io, md] = await Promise.all(threads.map((thread) => said<Said>(thread)));
  const claimed = usedPages.reduce((sum, bit) => sum + bit, 0);
  const report = built.textReport(io!.snapshot, md!.snapshot);
  print(title, io!.happened, md!.happened, `pages in use: ${claimed}\n`, report);
}

async function main(): Promise<void> {
  breakTheRules();
  leftToItself();
  keepTheRules();
  await claimPages('the story: one path without the lock', false);
  await claimPages('the story: after the conversion', true);
}

void main();
