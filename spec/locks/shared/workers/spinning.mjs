// A thread that does with spinning locks what it is told.
import { parentPort, workerData } from 'node:worker_threads';
import { lockdep, RawSpinLock, SpinLock } from '../../../../dist/esm/index.js';

const { type = 'SpinLock', handles, job, words, times, configuration } = workerData;
lockdep.configure({ onViolation: 'collect', ...configuration });
const locks = handles.map((handle) => ({ SpinLock, RawSpinLock })[type].from(handle));
const [lock, other] = locks;

function say(message) {
  parentPort.postMessage(message);
}

function meet() {
  Atomics.add(words, 0, 1);
  Atomics.notify(words, 0);
  for (let here = Atomics.load(words, 0); here < workerData.threads; here = Atomics.load(words, 0)) {
    Atomics.wait(words, 0, here);
  }
}

function told() {
  return lockdep.violations.map(({ rule, message, sites }) => ({ rule, message, sites }));
}

const jobs = {
  count() {
    meet();
    for (let time = 0; time < times; time++) {
      lock.lock();
      words[1]++;
      lock.unlock();
    }
  },
  tryCount() {
    meet();
    for (let done = 0; done < times; ) {
      if (lock.tryLock()) {
        words[1]++;
        done++;
        lock.unlock();
      }
    }
  },
  identity() {
    const again = SpinLock.from(workerData.handles[0]);
    say({ isSame: again === lock, name: lock.name, key: lock.handle.key, id: lock.id, holder: lock.holder });
  },
  nest() {
    lock.lock();
    other.lock();
    other.unlock();
    lock.unlock();
    say(told());
  },
  hold() {
    lock.lock();
    say('holds');
    for (;;) {
      // Until somebody ends it.
    }
  },
  ask() {
    say('asks');
    try {
      lock.lock();
      lock.unlock();
      say('got it');
    } catch (error) {
      say({ name: error.name, message: error.message, thread: error.thread });
    }
    say(told());
  },
  release() {
    try {
      lock.unlock();
    } catch (error) {
      say({ name: error.name, message: error.message });
    }
    say(told());
  },
  embrace() {
    lock.lock();
    meet();
    try {
      other.lock();
      other.unlock();
      say('got both');
    } catch (error) {
      say({ name: error.name, message: error.message, violation: error.violation });
    } finally {
      lock.unlock();
    }
    say(told());
  },
  leave() {
    lock.lock();
    process.on('exit', () => say(told()));
  },
  churn() {
    meet();
    for (;;) {
      try {
        lock.lock();
      } catch (error) {
        if (error.name !== 'OwnerDiedError') {
          throw error;
        }
        if (lock.recover()) {
          Atomics.add(words, 2, 1);
        }
      }
      words[1]++;
      Atomics.add(words, 3, 1);
      lock.unlock();
    }
  },
};

jobs[job]();
