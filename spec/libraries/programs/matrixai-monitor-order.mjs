// Two monitors that take two keys in opposite orders, one after the other: their own detector sees nothing yet.
import * as locks from '@matrixai/async-locks';

const { LockBox, Monitor, RWLockWriter } = locks.default ?? locks;
const box = new LockBox();
const pending = new Map();

async function run(first, second) {
  const monitor = new Monitor(box, RWLockWriter, pending);
  await monitor.lock(first)();
  await monitor.lock(first)();
  await monitor.lock([second, 'write'])();
  console.log(monitor.count);
  await monitor.unlockAll();
}

await run('accounts', 'ledger');
await run('ledger', 'accounts');
