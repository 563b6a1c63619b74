// A thread that queues for a lock, and does what it is told.
import { parentPort, workerData } from 'node:worker_threads';
import { lockdep, QueuedSpinLock, RwSpinLock, TicketLock } from '../../../../dist/esm/index.js';

const TYPES = { QueuedSpinLock, RwSpinLock, TicketLock };
const { handles, job, words, times, at = 0, configuration } = workerData;
lockdep.configure({ onViolation: 'collect', ...configuration });
const [lock, other] = handles.map((handle) => TYPES[handle.type].from(handle));

/** Words that all threads share: how many are there, a counter, how many entries the list has, a gate, and the list. */
const Word = { HERE: 0, COUNTER: 1, LENGTH: 2, GATE: 3, PROOF: 4, LIST: 8 };

function say(message) {
  parentPort.postMessage(message);
}

function meet() {
  Atomics.add(words, Word.HERE, 1);
  Atomics.notify(words, Word.HERE);
  for (let here = Atomics.load(words, 0); here < workerData.threads; here = Atomics.load(words, 0)) {
    Atomics.wait(words, Word.HERE, here);
  }
}

function waitForGate(value) {
  for (let gate = Atomics.load(words, Word.GATE); gate < value; gate = Atomics.load(words, Word.GATE)) {
    Atomics.wait(words, Word.GATE, gate);
  }
}

// Under the lock: so the list is in the order in which it was had.
function sign() {
  words[Word.LIST + words[Word.LENGTH]] = at;
  words[Word.LENGTH]++;
}

function failure(work) {
  try {
    work();
    return null;
  } catch (error) {
    return error.name;
  }
}

const jobs = {
  count() {
    meet();
    for (let time = 0; time < times; time++) {
      lock.lock();
      words[Word.COUNTER]++;
      lock.unlock();
    }
  },
  tryCount() {
    meet();
    for (let done = 0; done < times; ) {
      if (lock.tryLock()) {
        words[Word.COUNTER]++;
        done++;
        lock.unlock();
      }
    }
  },
  queueUp() {
    lock.lock();
    sign();
    lock.unlock();
    say('done');
  },
  holdThenAsk() {
    lock.lock();
    say('holds');
    waitForGate(1);
    other.lock();
    other.unlock();
    lock.unlock();
    say('done');
  },
  holdOtherThenQueue() {
    other.lock();
    say('holds');
    waitForGate(1);
    const error = failure(() => lock.lock());
    other.unlock();
    say(error);
  },
  hold() {
    lock.lock();
    say('holds');
    for (;;) {
      Atomics.wait(words, Word.GATE, Atomics.load(words, Word.GATE));
    }
  },
  countWriting() {
    meet();
    for (let time = 0; time < times; time++) {
      const before = lock.read(() => words[Word.COUNTER]);
      lock.write(() => {
        words[Word.COUNTER] = Math.max(words[Word.COUNTER], before) + 1;
      });
    }
  },
  holdReading() {
    lock.lockRead();
    say('holds');
    for (;;) {
      Atomics.wait(words, Word.GATE, Atomics.load(words, Word.GATE));
    }
  },
  holdWriting() {
    lock.lockWrite();
    say('holds');
    for (;;) {
      Atomics.wait(words, Word.GATE, Atomics.load(words, Word.GATE));
    }
  },
  tryAndUnlock() {
    say({ isTaken: lock.tryLock(), unlock: failure(() => lock.unlock()) });
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
        lock.recover();
      }
      words[Word.COUNTER]++;
      Atomics.add(words, Word.PROOF, 1);
      lock.unlock();
    }
  },
};

jobs[job]();
