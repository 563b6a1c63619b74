// What async-mutex does in all its versions, with contention, time-outs and failures, and used as it should be: nothing to find.
import { setImmediate as turn } from 'node:timers/promises';
import { E_ALREADY_LOCKED, E_CANCELED, E_TIMEOUT, Mutex, Semaphore, tryAcquire, withTimeout } from 'async-mutex';

const said = [];
const desk = new Mutex();
const doors = new Semaphore(3);

async function visit(name, weight) {
  const [free, release] = await doors.acquire(weight);
  try {
    await desk.runExclusive(async () => {
      said.push(`${name} of ${free}`);
      await turn();
      if (name === 'c') {
        throw new Error('c has left');
      }
    });
  } catch (error) {
    said.push(error.message);
  } finally {
    release();
    release();
  }
}
await Promise.all([visit('a', 1), visit('b', 2), visit('c', 3), visit('d', 1)]);
console.log(said.join(', '), doors.getValue(), desk.isLocked());

// The opposite order is only tried.
const free = await desk.acquire();
const [, leave] = await tryAcquire(doors).acquire();
leave();
console.log(
  await tryAcquire(desk)
    .acquire()
    .catch((error) => error === E_ALREADY_LOCKED),
);

// Waits that end without the lock.
console.log(
  await withTimeout(desk, 5)
    .runExclusive(() => {})
    .catch((error) => error === E_TIMEOUT),
);
async function wait() {
  return desk.acquire().catch((error) => error === E_CANCELED);
}
const cancelled = [wait(), wait()];
desk.cancel();
console.log(...(await Promise.all(cancelled)));
const unlocked = desk.waitForUnlock().then(() => 'unlocked');
setImmediate(free);
console.log(await unlocked);

// A plain release by the one who has it.
await desk.acquire();
desk.release();
await doors.acquire();
doors.release();

// A semaphore that counts: more units, and those of others.
const jobs = new Semaphore(1);
const done = new Semaphore(0);
async function work() {
  for (let at = 0; at < 3; at++) {
    await jobs.acquire();
    done.release();
  }
}
const worker = work();
for (let at = 0; at < 3; at++) {
  await done.acquire();
  jobs.release();
}
await worker;
jobs.setValue(4);
console.log(jobs.getValue(), done.getValue());
try {
  doors.acquire(0);
} catch (error) {
  console.log(error.message);
}
