// A thread that takes one lock again and again. What the lock protects is two plain words, which differ only inside.
import { workerData } from 'node:worker_threads';
import {
  IrqLevelLock,
  lockdep,
  ParkingMutex,
  QueuedSpinLock,
  RawSpinLock,
  RwSpinLock,
  SharedRwLock,
  SharedSemaphore,
  SpinLock,
  TicketLock,
} from '../../../../dist/esm/index.js';

const { type, handle, words, times, threads } = workerData;
lockdep.configure({ onViolation: 'collect' });
const LOCKS = new Map(
  Object.entries({ SpinLock, RawSpinLock, TicketLock, QueuedSpinLock, RwSpinLock, ParkingMutex, IrqLevelLock }),
);
LOCKS.set('SharedRwLock', SharedRwLock).set('SharedSemaphore', SharedSemaphore);
const lock = LOCKS.get(type).from(handle);
const [FIRST, SECOND, TORN, HERE] = [0, 1, 2, 3];

const WAYS = {
  RwSpinLock: [() => lock.lockWrite(), () => lock.unlockWrite(), () => lock.lockRead(), () => lock.unlockRead()],
  SharedRwLock: [() => lock.lockWrite(), () => lock.unlockWrite(), () => lock.lockRead(), () => lock.unlockRead()],
  SharedSemaphore: [() => lock.acquire(), () => lock.release()],
};
const [enter, leave, look, lookAway] = WAYS[type] ?? [() => lock.lock(), () => lock.unlock()];

Atomics.add(words, HERE, 1);
Atomics.notify(words, HERE);
for (let here = Atomics.load(words, HERE); here < threads; here = Atomics.load(words, HERE)) {
  Atomics.wait(words, HERE, here);
}
for (let time = 0; time < times; time++) {
  enter();
  words[FIRST]++;
  if (words[FIRST] !== words[SECOND] + 1) {
    words[TORN]++;
  }
  words[SECOND]++;
  leave();
  if (look !== undefined) {
    look();
    if (words[FIRST] !== words[SECOND]) {
      Atomics.add(words, TORN, 1);
    }
    lookAway();
  }
}
