// Generators, async and driven by hand, and what iterates over them.

async function* holding(t, lock, count) {
  t.expect('generator: before');
  const guard = await lock.acquire();
  try {
    for (let i = 0; i < count; i++) {
      t.expect(`generator: before yield ${i}`, 'A');
      yield i;
      t.expect(`generator: after yield ${i}`, 'A');
      await t.tick();
    }
  } finally {
    t.expect('generator: finally', 'A');
    guard.release();
    t.expect('generator: back');
  }
}

/** Drives a generator of promises, as co does. */
function co(make, ...args) {
  return new Promise((done, fail) => {
    const generator = make(...args);
    const step = (method, value) => {
      let result;
      try {
        result = generator[method](value);
      } catch (error) {
        fail(error);
        return;
      }
      if (result.done) done(result.value);
      else
        Promise.resolve(result.value).then(
          (next) => step('next', next),
          (error) => step('throw', error),
        );
    };
    step('next');
  });
}

/** The same by an async function. */
async function driven(make, ...args) {
  const generator = make(...args);
  let result = generator.next();
  while (!result.done) {
    try {
      result = generator.next(await result.value);
    } catch (error) {
      result = generator.throw(error);
    }
  }
  return result.value;
}

const drivers = { co, 'an async function': driven };

const byHand = Object.entries(drivers).flatMap(([name, drive]) => [
  {
    name: `a generator driven by ${name}`,
    async run(t) {
      await drive(function* () {
        t.expect('before');
        const guard = yield t.A.acquire();
        t.expect('taken', 'A');
        yield t.sleep(1);
        t.expect('later', 'A');
        yield null;
        t.expect('after null', 'A');
        try {
          yield Promise.reject(new Error('on purpose'));
        } catch {
          t.expect('catch', 'A');
        }
        guard.release();
        t.expect('back');
        yield t.tick();
        t.expect('at the end');
      });
      t.expect('after');
    },
  },
  {
    name: `generators driven by ${name}, side by side`,
    async run(t) {
      const work = function* (lock, lockName) {
        yield t.tick();
        t.expect(`${lockName}: before`);
        const guard = yield lock.acquire();
        t.expect(`${lockName}: taken`, lockName);
        yield t.sleep(1);
        t.expect(`${lockName}: later`, lockName);
        guard.release();
        t.expect(`${lockName}: back`);
      };
      await Promise.all([drive(work, t.A, 'A'), drive(work, t.B, 'B'), drive(work, t.C, 'C')]);
      t.expect('after all');
    },
  },
  {
    name: `a generator driven by ${name} hands its guard over`,
    async run(t) {
      const take = function* (lock) {
        yield t.sleep(1);
        const guard = yield lock.acquire();
        yield null;
        return guard;
      };
      const guard = await drive(take, t.A);
      t.expect('taken', 'A');
      await t.tick();
      t.expect('later', 'A');
      guard.release();
      t.expect('back');
    },
  },
  {
    name: `a generator driven by ${name} takes a lock in yield*`,
    async run(t) {
      const take = function* (lock) {
        yield t.tick();
        return yield lock.acquire();
      };
      await drive(function* () {
        const outer = yield t.C.acquire();
        const guard = yield* take(t.A);
        t.expect('taken', 'C', 'A');
        yield t.tick();
        t.expect('later', 'C', 'A');
        guard.release();
        t.expect('back', 'C');
        outer.release();
        t.expect('both back');
      });
      t.expect('after');
    },
  },
]);

export const forms = [
  {
    name: 'an async generator that holds a lock while it is iterated',
    async run(t) {
      for await (const i of holding(t, t.A, 3)) {
        t.expect(`body ${i}`, 'A');
        await t.tick();
        t.expect(`body ${i}, later`, 'A');
      }
      t.expect('after');
    },
  },
  {
    name: 'an async generator whose iteration breaks off',
    async run(t) {
      for await (const i of holding(t, t.A, 3)) {
        t.expect(`body ${i}`, 'A');
        if (i === 1) break;
      }
      t.expect('after');
      await t.tick();
      t.expect('later');
    },
  },
  {
    name: 'an async generator whose iteration fails',
    async run(t) {
      try {
        for await (const i of holding(t, t.A, 3)) {
          t.expect(`body ${i}`, 'A');
          throw new Error('on purpose');
        }
      } catch {
        t.expect('catch');
      }
      await t.tick();
      t.expect('later');
    },
  },
  {
    name: 'return in a for await in an async function',
    async run(t) {
      const first = async () => {
        for await (const i of holding(t, t.A, 3)) return i;
        return null;
      };
      t.same('value', await first(), 0);
      t.expect('after');
    },
  },
  {
    name: 'two async generators with their locks, each iterated by its own flow',
    async run(t) {
      const numbers = async function* (lock, name) {
        const guard = await lock.acquire();
        for (let i = 0; i < 4; i++) {
          await t.tick();
          t.expect(`${name}: generator`, name);
          yield i;
        }
        guard.release();
        t.expect(`${name}: generator, back`);
      };
      const reader = async (lock, name) => {
        for await (const _ of numbers(lock, name)) {
          t.expect(`${name}: body`, name);
          await null;
          t.expect(`${name}: body, later`, name);
        }
        t.expect(`${name}: after`);
      };
      await Promise.all([reader(t.A, 'A'), reader(t.B, 'B')]);
      t.expect('after all');
    },
  },
  {
    name: 'an async generator that takes and gives back a lock between two yields',
    async run(t) {
      const numbers = async function* () {
        for (let i = 0; i < 4; i++) {
          const guard = await t.A.acquire();
          t.expect('generator', 'A');
          await t.tick();
          t.expect('generator, later', 'A');
          guard.release();
          yield i;
          t.expect('generator, after yield');
        }
      };
      for await (const i of numbers()) {
        t.expect(`body ${i}`);
        const guard = await t.A.acquire();
        t.expect(`body ${i}, taken`, 'A');
        guard.release();
      }
      t.expect('after');
    },
  },
  {
    name: 'a for await under a lock over a generator without one',
    async run(t) {
      const numbers = async function* () {
        yield 1;
        await t.sleep(1);
        yield 2;
        await t.tick();
        yield 3;
      };
      const guard = await t.A.acquire();
      for await (const i of numbers()) t.expect(`body ${i}`, 'A');
      t.expect('after', 'A');
      guard.release();
      t.expect('released');
    },
  },
  {
    name: 'a for await over acquires',
    async run(t) {
      const guards = [];
      const names = [];
      for await (const guard of [t.A.acquire(), t.B.acquire(), t.C.acquire()]) {
        guards.push(guard);
        names.push('ABC'[names.length]);
        for (const name of names) t.has(`after ${names}`, name);
      }
      t.expectSet('after', 'A', 'B', 'C');
      await t.tick();
      t.expectSet('later', 'A', 'B', 'C');
      for (const guard of guards) guard.release();
      t.expect('back');
    },
  },
  {
    name: 'for await over a stack of async generators',
    async run(t) {
      const source = async function* () {
        for (let i = 0; i < 3; i++) {
          await t.sleep(1);
          yield i;
        }
      };
      const locked = async function* (input) {
        for await (const value of input) {
          const guard = await t.A.acquire();
          t.expect('locked', 'A');
          await null;
          guard.release();
          yield value + 1;
        }
      };
      const doubled = async function* (input) {
        for await (const value of input) {
          t.expect('doubled');
          yield value * 2;
        }
      };
      const seen = [];
      for await (const value of doubled(locked(source()))) {
        t.expect('body');
        seen.push(value);
      }
      t.same('seen', seen.join(), '2,4,6');
      t.expect('after');
    },
  },
  {
    name: 'an async iterator made by hand that takes its lock in next',
    async run(t) {
      const made = {
        guard: undefined,
        left: 3,
        [Symbol.asyncIterator]() {
          return this;
        },
        async next() {
          this.guard ??= await t.A.acquire();
          await t.tick();
          return this.left-- > 0 ? { done: false, value: this.left } : this.return();
        },
        async return() {
          this.guard.release();
          return { done: true, value: undefined };
        },
      };
      for await (const value of made) {
        t.expect(`body ${value}`, 'A');
        await t.tick();
        t.expect(`body ${value}, later`, 'A');
      }
      t.expect('after');
    },
  },
  {
    name: 'next() of an async generator, called by hand',
    async run(t) {
      const generator = holding(t, t.A, 2);
      t.expect('before');
      await generator.next();
      t.expect('first', 'A');
      await t.tick();
      t.expect('first, later', 'A');
      await generator.next();
      t.expect('second', 'A');
      await generator.next();
      t.expect('after');
    },
  },
  {
    name: 'return() of an async generator, called by hand',
    async run(t) {
      const generator = holding(t, t.A, 2);
      await generator.next();
      t.expect('first', 'A');
      await generator.return();
      t.expect('after');
      await t.tick();
      t.expect('later');
    },
  },
  {
    name: 'yield* of an async generator that holds a lock',
    async run(t) {
      const outer = async function* () {
        yield* holding(t, t.A, 2);
        t.expect('outer, after');
        yield 'last';
      };
      const seen = [];
      for await (const value of outer()) {
        t.expect(`body ${value}`, value === 'last' ? [] : ['A']);
        seen.push(value);
      }
      t.same('seen', seen.join(), '0,1,last');
      t.expect('after');
    },
  },
  {
    name: 'a synchronous generator of work under locks',
    async run(t) {
      const steps = function* () {
        yield () => t.A.acquire();
        yield () => t.B.acquire();
      };
      const guards = [];
      for (const step of steps()) guards.push(await step());
      t.expect('taken', 'A', 'B');
      guards[0].release();
      t.expect('A back', 'B');
      await null;
      guards[1].release();
      t.expect('back');
    },
  },
  {
    name: 'workers that share one iterator, each work item under a lock of its own',
    async run(t) {
      const items = [1, 2, 3, 4, 5, 6].values();
      const worker = async () => {
        for (const item of items) {
          const name = `X${item}`;
          const guard = await t.lock(name).acquire();
          t.expect(`${item}: taken`, name);
          await t.sleep(item % 3);
          t.expect(`${item}: later`, name);
          guard.release();
          t.expect(`${item}: back`);
        }
      };
      await Promise.all([worker(), worker(), worker()]);
      t.expect('after all');
    },
  },
  ...byHand,
];
