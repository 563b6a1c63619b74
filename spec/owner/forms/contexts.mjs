// Other users of the async hooks of Node, other worlds of code, and the collector.
import { AsyncLocalStorage, AsyncResource, createHook, executionAsyncId } from 'node:async_hooks';
import { promiseHooks } from 'node:v8';
import vm from 'node:vm';

export const forms = [
  {
    name: 'AsyncLocalStorage.run of another tool under a lock',
    async run(t) {
      const storage = new AsyncLocalStorage();
      const guard = await t.A.acquire();
      await storage.run('x', async () => {
        t.expect('inside', 'A');
        await t.tick();
        t.expect('inside, later', 'A');
        const own = await t.B.acquire();
        t.expect('inside, taken', 'A', 'B');
        own.release();
        t.same('store', storage.getStore(), 'x');
      });
      t.expect('after', 'A');
      storage.run('y', () => t.expect('synchronous', 'A'));
      storage.exit(() => t.expect('exit', 'A'));
      guard.release();
      t.expect('released');
    },
  },
  {
    name: 'a lock out of AsyncLocalStorage.run of another tool',
    async run(t) {
      const storage = new AsyncLocalStorage();
      const guard = await storage.run('x', async () => {
        await t.tick();
        return t.A.acquire();
      });
      t.expect('taken', 'A');
      await t.tick();
      t.expect('later', 'A');
      guard.release();
      t.expect('released');
    },
  },
  {
    name: 'enterWith of another tool before, under and after a lock',
    async run(t) {
      const storage = new AsyncLocalStorage();
      storage.enterWith(1);
      const guard = await t.A.acquire();
      t.expect('taken', 'A');
      storage.enterWith(2);
      t.expect('entered', 'A');
      await t.tick();
      t.expect('later', 'A');
      t.same('store', storage.getStore(), 2);
      guard.release();
      storage.enterWith(3);
      await null;
      t.expect('released');
      t.same('store, at the end', storage.getStore(), 3);
      storage.disable();
    },
  },
  {
    name: 'the store of another tool is what it would be, side by side under locks',
    async run(t) {
      const storage = new AsyncLocalStorage();
      const one = (name) =>
        storage.run(name, async () => {
          const guard = await t.lock(name).acquire();
          const shared = await t.A.acquire();
          t.same(`${name}: store`, storage.getStore(), name);
          t.expect(`${name}: taken`, name, 'A');
          await t.tick();
          t.same(`${name}: store, later`, storage.getStore(), name);
          shared.release();
          await null;
          t.expect(`${name}: back`, name);
          t.same(`${name}: store, at the end`, storage.getStore(), name);
          guard.release();
        });
      await Promise.all(['X', 'Y', 'Z'].map(one));
      t.expect('after all');
      t.same('store', storage.getStore(), undefined);
    },
  },
  {
    name: 'AsyncLocalStorage.disable of another tool under a lock',
    async run(t) {
      const storage = new AsyncLocalStorage();
      const guard = await t.A.acquire();
      storage.enterWith(1);
      await null;
      storage.disable();
      t.expect('disabled', 'A');
      await t.tick();
      t.expect('later', 'A');
      guard.release();
      t.expect('released');
    },
  },
  {
    name: 'an AsyncResource made before the lock: the flow that calls it keeps its lock',
    async run(t) {
      const resource = new AsyncResource('TEST');
      const guard = await t.A.acquire();
      resource.runInAsyncScope(() => {});
      t.expect('after the call', 'A');
      await t.tick();
      t.expect('later', 'A');
      guard.release();
      t.expect('released');
    },
  },
  {
    name: 'an AsyncResource made under a lock and called when it is released',
    async run(t) {
      const guard = await t.A.acquire();
      const resource = new AsyncResource('TEST');
      const bound = AsyncResource.bind(() => t.expect('bound'));
      const snapshot = AsyncLocalStorage.snapshot();
      guard.release();
      await t.tick();
      resource.runInAsyncScope(() => t.expect('in the scope'));
      bound();
      snapshot(() => t.expect('in the snapshot'));
      t.expect('after');
    },
  },
  {
    name: 'AsyncResource.bind for a callback that another flow calls under its lock',
    async run(t) {
      const jobs = [];
      const asker = async () => {
        const guard = await t.A.acquire();
        await new Promise((done) => jobs.push(AsyncResource.bind(done)));
        t.expect('asker', 'A');
        await t.tick();
        t.expect('asker, later', 'A');
        guard.release();
        t.expect('asker, released');
      };
      const caller = async () => {
        while (jobs.length === 0) await t.tick();
        const guard = await t.B.acquire();
        jobs.pop()();
        t.expect('caller', 'B');
        await t.sleep(2);
        t.expect('caller, later', 'B');
        guard.release();
        t.expect('caller, released');
      };
      await Promise.all([asker(), caller()]);
      t.expect('after');
    },
  },
  {
    name: 'a lock taken in an async function that runs in an AsyncResource',
    async run(t) {
      const resource = new AsyncResource('TEST');
      const guard = await resource.runInAsyncScope(async () => {
        await t.tick();
        const taken = await t.A.acquire();
        t.expect('inside', 'A');
        return taken;
      });
      t.expect('taken', 'A');
      await t.tick();
      t.expect('later', 'A');
      guard.release();
      t.expect('released');
    },
  },
  {
    name: 'async hooks switched on and off while a lock is held',
    async run(t) {
      let calls = 0;
      const count = () => {
        calls++;
      };
      const hook = createHook({ init: count, before: count, after: count, destroy: count });
      const guard = await t.A.acquire();
      hook.enable();
      t.expect('enabled', 'A');
      await t.tick();
      t.expect('enabled, later', 'A');
      const own = await t.B.acquire();
      t.expect('enabled, taken', 'A', 'B');
      hook.disable();
      t.expect('disabled', 'A', 'B');
      await null;
      t.expect('disabled, later', 'A', 'B');
      own.release();
      await t.tick();
      t.expect('B back', 'A');
      guard.release();
      t.expect('released');
      t.same('called', calls > 0, true);
    },
  },
  {
    name: 'async hooks switched on and off in between, side by side',
    async run(t) {
      const hook = createHook({ init() {}, before() {}, promiseResolve() {} });
      const one = async (lock, name) => {
        const guard = await lock.acquire();
        for (let i = 0; i < 4; i++) {
          await (i % 2 === 0 ? t.tick() : null);
          t.expect(`${name} ${i}`, name);
        }
        guard.release();
        t.expect(`${name}: released`);
      };
      const switcher = async () => {
        for (let i = 0; i < 6; i++) {
          hook.enable();
          await null;
          t.expect(`switcher ${i}, on`);
          hook.disable();
          await t.tick();
          t.expect(`switcher ${i}, off`);
        }
      };
      await Promise.all([one(t.A, 'A'), switcher(), one(t.B, 'B')]);
      t.expect('after all');
    },
  },
  {
    name: 'an async hook that is on all the time',
    async run(t) {
      const seen = new Set();
      const hook = createHook({
        init: (id) => seen.add(id),
        before: () => executionAsyncId(),
        promiseResolve() {},
      }).enable();
      const take = async (lock) => {
        await t.sleep(1);
        return lock.acquire();
      };
      const one = async (lock, name) => {
        const guard = await take(lock);
        t.expect(`${name}: taken`, name);
        await t.tick();
        t.expect(`${name}: later`, name);
        guard.release();
        t.expect(`${name}: released`);
      };
      await Promise.all([one(t.A, 'A'), one(t.B, 'B')]);
      t.expect('after all');
      hook.disable();
      t.same('called', seen.size > 0, true);
    },
  },
  {
    name: 'another user of the promise hooks, before, under and after a lock',
    async run(t) {
      let calls = 0;
      const count = () => {
        calls++;
      };
      const stopFirst = promiseHooks.createHook({ init: count, before: count, after: count, settled: count });
      const guard = await t.A.acquire();
      t.expect('taken', 'A');
      const stopSecond = promiseHooks.onInit(count);
      await t.tick();
      t.expect('with two', 'A');
      stopFirst();
      await t.tick();
      t.expect('with one', 'A');
      const own = await t.B.acquire();
      t.expect('B', 'A', 'B');
      stopSecond();
      await null;
      t.expect('with none', 'A', 'B');
      own.release();
      guard.release();
      t.expect('released');
      t.same('called', calls > 0, true);
    },
  },
  {
    name: 'another user of the promise hooks, side by side',
    async run(t) {
      const stop = promiseHooks.createHook({ init() {}, before() {}, after() {}, settled() {} });
      const one = async (lock, name) => {
        await t.tick();
        const guard = await lock.acquire();
        t.expect(`${name}: taken`, name);
        await t.sleep(1);
        t.expect(`${name}: later`, name);
        guard.release();
        t.expect(`${name}: released`);
      };
      await Promise.all([one(t.A, 'A'), one(t.B, 'B')]);
      stop();
      t.expect('after all');
    },
  },
  {
    name: 'a callback of a FinalizationRegistry has nothing',
    async run(t) {
      const collected = t.deferred();
      const registry = new FinalizationRegistry(() => {
        t.expect('callback');
        collected.resolve();
      });
      const guard = await t.A.acquire();
      (() => registry.register({}, 1))();
      guard.release();
      const holder = (async () => {
        const own = await t.B.acquire();
        const limit = Date.now() + 5000;
        let isDone = false;
        void collected.promise.then(() => {
          isDone = true;
        });
        while (!isDone && Date.now() < limit) {
          globalThis.gc();
          await t.tick();
          t.expect('holder', 'B');
        }
        t.same('collected', isDone, true);
        own.release();
      })();
      await holder;
      t.expect('after');
    },
  },
  {
    name: 'code of a vm context that takes locks',
    async run(t) {
      const sandbox = vm.createContext({ A: t.A, B: t.B, t, setTimeout });
      const guard = await vm.runInContext(
        '(async () => { const g = await A.acquire(); t.expect("in", "A"); return g; })()',
        sandbox,
      );
      t.expect('taken', 'A');
      await t.tick();
      t.expect('later', 'A');
      guard.release();
      t.expect('released');
    },
  },
  {
    name: 'code of a vm context, side by side and through its own Promise',
    async run(t) {
      const sandbox = vm.createContext({ A: t.A, B: t.B, t });
      await vm.runInContext(
        `(async () => {
          const one = async (lock, name) => {
            await t.tick();
            const guard = await lock.acquire();
            t.expect(name + ': taken', name);
            await new Promise((done) => t.sleep(1).then(done));
            t.expect(name + ': later', name);
            guard.release();
            t.expect(name + ': released');
          };
          await Promise.all([one(A, 'A'), one(B, 'B')]);
          t.expect('after all');
          const guards = await Promise.all([A.acquire(), B.acquire()]);
          t.expectSet('both', 'A', 'B');
          await null;
          t.expectSet('both, later', 'A', 'B');
          for (const guard of guards) guard.release();
          t.expect('both back');
        })()`,
        sandbox,
      );
      t.expect('after');
    },
  },
  {
    name: 'code of a vm context called under a lock',
    async run(t) {
      const sandbox = vm.createContext({ t });
      const guard = await t.A.acquire();
      await vm.runInContext(
        '(async () => { t.expect("in", "A"); await null; t.expect("in, later", "A"); })()',
        sandbox,
      );
      t.expect('after', 'A');
      vm.runInContext('t.expect("synchronous", "A")', sandbox);
      guard.release();
      t.expect('released');
    },
  },
  {
    name: 'vm.runInNewContext with microtasks of its own, under a lock',
    async run(t) {
      const guard = await t.A.acquire();
      vm.runInNewContext(
        'Promise.resolve().then(() => t.expect("in", "A"))',
        { t },
        { microtaskMode: 'afterEvaluate' },
      );
      t.expect('after', 'A');
      await t.tick();
      t.expect('later', 'A');
      guard.release();
      t.expect('released');
    },
  },
  {
    name: 'Error.prepareStackTrace and stackTraceLimit of another tool',
    async run(t) {
      const { prepareStackTrace, stackTraceLimit } = Error;
      try {
        Error.prepareStackTrace = () => 'mine';
        Error.stackTraceLimit = 0;
        const take = async (lock) => {
          await t.tick();
          return { guard: await lock.acquire() };
        };
        const one = async (lock, name) => {
          const { guard } = await take(lock);
          t.expect(`${name}: taken`, name);
          await t.tick();
          t.expect(`${name}: later`, name);
          guard.release();
          t.expect(`${name}: released`);
        };
        await Promise.all([one(t.A, 'A'), one(t.B, 'B')]);
        t.same('stack', new Error('x').stack, 'mine');
      } finally {
        Object.assign(Error, { prepareStackTrace, stackTraceLimit });
      }
      t.expect('after all');
    },
  },
];
