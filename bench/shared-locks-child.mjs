// One measurement of locks over shared memory in a process of its own: `node shared-locks-child.mjs <what> <lock> [threads]`. Prints
// nanoseconds for one lock and unlock: of one thread, the median of several rounds; of several, from what all of them did in a fixed time.
import { createRequire } from 'node:module';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const require = createRequire(import.meta.url);
/** So few that a round is over before the system takes the processor away, mostly. */
const PAIRS = 5_000;
/** So many rounds, but no longer than that. */
const ROUNDS = 400;
const LONGEST_MS = 1_000;
const WARM_MS = 100;
const MEASURED_MS = 300;

/** How the locks are taken and given back, by what they have. */
const METHODS = [
  ['lock', 'unlock'],
  ['lockRead', 'unlockRead'],
  ['lockWrite', 'unlockWrite'],
  ['lockShared', 'unlockShared'],
  ['acquire', 'release'],
];

const lockdep = () => require('../dist/cjs/index.js');

/** The least that can be called a lock: two atomic operations. */
class Raw {
  static make = () => new Raw(new Int32Array(new SharedArrayBuffer(4)));
  static from = (words) => new Raw(words);
  constructor(words) {
    this.handle = words;
  }
  lock() {
    const words = this.handle;
    while (Atomics.compareExchange(words, 0, 0, 1) !== 0) {
      while (Atomics.load(words, 0) !== 0) {}
    }
  }
  unlock() {
    Atomics.store(this.handle, 0, 0);
  }
}

/**
 * What a careful hand writes without a checker: a lock that knows its holder, refuses him a second time, refuses others to unlock, wakes
 * sleepers, counts its grants, and tells from the row of a thread whether some lock still names it when it dies.
 */
class ByHand {
  static make = () => new ByHand(new Int32Array(new SharedArrayBuffer(16)));
  static from = (words) => new ByHand(words);
  #row = new Int32Array(new SharedArrayBuffer(64));
  #own = 1 + (isMainThread ? 0 : workerData.at);
  #name = 'hand-written';
  constructor(words) {
    this.handle = words;
  }
  lock() {
    const words = this.handle;
    const own = this.#own;
    this.#row[6]++;
    if (Atomics.compareExchange(words, 0, 0, own) !== 0) {
      this.#wait(words, own);
    }
    words[1]++;
  }
  unlock() {
    const words = this.handle;
    if (Atomics.load(words, 0) !== this.#own) {
      throw new Error(`${this.#name}: not held`);
    }
    if (Atomics.exchange(words, 0, 0) > 0xffff) {
      Atomics.notify(words, 0, 1);
    }
    this.#row[6]--;
  }
  #wait(words, own) {
    if (Atomics.load(words, 0) === own) {
      throw new Error(`${this.#name}: held already`);
    }
    while (Atomics.load(words, 0) !== 0 || Atomics.compareExchange(words, 0, 0, own) !== 0) {}
  }
}

const OWN = new Map([
  ['raw', Raw],
  ['hand-written', ByHand],
]);

/** `SpinLock`, or `RwSpinLock lockRead` where there are several ways to take it. */
function classOf(name) {
  const [type] = name.split(' ');
  return OWN.get(type) ?? lockdep()[type];
}

/** What some classes have to be told. */
const OPTIONS = { IrqLevelLock: { priority: 'low' } };

function make(name) {
  const type = classOf(name);
  const made = type.make?.() ?? new type('bench', OPTIONS[type.name]);
  made.init?.();
  return made;
}

/** Runs it as an owner of its own, if there is a lock that no thread as such may take. */
function asOwner(name, work) {
  return name === 'OwnedLock' ? lockdep().lockdep.owner('bench').run(work) : work();
}

/** All locks over shared memory that the package has, and how each can be taken. */
function names() {
  return Object.entries(lockdep())
    .filter(([, type]) => typeof type?.from === 'function' && 'BYTES' in type)
    .flatMap(([name, type]) => {
      const has = (method) => typeof type.prototype[method] === 'function';
      const ways = METHODS.filter((way) => way.every(has));
      const locked = ways.filter(([take]) => take !== 'acquire');
      // Locks that are locked have `acquire` inside, for themselves.
      const shown = locked.length > 0 ? locked : ways.filter(([take]) => Object.hasOwn(type.prototype, take));
      return shown.length === 1 ? [name] : shown.map(([take]) => `${name} ${take}`);
    });
}

/** The pair, as a loop of its own: what is measured is compiled for one lock alone. */
function loopOf(name, lock) {
  const [, way] = name.split(' ');
  const found = METHODS.find(([take]) => (way === undefined || way === take) && typeof lock[take] === 'function');
  const [take, give] = found;
  return new Function('lock', 'count', `for (let i = 0; i < count; i++) { lock.${take}(); lock.${give}(); }`);
}

function alone(name) {
  const lock = make(name);
  const loop = loopOf(name, lock);
  const samples = [];
  const end = performance.now() + LONGEST_MS;
  while (samples.length < ROUNDS && performance.now() < end) {
    const start = process.hrtime.bigint();
    asOwner(name, () => loop(lock, PAIRS));
    samples.push(Number(process.hrtime.bigint() - start) / PAIRS);
  }
  return settled(samples);
}

async function asyncMutex(flows) {
  const { Mutex } = require('async-mutex');
  const mutex = new Mutex();
  const pairs = async (count) => {
    for (let i = 0; i < count; i++) (await mutex.acquire())();
  };
  const samples = [];
  const end = performance.now() + LONGEST_MS;
  while (samples.length < ROUNDS && performance.now() < end) {
    const start = process.hrtime.bigint();
    await Promise.all(Array.from({ length: flows }, () => pairs(PAIRS / flows)));
    samples.push(Number(process.hrtime.bigint() - start) / PAIRS);
  }
  return settled(samples);
}

/** The median of the second half: before that the code may not be compiled. */
function settled(samples) {
  const [...values] = samples.slice(samples.length >> 1);
  return values.sort((one, other) => one - other)[values.length >> 1];
}

/** Each thread takes the lock as often as it can, from one moment to another. */
async function contended(name, threads) {
  const { handle } = make(name);
  const workers = Array.from({ length: threads }, (_, at) => {
    const data = { what: 'contend', name, handle, at: at + 1 };
    return new Worker(new URL(import.meta.url), { workerData: data });
  });
  const said = () => Promise.all(workers.map((worker) => new Promise((done) => worker.once('message', done))));
  await said();
  const start = Date.now() + 20;
  for (const worker of workers) worker.postMessage(start);
  const counts = await said();
  return (MEASURED_MS * 1e6) / counts.reduce((sum, count) => sum + count, 0);
}

function contend() {
  const { name, handle } = workerData;
  const lock = classOf(name).from(handle);
  const loop = loopOf(name, lock);
  const until = (end) => {
    let count = 0;
    // So few that a lock which passes from thread to thread in turn ends in time.
    for (; Date.now() < end; count += 4) loop(lock, 4);
    return count;
  };
  parentPort.once('message', (start) => {
    asOwner(name, () => until(start + WARM_MS));
    parentPort.postMessage(asOwner(name, () => until(start + WARM_MS + MEASURED_MS)));
  });
  parentPort.postMessage('ready');
}

async function main() {
  const [, , what, name, threads] = process.argv;
  if (what === 'names') {
    return JSON.stringify(names());
  }
  if (what === 'async-mutex') {
    return asyncMutex(Number(name));
  }
  return what === 'alone' ? alone(name) : contended(name, Number(threads));
}

if (isMainThread) {
  console.log(await main());
  process.exit();
}
contend();
