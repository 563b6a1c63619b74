// All that the library does, by the rules: readers in any order, nested readers, writers, time-outs, detached methods.
import RWLockDefault, { RWLock, State } from 'async-rwlock';

console.log(RWLockDefault === RWLock, new RWLock() instanceof RWLock, RWLock.name, RWLock.length);
const one = new RWLock();
const other = new RWLock();

// No writer that waits keeps a reader out, so readers make no order.
async function readBoth(first, second) {
  await first.readLock();
  await second.readLock();
  await null;
  await first.readLock();
  first.unlock();
  second.unlock();
  first.unlock();
}
await Promise.all([readBoth(one, other), readBoth(other, one), readBoth(one, one)]);
console.log(one.getState() === State.Idle);

const log = [];
async function write(name) {
  await one.writeLock();
  log.push(`${name} in`);
  await null;
  log.push(`${name} out`);
  one.unlock();
}
async function read(name) {
  const { readLock, unlock } = one;
  await readLock();
  log.push(`${name} in`);
  await null;
  unlock();
}
await Promise.all([write('w1'), write('w2'), write('w3')]);
await Promise.all([read('r1'), read('r2'), write('w4')]);
console.log(log.join(', '));

// A wait with a time that is long enough.
async function work() {
  await one.writeLock();
  await null;
  one.unlock();
}
const working = work();
await one.writeLock(60_000);
one.unlock();
await working;

class Named extends RWLock {
  constructor(name) {
    super();
    this.name = name;
  }
}
const named = new Named('named');
await named.writeLock();
console.log(named.name, named.getState() === State.Writing, named.constructor === Named);
named.unlock();
console.log(one.getState() === State.Idle, other.getState() === State.Idle);
