// Locks, semaphores, read-write locks and boxes by the rules: resources, generators, time-outs, cancelled waits, barriers.
import * as locks from '@matrixai/async-locks';

const { Barrier, Lock, LockBox, RWLockReader, RWLockWriter, Semaphore } = locks.default ?? locks;
for (const One of [Lock, LockBox, RWLockReader, RWLockWriter, Semaphore]) {
  console.log(
    One.name,
    One.length,
    new One(1) instanceof One,
    new One(1).constructor === One,
    Object.keys(new One(1)).join(),
  );
}

const log = [];
const lock = new Lock();
const inner = new Lock();
async function use(name) {
  const acquire = lock.lock();
  const promise = acquire();
  const [release, resource] = await promise;
  log.push(`${name} ${resource === lock} ${lock.isLocked()} ${lock.count} ${typeof promise.cancel} ${release.length}`);
  await inner.withF(async () => log.push(`${name} inner`));
  await release();
  await release();
}
await Promise.all([use('a'), use('b')]);
console.log(log.splice(0).join('\n'));

async function* values() {
  yield* lock.withG(async function* () {
    yield 1;
    yield 2;
  });
}
for await (const value of values()) {
  log.push(value);
}
console.log(log.splice(0).join(), lock.isLocked());

// Waits that end without the lock.
const [hold] = await lock.lock()();
async function giveUp() {
  const late = await lock
    .lock({ timer: 5 })()
    .catch((error) => error);
  const cancelled = lock.lock()();
  cancelled.cancel(new Error('cancelled'));
  const aborted = lock.lock({ signal: AbortSignal.abort(new Error('aborted')) })();
  return [
    late.constructor.name,
    ...(await Promise.allSettled([cancelled, aborted])).map(({ reason }) => reason.message),
  ];
}
const giving = giveUp();
await new Promise((resolve) => setTimeout(resolve, 30));
await hold();
console.log((await giving).join());
await lock.waitForUnlock();

const semaphore = new Semaphore(3);
async function units(weight) {
  const [release] = await semaphore.lock(weight)();
  await null;
  await release();
}
await Promise.all([units(1), units(3), units(2), units(1)]);
console.log(semaphore.count, semaphore.isLocked());
try {
  semaphore.lock(0);
} catch (error) {
  console.log(error.name, error.message);
}

// Readers that pass writers make no order, and may read again.
const one = new RWLockReader();
const other = new RWLockReader();
async function readBoth(first, second) {
  await first.withReadF(async () => {
    await second.withReadF(async () => {
      await first.withReadF(async () => log.push('read'));
    });
  });
}
await Promise.all([readBoth(one, other), readBoth(other, one), one.withWriteF(async () => log.push('wrote'))]);
console.log(log.splice(0).sort().join());
const table = new RWLockWriter();
await Promise.all([
  table.withReadF(async () => log.push('r')),
  table.withF('write', async () => log.push('w')),
  table.withF(async () => log.push('w')),
  table.withF('read', async () => log.push('r')),
]);
console.log(log.splice(0).length, table.count);

// The keys of one call are taken in their order, however they are given.
const box = new LockBox();
async function transfer(from, to) {
  await box.withF([from, Lock], [to, Lock], [`${from}:log`, RWLockWriter, 'read'], async () => {
    log.push(`${from} ${to} ${box.isLocked(from)}`);
  });
}
await Promise.all([transfer('2', '1'), transfer('1', '2'), transfer('1', '3')]);
await transfer('2', '1');
console.log(log.splice(0).sort().join(), box.count, box.locks.size);
await box.withMultiF(['x', RWLockWriter, 'read'], ['y', RWLockWriter, 'write'], async (all) => {
  console.log(all.map(([key, made, mode]) => `${key} ${made.constructor.name} ${mode}`).join());
});
const conflict = await box
  .withF(['x', Lock], async () => box.lock(['x', RWLockWriter, 'read'])())
  .catch((error) => error);
console.log(conflict.constructor.name, conflict.message, box.locks.size);
const [releaseBox, same] = await box.lock(['z', Lock], { timer: 60_000 })();
console.log(same === box, box.locks.get('z') instanceof Lock);
await releaseBox();
await box.waitForUnlock('z');

const barrier = await Barrier.createBarrier(3);
await Promise.all([barrier.wait(), barrier.wait(), barrier.wait()]);
console.log(barrier.count);
