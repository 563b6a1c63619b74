// Everything that semaphore-async-await does, with contention, time-outs and failures, and used as it should be: nothing to find.
import { setImmediate as turn } from 'node:timers/promises';
import library from 'semaphore-async-await';

const { default: Semaphore, Lock } = library;
const said = [];
const doors = new Semaphore(2);
const desk = new Lock();

async function visit(name) {
  await doors.wait();
  try {
    await desk.acquire();
    said.push(`${name} in`);
    await turn();
    desk.release();
    if (name === 'c') {
      throw new Error('c has left');
    }
  } catch (error) {
    said.push(error.message);
  } finally {
    doors.signal();
  }
}
await Promise.all(['a', 'b', 'c', 'd'].map(visit));
console.log(said.join(', '), doors.getPermits());

// By a function; what it throws comes out.
const results = await Promise.allSettled([
  desk.execute(() => 1),
  desk.execute(async () => new Lock().execute(async () => 2)),
  desk.execute(() => {
    throw new Error('thrown');
  }),
  desk.execute(() => Promise.reject(new Error('rejected'))),
  desk.execute(5),
]);
console.log(results.map(({ value, reason }) => value ?? reason.message).join(', '), desk.getPermits());

// The opposite order is only tried.
await doors.acquire();
console.log('tried', desk.tryAcquire(), desk.tryAcquire());
desk.release();
doors.release();

// A wait that ends: without the lock, and with it.
async function hold(until) {
  await desk.acquire();
  await until;
  desk.release();
}
let open;
const held = hold(new Promise((resolve) => (open = resolve)));
const patient = desk.waitFor(20);
console.log(await desk.waitFor(1));
open();
await held;
console.log(await patient);
desk.release();

// Counters: what one flow takes another one gives back, or makes.
const jobs = new Semaphore(1);
const signal = new Semaphore(0);
async function work() {
  for (let done = 0; done < 3; done++) {
    await jobs.acquire();
    signal.release();
  }
}
const worker = work();
for (let sent = 0; sent < 3; sent++) {
  await signal.acquire();
  jobs.release();
}
await worker;
console.log(jobs.getPermits(), signal.getPermits(), new Semaphore(-1).getPermits());

// Nobody else gets in any more.
console.log(doors.drainPermits(), doors.drainPermits(), doors.tryAcquire());

class Named extends Lock {
  name = 'named';
}
const named = new Named();
await named.acquire();
named.release();
console.log(named instanceof Lock, named instanceof Semaphore, named.name, Object.keys(named).join());
