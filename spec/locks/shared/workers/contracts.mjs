// A thread that uses locks with rules of their own: interrupt levels, and owners.
import { parentPort, workerData } from 'node:worker_threads';
import { createLockdep, IrqLevelLock, lockdep, OwnedLock } from '../../../../dist/esm/index.js';

const { handle, other, job, words, times } = workerData;
lockdep.configure({ onViolation: 'collect' });

function told(checker = lockdep) {
  return checker.violations.map(({ rule, message, sites }) => ({
    rule,
    message,
    places: sites.map(({ file }) => file),
  }));
}

function caught(work) {
  try {
    work();
    return 'passed';
  } catch (error) {
    return { name: error.name, rule: error.rule ?? error.violation?.rule };
  }
}

const jobs = {
  levels() {
    const [lock, lower] = [IrqLevelLock.from(handle), IrqLevelLock.from(other)];
    const cpu = lockdep.owner('cpu1');
    const enabled = () => [0, 1, 2, 7].filter((level) => cpu.isEnabled(`irq${level}`));
    cpu.run(() => {
      lock.lock();
      const seen = { priority: lock.priority, enabled: enabled(), panic: caught(() => lower.lock()) };
      lock.unlock();
      parentPort.postMessage({ ...seen, after: enabled(), told: told() });
    });
  },
  use() {
    const lock = OwnedLock.from(handle, { onError: 'throw' });
    const owner = lockdep.owner('io');
    const seen = caught(() => owner.run(() => lock.run(() => {})));
    parentPort.postMessage({ seen, lifetime: lock.lifetime, told: told() });
  },
  useUp() {
    const lock = OwnedLock.from(handle, { onError: 'throw' });
    lockdep.owner('io').run(() => lock.destroy());
    parentPort.postMessage({ lifetime: lock.lifetime });
  },
  hold() {
    const lock = OwnedLock.from(handle);
    lockdep.owner('io').run(() => lock.lock());
    parentPort.postMessage('holds');
    parentPort.once('message', () => lockdep.owner('io').run(() => lock.unlock()));
  },
  die() {
    lockdep.owner('io').run(() => OwnedLock.from(handle).lock());
    process.exit();
  },
  count() {
    const lock = handle.type === 'OwnedLock' ? OwnedLock.from(handle) : IrqLevelLock.from(handle);
    Atomics.add(words, 0, 1);
    while (Atomics.load(words, 0) < workerData.threads) {
      // All begin at once.
    }
    lockdep.owner('counter').run(() => {
      for (let time = 0; time < times; time++) {
        lock.lock();
        words[1]++;
        lock.unlock();
      }
    });
    parentPort.postMessage('counted');
  },
  abort() {
    const checker = createLockdep();
    OwnedLock.from(handle, { lockdep: checker }).lock();
  },
};

jobs[job]();
