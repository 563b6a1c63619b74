// Async functions that generate.mjs compiles down in several ways. Written for their output: what is awaited and returned.

const take = async (t, lock) => {
  await t.sleep(1);
  const guard = await lock.acquire();
  return guard;
};

const returnsAcquire = async (t, lock) => {
  await t.tick();
  return lock.acquire();
};

const takeRelease = async (_, lock) => {
  const { release } = await lock.acquire();
  return release;
};

const takeClosure = async (t, lock) => {
  await t.sleep(1);
  const guard = await lock.acquire();
  return () => guard.release();
};

const takeWrapper = async (t, lock) => {
  await t.tick();
  const guard = await lock.acquire();
  await null;
  return { value: 1, end: () => guard.release() };
};

class Holder {
  async take(t, lock) {
    await t.tick();
    this.guard = await lock.acquire();
  }

  async give() {
    await null;
    this.guard.release();
  }
}

async function use(t, name, promise, back) {
  const handle = await promise;
  t.expect(`${name}: taken`, name);
  await t.tick();
  t.expect(`${name}: later`, name);
  await null;
  t.expect(`${name}: still`, name);
  back(handle);
  t.expect(`${name}: back`);
  await t.tick();
  t.expect(`${name}: at the end`);
}

const release = (guard) => guard.release();
const call = (fn) => fn();
const end = (wrapper) => wrapper.end();

const helpers = { take: [take, release], returnsAcquire: [returnsAcquire, release], takeRelease: [takeRelease, call] };
const closures = { takeClosure: [takeClosure, call], takeWrapper: [takeWrapper, end] };

const withHelpers = Object.entries({ ...helpers, ...closures }).flatMap(([name, [helper, back]]) => [
  {
    name: `${name}: alone`,
    run: (t) => use(t, 'A', helper(t, t.A), back),
  },
  {
    name: `${name}: side by side`,
    async run(t) {
      await Promise.all([use(t, 'A', helper(t, t.A), back), use(t, 'B', helper(t, t.B), back)]);
      t.expect('after all');
    },
  },
  {
    name: `${name}: one level deeper, under another lock`,
    async run(t) {
      const deeper = async () => {
        await t.tick();
        const handle = await helper(t, t.A);
        await t.tick();
        t.expect('deeper', 'C', 'A');
        return handle;
      };
      const outer = await t.C.acquire();
      const handle = await deeper();
      t.expect('taken', 'C', 'A');
      await t.sleep(1);
      t.expect('later', 'C', 'A');
      back(handle);
      t.expect('back', 'C');
      outer.release();
      t.expect('both back');
    },
  },
]);

const plain = [
  {
    name: 'one flow',
    async run(t) {
      const guard = await t.A.acquire();
      t.expect('taken', 'A');
      await t.tick();
      t.expect('later', 'A');
      await null;
      t.expect('still', 'A');
      guard.release();
      t.expect('back');
    },
  },
  {
    name: 'flows side by side, over one lock',
    async run(t) {
      const one = async (name) => {
        t.expect(`${name}: before`);
        const own = await t.lock(name).acquire();
        const guard = await t.A.acquire();
        t.expect(`${name}: taken`, name, 'A');
        await t.sleep(1);
        t.expect(`${name}: later`, name, 'A');
        guard.release();
        t.expect(`${name}: back`, name);
        await null;
        t.expect(`${name}: back, later`, name);
        own.release();
      };
      await Promise.all(['X', 'Y', 'Z'].map(one));
      t.expect('after all');
    },
  },
  {
    name: 'nested calls and errors under locks',
    async run(t) {
      const inner = async () => {
        const guard = await t.B.acquire();
        try {
          await t.tick();
          t.expect('inner', 'A', 'B');
          throw new Error('on purpose');
        } finally {
          guard.release();
        }
      };
      const guard = await t.A.acquire();
      for (let i = 0; i < 3; i++) {
        try {
          await inner();
        } catch {
          t.expect(`catch ${i}`, 'A');
        }
      }
      guard.release();
      t.expect('released');
    },
  },
  {
    name: 'a child that nobody awaits',
    async run(t) {
      const child = async () => {
        const guard = await t.B.acquire();
        t.expect('child', 'B');
        await t.sleep(3);
        t.expect('child, later', 'B');
        guard.release();
        t.expect('child, back');
      };
      const done = child();
      t.expect('right after');
      await t.tick();
      t.expect('parent');
      const own = await t.A.acquire();
      t.expect('parent, its own', 'A');
      own.release();
      await done;
      t.expect('after');
    },
  },
  {
    name: 'a method that keeps the guard, another that gives it back',
    async run(t) {
      const holder = new Holder();
      await holder.take(t, t.A);
      t.expect('taken', 'A');
      await t.tick();
      t.expect('later', 'A');
      await holder.give();
      t.expect('back');
    },
  },
  {
    name: 'a worker that answers under its lock',
    async run(t) {
      const worker = async (done) => {
        const guard = await t.B.acquire();
        await t.tick();
        done(1);
        await t.sleep(2);
        t.has('worker', 'B');
        guard.release();
        t.lacks('worker, back', 'B');
      };
      const guard = await t.A.acquire();
      let working;
      await new Promise((done) => {
        working = worker(done);
      });
      t.expect('answered', 'A');
      guard.release();
      await working;
      t.expect('after');
    },
  },
  {
    name: 'run with compiled callbacks',
    async run(t) {
      const value = await t.A.run(async () => {
        await t.tick();
        t.expect('inside', 'A');
        return t.B.run(async () => {
          await null;
          t.expect('inside both', 'A', 'B');
          return 1;
        });
      });
      t.same('value', value, 1);
      t.expect('after');
    },
  },
  {
    name: 'a race against time, won and lost',
    async run(t) {
      const guard = await Promise.race([t.A.acquire(), t.sleep(50)]);
      t.expect('won', 'A');
      const late = t.A.acquire();
      const lost = async () => Promise.race([late, t.sleep(1)]);
      await lost();
      guard.release();
      t.expect('released');
      (await late).release();
      t.expect('after');
    },
  },
];

export const forms = [...plain, ...withHelpers];
