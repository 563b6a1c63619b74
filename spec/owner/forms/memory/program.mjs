/**
 * Runs one way of using locks very often and prints how large the heap was, after a collection, at the end of each third.
 *
 *   node --expose-gc program.mjs <way> <count>
 */
import process from 'node:process';
import { pathToFileURL } from 'node:url';

const { lockdep, Mutex } = await import(pathToFileURL(process.env.LOCKDEP_ESM).href);
const [way, count] = [process.argv[2], Number(process.argv[3])];
const PART = 1000;
const a = new Mutex('a');
const b = new Mutex('b');

async function acquireAndRelease(turns) {
  for (let i = 0; i < turns; i++) {
    const guard = await a.acquire();
    await null;
    guard.release();
  }
}

async function nested(turns) {
  for (let i = 0; i < turns; i++) {
    const outer = await a.acquire();
    const inner = await b.acquire();
    await null;
    inner.release();
    outer.release();
  }
}

/** Two flows, each of which waits for the other in every turn. */
async function contended(turns) {
  await Promise.all([acquireAndRelease(turns / 2), acquireAndRelease(turns / 2)]);
}

async function helper() {
  await null;
  const guard = await a.acquire();
  return () => guard.release();
}

async function throughHelpers(turns) {
  for (let i = 0; i < turns; i++) {
    const giveBack = await helper();
    await null;
    giveBack();
  }
}

async function withRun(turns) {
  for (let i = 0; i < turns; i++) {
    await a.run(async () => {
      await null;
    });
  }
}

let tail = Promise.resolve(0);

async function chain(turns) {
  for (let i = 0; i < turns; i++) {
    tail = tail.then((n) => n + 1);
    if (i % PART === 0) await tail;
  }
  await tail;
}

/** A chain of which every link takes and gives back a lock. */
async function lockingChain(turns) {
  for (let i = 0; i < turns; i++) {
    tail = tail.then(() => a.acquire()).then((guard) => guard.release());
    if (i % PART === 0) await tail;
  }
  await tail;
}

/** The same flow goes on all the time, and is never back at its beginning. */
async function recursive(turns) {
  if (turns === 0) return;
  const guard = await a.acquire();
  guard.release();
  await new Promise((done) => {
    queueMicrotask(() => recursive(turns - 1).then(done));
  });
}

async function recursions(turns) {
  for (let left = turns; left > 0; left -= PART) await recursive(Math.min(left, PART));
}

const child = async () => {
  await null;
  const guard = await b.acquire();
  guard.release();
};

async function unawaited(turns) {
  for (let left = turns; left > 0; left -= PART) {
    let last;
    for (let i = 0; i < Math.min(left, PART); i++) last = child();
    await last;
  }
}

/** Promises that nobody settles, made under a lock: the program drops them, so the checker has to. */
async function neverSettled(turns) {
  for (let i = 0; i < turns; i++) {
    const guard = await a.acquire();
    void new Promise(() => {}).then(() => {});
    guard.release();
  }
}

async function timers(turns) {
  for (let left = turns; left > 0; left -= PART) {
    const guard = await a.acquire();
    await Promise.all(Array.from({ length: Math.min(left, PART) }, () => new Promise((done) => setImmediate(done))));
    guard.release();
  }
}

async function newLocks(turns) {
  for (let i = 0; i < turns; i++) {
    const guard = await new Mutex('one of many').acquire();
    guard.release();
  }
}

const under = (work) => async (turns) => {
  const guard = await b.acquire();
  await work(turns);
  guard.release();
};

const ways = {
  'acquire and release': acquireAndRelease,
  'nested acquires': nested,
  'contended acquires': contended,
  'helpers that hand their lock over': throughHelpers,
  'run with a callback': withRun,
  'a chain of promises, no lock alive': chain,
  'a chain of promises under a lock': under(chain),
  'a chain of promises that take locks': lockingChain,
  'acquire and release under a lock': under(acquireAndRelease),
  'a flow that never returns': recursions,
  'un-awaited children': unawaited,
  'un-awaited children born under a lock': async (turns) => {
    for (let left = turns; left > 0; left -= PART) {
      const guard = await a.acquire();
      const all = Array.from({ length: Math.min(left, PART) }, child);
      guard.release();
      await all.at(-1);
    }
  },
  'promises that nobody settles': neverSettled,
  'timers under a lock': timers,
  'new locks of one class': newLocks,
};

async function heapNow() {
  for (let i = 0; i < 3; i++) {
    // What a FinalizationRegistry calls back runs in a turn of its own.
    await new Promise((done) => setImmediate(done));
    globalThis.gc();
  }
  return process.memoryUsage().heapUsed;
}

if (process.argv[2] === '--list') {
  process.stdout.write(`${JSON.stringify(Object.keys(ways))}\n`);
} else {
  const work = ways[way];
  // Once aside: code is compiled, caches are filled.
  await work(Math.min(10_000, count));
  const heaps = [await heapNow()];
  for (let third = 0; third < 3; third++) {
    await work(Math.ceil(count / 3));
    heaps.push(await heapNow());
  }
  const held = lockdep.currentOwner().held.length;
  process.stdout.write(`${JSON.stringify({ heaps, held })}\n`, () => process.exit(0));
}
