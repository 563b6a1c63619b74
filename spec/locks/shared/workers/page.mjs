// A thread that must not block, as the main thread of a browser.
import { parentPort, workerData } from 'node:worker_threads';

Atomics.wait = () => {
  throw new TypeError('Atomics.wait cannot be called in this context');
};
const { lockdep, ParkingMutex, SharedCondition, SharedOnce, SharedRwLock, SharedSemaphore } = await import(
  '../../../../dist/esm/index.js'
);
lockdep.configure({ onViolation: 'collect' });
const { handles } = workerData;
const mutex = ParkingMutex.from(handles.mutex);
const semaphore = SharedSemaphore.from(handles.semaphore);
const rwLock = SharedRwLock.from(handles.rwLock);
const once = SharedOnce.from(handles.once);
const condition = SharedCondition.from(handles.condition);

function nameOf(work) {
  try {
    work();
    return 'nothing';
  } catch ({ name }) {
    return name;
  }
}

const refused = [
  nameOf(() => mutex.lock()),
  nameOf(() => semaphore.acquire()),
  nameOf(() => rwLock.lockRead()),
  nameOf(() => rwLock.lockWrite()),
  nameOf(() => once.run(() => undefined)),
];
const tried = [mutex.tryLock(), semaphore.tryAcquire(), rwLock.tryLockRead()];
const waiting = Promise.all([
  mutex.lockAsync(),
  semaphore.acquireAsync(),
  rwLock.lockReadAsync(),
  once.runAsync(() => undefined),
]);
parentPort.postMessage({ refused, tried });
const [guard, units, share, did] = await waiting;
for (const one of [guard, units, share]) {
  one.release();
}
// What is free is taken at once, here too.
mutex.lock();
const wait = nameOf(() => condition.wait(mutex));
const isHeld = mutex.held();
mutex.unlock();
parentPort.postMessage({ did, wait, isHeld, rules: lockdep.violations.map(({ rule }) => rule) });
