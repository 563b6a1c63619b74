// A deadlock that the monitors find themselves, and end: whoever lost lets go. The wait that they ended is not told twice.
import * as locks from '@matrixai/async-locks';

const { LockBox, Monitor, RWLockWriter } = locks.default ?? locks;
const box = new LockBox();
const pending = new Map();
const one = new Monitor(box, RWLockWriter, pending);
const other = new Monitor(box, RWLockWriter, pending);
const tick = () => new Promise((resolve) => setTimeout(resolve, 5));

async function run(monitor, first, second) {
  await monitor.lock(first)();
  await tick();
  try {
    await monitor.lock(second)();
    console.log('both');
  } catch (error) {
    console.log(error.constructor.name);
  } finally {
    await monitor.unlockAll();
  }
}

await Promise.all([run(one, 'accounts', 'ledger'), run(other, 'ledger', 'accounts')]);
console.log(box.isLocked());
