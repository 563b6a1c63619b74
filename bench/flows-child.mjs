// One measurement in a process of its own: `node flows-child.mjs <what>`. Prints nanoseconds per operation, the median of several rounds.
import { createRequire } from 'node:module';

const [, , what, turnsText] = process.argv;
const turns = Number(turnsText ?? 200_000);
const ROUNDS = 11;
const require = createRequire(import.meta.url);
const lockdep = () => require('../dist/cjs/index.js');

async function awaits(count) {
  for (let i = 0; i < count; i++) await null;
}

async function empty() {}

async function calls(count) {
  for (let i = 0; i < count; i++) await empty();
}

async function pairs(lock, count) {
  for (let i = 0; i < count; i++) (await lock.acquire()).release();
}

async function runs(lock, count) {
  for (let i = 0; i < count; i++) await lock.run(empty);
}

async function asyncMutexPairs(count) {
  const { Mutex } = require('async-mutex');
  const mutex = new Mutex();
  for (let i = 0; i < count; i++) (await mutex.acquire())();
}

function own(options) {
  const { Mutex, createLockdep } = lockdep();
  return new Mutex('bench', { lockdep: createLockdep(options) });
}

async function nested(count) {
  const { Mutex, createLockdep } = lockdep();
  const ld = createLockdep();
  const [outer, inner] = ['outer', 'inner'].map((name) => new Mutex(name, { lockdep: ld }));
  await (async () => {
    const guard = await outer.acquire();
    await pairs(inner, 10);
    guard.release();
  })();
  const guard = await outer.acquire();
  await pairs(inner, count);
  guard.release();
}

/** The tracker is there and a lock was used before; or one is held by another flow all the time. */
async function installed(isHeld) {
  const lock = own();
  (await lock.acquire()).release();
  await awaits(5_000);
  if (isHeld) {
    void lock.acquire().then(() => new Promise(() => {}));
    await awaits(10);
  }
}

const MEASURES = {
  'await: no tracker': { work: awaits },
  'await: tracker, no lock in use': { before: () => installed(false), work: awaits },
  'await: tracker, a lock held elsewhere': { before: () => installed(true), work: awaits },
  'call: no tracker': { work: calls },
  'call: tracker, no lock in use': { before: () => installed(false), work: calls },
  'call: tracker, a lock held elsewhere': { before: () => installed(true), work: calls },
  'pair: async-mutex': { work: asyncMutexPairs },
  'pair: Mutex, off': { work: (count) => pairs(new (require('../dist/cjs/off.js').Mutex)('bench'), count) },
  'pair: Mutex, checked': { work: (count) => pairs(own(), count) },
  'pair: Mutex, checked, places of new steps': { work: (count) => pairs(own({ sites: 'new' }), count) },
  'pair: Mutex, checked, under another': { work: nested },
  'run: Mutex, off': { work: (count) => runs(new (require('../dist/cjs/off.js').Mutex)('bench'), count) },
  'run: Mutex, checked': { work: (count) => runs(own(), count) },
};

const { before, work } = MEASURES[what];
await before?.();
await work(turns);
const samples = [];
for (let round = 0; round < ROUNDS; round++) {
  const start = process.hrtime.bigint();
  await work(turns);
  samples.push(Number(process.hrtime.bigint() - start) / turns);
}
console.log(samples.sort((one, other) => one - other)[ROUNDS >> 1]);
process.exit();
