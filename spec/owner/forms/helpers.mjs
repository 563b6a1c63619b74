// Helpers that take a lock and hand it to their caller, in many shapes, each of them called in many ways.
import { callbackify, promisify } from 'node:util';

/** Each gets the lock and `before`, which does I/O or not, and gives a promise of a function that gives the lock back. */
const shapes = {
  'returns the guard': {
    async take(_, lock, before) {
      await before();
      const guard = await lock.acquire();
      return guard;
    },
  },
  'returns acquire() without await': {
    async take(_, lock, before) {
      await before();
      return lock.acquire();
    },
  },
  'is not async and returns the promise': {
    take: (_, lock, before) => before().then(() => lock.acquire()),
  },
  'returns the release function': {
    async take(_, lock, before) {
      await before();
      const { release } = await lock.acquire();
      return release;
    },
    back: (release) => release(),
  },
  'returns a closure': {
    async take(_, lock, before) {
      await before();
      const guard = await lock.acquire();
      return () => guard.release();
    },
    back: (release) => release(),
  },
  'returns an object that has the guard': {
    async take(_, lock, before) {
      await before();
      return { guard: await lock.acquire(), value: 1 };
    },
    back: ({ guard }) => guard.release(),
  },
  'returns a pair of value and guard': {
    async take(_, lock, before) {
      await before();
      const guard = await lock.acquire();
      return [1, guard];
    },
    back: ([, guard]) => guard.release(),
  },
  'returns a wrapper with a closure': {
    async take(_, lock, before) {
      await before();
      const guard = await lock.acquire();
      return { value: 42, done: () => guard.release() };
    },
    back: (wrapper) => wrapper.done(),
  },
  'returns an instance that hides the guard': {
    async take(_, lock, before) {
      class Lease {
        #guard;
        constructor(guard) {
          this.#guard = guard;
        }
        end() {
          this.#guard.release();
        }
      }
      await before();
      return new Lease(await lock.acquire());
    },
    back: (lease) => lease.end(),
  },
  'returns nothing and keeps the guard': {
    async take(store, lock, before) {
      await before();
      store.guard = await lock.acquire();
    },
    back: (_, store) => store.guard.release(),
  },
  'goes on for a while after the grant': {
    async take(t, lock, before) {
      await before();
      const guard = await lock.acquire();
      await t.tick();
      await null;
      return guard;
    },
  },
  'passes the guard through then': {
    async take(_, lock, before) {
      await before();
      return lock.acquire().then((guard) => guard);
    },
  },
  'wraps the guard in then': {
    take: (_, lock, before) =>
      before()
        .then(() => lock.acquire())
        .then((guard) => ({ guard })),
    back: ({ guard }) => guard.release(),
  },
  'makes a closure in then': {
    take: (_, lock, before) =>
      before()
        .then(() => lock.acquire())
        .then((guard) => () => guard.release()),
    back: (release) => release(),
  },
  'waits in an async then': {
    take: (t, lock, before) =>
      before()
        .then(() => lock.acquire())
        .then(async (guard) => {
          await t.tick();
          return guard;
        }),
  },
  'has finally behind it': {
    take: (_, lock, before) =>
      before()
        .then(() => lock.acquire())
        .finally(() => {}),
  },
  'has an async finally behind it': {
    take: (t, lock, before) =>
      before()
        .then(() => lock.acquire())
        .finally(() => t.tick()),
  },
  'has catch behind it': {
    take: (_, lock, before) =>
      before()
        .then(() => lock.acquire())
        .catch(() => null),
  },
  'returns out of try with an await in finally': {
    async take(t, lock, before) {
      await before();
      try {
        return await lock.acquire();
      } finally {
        await t.tick();
      }
    },
  },
  'takes it in the second try': {
    async take(t, lock, before) {
      for (let i = 0; ; i++) {
        try {
          await before();
          if (i === 0) throw new Error('on purpose');
          return await lock.acquire();
        } catch {
          await t.tick();
        }
      }
    },
  },
  'gives an acquire to resolve': {
    take: (_, lock, before) =>
      new Promise((done, fail) => {
        before().then(() => done(lock.acquire()), fail);
      }),
  },
  'lets acquire call resolve': {
    take: (_, lock, before) =>
      new Promise((done, fail) => {
        before()
          .then(() => lock.acquire())
          .then(done, fail);
      }),
  },
  'resolves with the guard in new Promise(async …)': {
    take: (_, lock, before) =>
      // biome-ignore lint/suspicious/noAsyncPromiseExecutor: programs do it
      new Promise(async (done) => {
        await before();
        done(await lock.acquire());
      }),
  },
  'resolves with the release function in new Promise(async …)': {
    take: (_, lock, before) =>
      // biome-ignore lint/suspicious/noAsyncPromiseExecutor: programs do it
      new Promise(async (done) => {
        await before();
        const { release } = await lock.acquire();
        done(release);
      }),
    back: (release) => release(),
  },
  'resolves with a closure in new Promise(async …)': {
    take: (_, lock, before) =>
      // biome-ignore lint/suspicious/noAsyncPromiseExecutor: programs do it
      new Promise(async (done) => {
        await before();
        const guard = await lock.acquire();
        done(() => guard.release());
      }),
    back: (release) => release(),
  },
  'resolves a deferred with the guard': {
    take(t, lock, before) {
      const { promise, resolve } = t.deferred();
      void before()
        .then(() => lock.acquire())
        .then(resolve);
      return promise;
    },
  },
  'calls back, promisified': {
    take: (_, lock, before) =>
      promisify((done) => {
        before()
          .then(() => lock.acquire())
          .then((guard) => done(null, guard), done);
      })(),
  },
  'calls back with a closure, promisified': {
    take: (_, lock, before) =>
      promisify((done) => {
        before()
          .then(() => lock.acquire())
          .then((guard) => done(null, () => guard.release()), done);
      })(),
    back: (release) => release(),
  },
  'is callbackified and promisified again': {
    take: (_, lock, before) =>
      promisify(
        callbackify(async () => {
          await before();
          return lock.acquire();
        }),
      )(),
  },
  'goes through Promise.resolve': {
    async take(_, lock, before) {
      await before();
      return Promise.resolve(lock.acquire());
    },
  },
  'goes through Promise.all': {
    take: (t, lock, before) =>
      before()
        .then(() => Promise.all([t.tick(), lock.acquire()]))
        .then(([, guard]) => guard),
  },
  'goes through Promise.race': {
    async take(t, lock, before) {
      await before();
      return Promise.race([lock.acquire(), t.sleep(500)]);
    },
  },
  'is wrapped by a decorator': {
    take(_, lock, before) {
      const logged =
        (fn) =>
        async (...args) => {
          await null;
          const result = await fn(...args);
          await null;
          return result;
        };
      return logged(
        logged(async () => {
          await before();
          return lock.acquire();
        }),
      )();
    },
  },
  'is an async method of a subclass that calls super': {
    take(_, lock, before) {
      class Base {
        async take() {
          await before();
          return lock.acquire();
        }
      }
      class Derived extends Base {
        async take() {
          return super.take();
        }
      }
      return new Derived().take();
    },
  },
  'yields the guard out of an async generator': {
    async take(_, lock, before) {
      const generator = (async function* () {
        await before();
        yield await lock.acquire();
      })();
      const { value } = await generator.next();
      return value;
    },
  },
  'takes it without waiting': {
    async take(_, lock, before) {
      await before();
      return lock.tryAcquire();
    },
    isTry: true,
  },
  'passes a timeout and a signal': {
    async take(_, lock, before) {
      await before();
      return lock.acquire({ timeout: 5000, signal: new AbortController().signal });
    },
  },
};

const plain = ({ take, back = (guard) => guard.release() }, t, lock, before) => {
  const store = Object.create(t);
  return take(store, lock, before).then((handle) => () => back(handle, store));
};

/** As `plain`, but the caller of the form itself awaits what the helper gives. */
const direct = (shape, t, lock, before) => {
  const store = Object.create(t);
  const { back = (guard) => guard.release() } = shape;
  return { promise: shape.take(store, lock, before), giveBack: (handle) => back(handle, store) };
};

async function use(t, shape, lock, name, { outer = [], before = async () => {} } = {}) {
  const { promise, giveBack } = direct(shape, t, lock, before);
  const handle = await promise;
  t.expect(`${name}: taken`, ...outer, name);
  await t.tick();
  t.expect(`${name}: later`, ...outer, name);
  const nested = async () => {
    await null;
    t.expect(`${name}: in a nested call`, ...outer, name);
  };
  await nested();
  giveBack(handle);
  t.expect(`${name}: back`, ...outer);
  await t.tick();
  t.expect(`${name}: at the end`, ...outer);
}

const ways = {
  'after a microtask': (t, shape) => use(t, shape, t.A, 'A'),
  'after I/O, when no lock exists': (t, shape) => {
    const made = { lock: undefined };
    const lazy = { acquire: (options) => made.lock.acquire(options), tryAcquire: () => made.lock.tryAcquire() };
    const before = async () => {
      await t.sleep(1);
      made.lock = t.lock('L');
    };
    return use(t, shape, lazy, 'L', { before });
  },
  'three calls deep, with I/O in each': async (t, shape) => {
    const deepest = async () => {
      await t.sleep(1);
      return plain(shape, t, t.A, () => t.sleep(1));
    };
    const middle = async () => {
      await t.tick();
      const giveBack = await deepest();
      t.expect('middle', 'A');
      await t.tick();
      return giveBack;
    };
    const top = () => middle();
    const giveBack = await top();
    t.expect('taken', 'A');
    await t.sleep(1);
    t.expect('later', 'A');
    giveBack();
    t.expect('back');
    await t.tick();
    t.expect('at the end');
  },
  'under another lock': async (t, shape) => {
    const guard = await t.C.acquire();
    await use(t, shape, t.A, 'A', { outer: ['C'], before: () => t.tick() });
    t.expect('after', 'C');
    guard.release();
    t.expect('released');
  },
  'twice side by side': async (t, shape) => {
    const before = () => t.tick();
    const idle = async () => {
      for (let i = 0; i < 8; i++) {
        await t.tick();
        t.expect(`idle ${i}`);
      }
    };
    await Promise.all([use(t, shape, t.A, 'A', { before }), use(t, shape, t.B, 'B'), idle()]);
    t.expect('after all');
  },
  'while another flow has the lock': async (t, shape) => {
    const holder = async () => {
      const own = await t.B.acquire();
      const guard = await t.A.acquire();
      await t.sleep(3);
      t.expect('holder', 'B', 'A');
      guard.release();
      t.expect('holder: right after the release', 'B');
      await t.tick();
      t.expect('holder: later', 'B');
      own.release();
    };
    const holding = holder();
    await t.tick();
    const using = (async () => {
      await use(t, shape, t.A, 'A', { before: () => t.tick() });
    })();
    await Promise.all([holding, using]);
    t.expect('after');
  },
};

export const forms = Object.entries(shapes).flatMap(([shapeName, shape]) =>
  Object.entries(ways)
    .filter(([way]) => !(shape.isTry && way === 'while another flow has the lock'))
    .map(([way, run]) => ({ name: `a helper that ${shapeName}: ${way}`, run: (t) => run(t, shape) })),
);
