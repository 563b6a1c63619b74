// Queues that collect the work of many flows and do it in one go. Which flow a callback belongs to is plain to a reader, and
// nothing says so at run time: inside the callbacks no probe stands, but behind every await that waits for them.

function drainTogether(schedule) {
  let queue = [];
  return (fn) => {
    queue.push(fn);
    if (queue.length === 1) {
      schedule(() => {
        const all = queue;
        queue = [];
        for (const one of all) one();
      });
    }
  };
}

const schedulers = {
  setImmediate,
  queueMicrotask,
  nextTick: process.nextTick,
  setTimeout: (fn) => setTimeout(fn, 1),
};

export const forms = Object.entries(schedulers).flatMap(([name, schedule]) => [
  {
    name: `one queue on ${name} for all: flows with their locks`,
    async run(t) {
      const later = drainTogether(schedule);
      const one = async (lockName) => {
        const guard = await t.lock(lockName).acquire();
        for (let i = 0; i < 3; i++) {
          await new Promise((done) => later(done));
          t.expect(`${lockName} ${i}`, lockName);
          await null;
          t.expect(`${lockName} ${i}, later`, lockName);
        }
        guard.release();
        await new Promise((done) => later(done));
        t.expect(`${lockName}: released`);
      };
      const idle = async () => {
        for (let i = 0; i < 4; i++) {
          await new Promise((done) => later(done));
          t.expect(`idle ${i}`);
        }
      };
      await Promise.all([one('X'), idle(), one('Y'), one('Z')]);
      t.expect('after all');
    },
  },
  {
    name: `one queue on ${name} for all: callbacks of async functions`,
    async run(t) {
      const later = drainTogether(schedule);
      const call = (fn) => new Promise((done) => later(() => done(fn())));
      const one = async (lockName) => {
        const guard = await t.lock(lockName).acquire();
        const value = await call(async () => {
          await t.tick();
          return lockName;
        });
        t.same(`${lockName}: value`, value, lockName);
        t.expect(`${lockName}: after`, lockName);
        guard.release();
        t.expect(`${lockName}: released`);
      };
      await Promise.all(['X', 'Y', 'Z'].map(one));
      t.expect('after all');
    },
  },
  {
    name: `one queue on ${name} for all: thenables`,
    async run(t) {
      const later = drainTogether(schedule);
      const thenable = {
        // biome-ignore lint/suspicious/noThenProperty: that is what a thenable is
        then: (done) => later(done),
      };
      const one = async (lockName) => {
        await thenable;
        t.expect(`${lockName}: before`);
        const guard = await t.lock(lockName).acquire();
        await thenable;
        t.expect(`${lockName}: after`, lockName);
        guard.release();
        await thenable;
        t.expect(`${lockName}: released`);
      };
      await Promise.all(['X', 'Y', 'Z'].map(one));
      t.expect('after all');
    },
  },
]);
