// As without the detector of the monitors, which takes this for a deadlock: what it ended is told by nobody else.
import * as locks from '@matrixai/async-locks';

const { LockBox, Monitor, RWLockWriter } = locks.default ?? locks;
const box = new LockBox();
const pending = new Map();
const monitor = () => new Monitor(box, RWLockWriter, pending);
const tick = () => new Promise((resolve) => setTimeout(resolve, 5));
const [first, second, third] = [monitor(), monitor(), monitor()];

async function holder() {
  await third.lock('b')();
  await tick();
  await tick();
  await third.unlockAll();
}

async function middle() {
  await first.lock('a')();
  await tick();
  const refused = await first
    .lock('b')()
    .catch((error) => error);
  console.log(refused.constructor.name);
  await first.unlockAll();
}

async function waiter() {
  await null;
  await second.lock('a')();
  console.log('a');
  await second.unlockAll();
}

await Promise.all([holder(), middle(), waiter()]);
console.log(box.isLocked());
