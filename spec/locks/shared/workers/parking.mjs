// A thread that does with parking locks what it is told.
import { parentPort, workerData } from 'node:worker_threads';
import * as exported from '../../../../dist/esm/index.js';

const { lockdep, racyInit } = exported;
const { handles = [], job, words, times, threads, at = 0, seed = 1, configuration } = workerData;
lockdep.configure({ onViolation: 'collect', ...configuration });
const locks = handles.map((handle) => new Map(Object.entries(exported)).get(handle.type).from(handle));
const [lock, other] = locks;

function say(message) {
  parentPort.postMessage(message);
}

function raise(place) {
  Atomics.add(words, place, 1);
  Atomics.notify(words, place);
}

function waitFor(place, least) {
  for (let seen = Atomics.load(words, place); seen < least; seen = Atomics.load(words, place)) {
    Atomics.wait(words, place, seen);
  }
}

function meet() {
  raise(0);
  waitFor(0, threads);
}

function told() {
  return lockdep.violations.map(({ rule, message }) => ({ rule, message }));
}

function failure(work) {
  try {
    work();
    return null;
  } catch ({ name, message }) {
    return { name, message };
  }
}

// Park and Miller: the same numbers for the same seed.
let state = seed;
function random(most) {
  state = (state * 48_271) % 2_147_483_647;
  return state % most;
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
  async countAsync() {
    meet();
    for (let time = 0; time < times; time++) {
      await lock.runAsync(() => {
        words[1]++;
      });
    }
  },
  hold() {
    lock.lock();
    raise(1);
    waitFor(2, 1);
    lock.unlock();
  },
  async holdAsync() {
    const guard = await lock.lockAsync();
    say('holds');
    await new Promise((later) => parentPort.once('message', later));
    guard.release();
  },
  async nestAsync() {
    await lock.lockAsync();
    meet();
    const failed = await other.lockAsync().then(
      () => null,
      ({ name }) => name,
    );
    say({ failed, told: lockdep.violations.map(({ rule }) => rule) });
  },
  // Counts in two words, which differ only while the mutex is held.
  churn() {
    raise(0);
    for (;;) {
      try {
        lock.lock();
      } catch (error) {
        if (error.name !== 'OwnerDiedError' || !lock.recover()) {
          if (error.name !== 'OwnerDiedError') {
            throw error;
          }
        }
        words[2] = words[1];
      }
      if (words[1] !== words[2]) {
        Atomics.add(words, 4, 1);
      }
      words[1]++;
      words[2]++;
      Atomics.add(words, 3, 1);
      lock.unlock();
    }
  },
  pingPong() {
    const [mutex, condition] = locks;
    for (let round = 0; round < times; round++) {
      mutex.lock();
      condition.waitFor(mutex, () => words[1] % 2 === at);
      words[1]++;
      condition.notifyOne();
      mutex.unlock();
    }
  },
  consume() {
    const [mutex, condition] = locks;
    let got = 0;
    mutex.lock();
    raise(0);
    for (;;) {
      condition.waitFor(mutex, () => words[1] > 0 || words[2] === 1);
      if (words[1] === 0) {
        break;
      }
      words[1]--;
      got++;
    }
    mutex.unlock();
    say(got);
  },
  once() {
    meet();
    const did = lock.run(() => {
      words[1]++;
    });
    say({ did, isDone: lock.isDone, seen: words[1] });
  },
  startOnce() {
    lock.run(() => {
      raise(1);
      waitFor(2, 1);
      words[3]++;
    });
    say('done');
  },
  failOnce() {
    say(
      failure(() =>
        lock.run(() => {
          raise(1);
          waitFor(2, 1);
          throw new RangeError('no entropy');
        }),
      ),
    );
  },
  lazy() {
    meet();
    say(
      lock.get(() => {
        raise(1);
        return 0.1 + at;
      }),
    );
  },
  racy() {
    meet();
    say(racyInit(words, 5, () => 100 + at));
  },
  // Never more than the capacity inside.
  units() {
    meet();
    let most = 0;
    for (let time = 0; time < times; time++) {
      const units = 1 + random(lock.capacity);
      lock.acquire({ units });
      most = Math.max(most, Atomics.add(words, 1, units) + units);
      Atomics.sub(words, 1, units);
      Atomics.add(words, 2, 1);
      lock.release(units);
    }
    say(most);
  },
  take() {
    raise(3);
    lock.acquire({ units: times });
    words[4 + Atomics.add(words, 1, 1)] = at;
    lock.release(times);
  },
  takeAndDie() {
    lock.acquire({ units: times });
    raise(1);
    waitFor(2, 1);
  },
  giveBack() {
    lock.release(times);
    say(lock.available);
  },
  churnUnits() {
    raise(0);
    for (;;) {
      const units = 1 + random(lock.capacity);
      lock.acquire({ units });
      Atomics.add(words, 3, 1);
      lock.release(units);
    }
  },
  readWrite() {
    meet();
    let torn = 0;
    for (let time = 0; time < times; time++) {
      if (time % 4 === at % 4) {
        lock.lockWrite();
        words[1]++;
        words[2]--;
        lock.unlockWrite();
      } else {
        lock.lockRead();
        torn += words[1] + words[2] === 0 ? 0 : 1;
        lock.unlockRead();
      }
    }
    say(torn);
  },
  read() {
    lock.lockRead();
    raise(1);
    waitFor(2, 1);
    lock.unlockRead();
  },
  write() {
    raise(3);
    lock.lockWrite();
    raise(1);
    waitFor(2, 1);
    lock.unlockWrite();
  },
  churnReadWrite() {
    raise(0);
    for (;;) {
      if (random(3) > 0) {
        try {
          lock.lockRead();
          Atomics.add(words, 3, 1);
          lock.unlockRead();
        } catch (error) {
          if (error.name !== 'OwnerDiedError') {
            throw error;
          }
        }
        continue;
      }
      if (lock.recover()) {
        words[2] = words[1];
      }
      if (words[1] !== words[2]) {
        Atomics.add(words, 4, 1);
      }
      words[1]++;
      words[2]++;
      Atomics.add(words, 3, 1);
      lock.unlockWrite();
    }
  },
  // Takes two locks one after the other, the other thread the other way round.
  nest() {
    lock.lock();
    raise(0);
    waitFor(0, 2);
    say({ failed: failure(() => other.lock()), told: told().map(({ rule }) => rule) });
  },
};

await jobs[job]();
