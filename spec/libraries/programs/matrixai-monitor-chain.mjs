// One monitor holds a key that another one waits for, and asks for a key whose holder waits for nobody: there is no deadlock.
import * as locks from '@matrixai/async-locks';

const { LockBox, Monitor, RWLockWriter } = locks.default ?? locks;
const box = new LockBox();
const monitor = () => new Monitor(box, RWLockWriter);
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
  await first.lock('b')();
  console.log('a and b');
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
