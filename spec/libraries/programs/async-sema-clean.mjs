// Everything that async-sema does, with contention and failures, and used as it should be: nothing to find.
import { setImmediate as turn } from 'node:timers/promises';
import { RateLimit, Sema } from 'async-sema';

const said = [];
const doors = new Sema(2, { capacity: 4 });
const desk = new Sema(1);

async function visit(name) {
  await doors.acquire();
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
    doors.release();
  }
}

await Promise.all(['a', 'b', 'c', 'd'].map(visit));
console.log(said.join(', '), doors.nrWaiting());

// The opposite order is only tried.
await desk.acquire();
console.log('tried', doors.tryAcquire(), doors.tryAcquire(), doors.tryAcquire());
doors.release();
doors.release();
desk.release();

// Tokens of the program's own say whose they are: they may be given back anywhere, in any order.
const connections = new Sema(2, { initFn: () => ({ open: true }) });
async function borrow() {
  const connection = await connections.acquire();
  await turn();
  setImmediate(() => connections.release(connection));
  return connection;
}
const [first, second, third, fourth] = await Promise.all([borrow(), borrow(), borrow(), borrow()]);
console.log(first !== second, third === first, fourth === second, connections.nrWaiting());

// All of them.
async function check() {
  const all = await connections.drain();
  await turn();
  for (const connection of all) {
    connections.release(connection);
  }
  return all.length;
}
console.log(...(await Promise.all([check(), check()])), connections.nrWaiting());

// Counters: what one flow takes another one gives back, or makes.
const jobs = new Sema(1);
const signal = new Sema(0);
async function work() {
  for (let done = 0; done < 3; done++) {
    await jobs.acquire();
    console.log('job', done);
    signal.release();
  }
}
const worker = work();
for (let sent = 0; sent < 3; sent++) {
  await signal.acquire();
  jobs.release();
}
await worker;
jobs.release();

// Paused and resumed by the semaphore, which calls a function that takes another one.
const flow = [];
const audit = new Sema(1);
const stream = new Sema(1, {
  pauseFn: () => flow.push('pause', audit.tryAcquire()),
  resumeFn: () => flow.push('resume', audit.release()),
});
await stream.acquire();
const waiting = stream.acquire();
setImmediate(() => stream.release());
await waiting;
stream.release();
console.log(flow.join(' '));

const limit = RateLimit(5, { timeUnit: 20 });
await Promise.all(Array.from({ length: 7 }, () => limit()));
console.log('limited');

class Counted extends Sema {
  async acquire() {
    const token = await super.acquire();
    return `${token}!`;
  }
}
const counted = new Counted(1);
console.log(await counted.acquire(), counted instanceof Sema, counted.constructor === Counted);
counted.release();
