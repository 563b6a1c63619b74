// Thenables, subclasses, promise libraries, observables, fibres: what looks like a promise or a thread and is none.

/** A small A+ promise, as a library would bring it. */
class Later {
  #state = 'pending';
  #value;
  #reactions = [];
  static schedule = queueMicrotask;

  constructor(executor) {
    const settle = (state) => (value) => {
      if (this.#state !== 'pending') return;
      if (state === 'fulfilled' && typeof value?.then === 'function') {
        this.#state = 'following';
        value.then(
          (result) => this.#finish('fulfilled', result),
          (reason) => this.#finish('rejected', reason),
        );
      } else this.#finish(state, value);
    };
    try {
      executor(settle('fulfilled'), settle('rejected'));
    } catch (error) {
      settle('rejected')(error);
    }
  }

  #finish(state, value) {
    this.#state = state;
    this.#value = value;
    for (const reaction of this.#reactions.splice(0)) Later.schedule(reaction);
  }

  // biome-ignore lint/suspicious/noThenProperty: that is what a promise is
  then(onFulfilled, onRejected) {
    return new Later((done, fail) => {
      const react = () => {
        const handler = this.#state === 'fulfilled' ? onFulfilled : onRejected;
        if (typeof handler !== 'function') {
          (this.#state === 'fulfilled' ? done : fail)(this.#value);
          return;
        }
        try {
          done(handler(this.#value));
        } catch (error) {
          fail(error);
        }
      };
      if (this.#state === 'fulfilled' || this.#state === 'rejected') Later.schedule(react);
      else this.#reactions.push(react);
    });
  }
}

const schedulers = { queueMicrotask, setImmediate };

const library = Object.entries(schedulers).flatMap(([name, schedule]) => {
  const withLibrary = async (work) => {
    Later.schedule = schedule;
    await work();
  };
  return [
    {
      name: `a promise library on ${name}: awaited under a lock`,
      run: (t) =>
        withLibrary(async () => {
          const guard = await t.A.acquire();
          await new Later((done) => setTimeout(done, 1));
          t.expect('after', 'A');
          await new Later((done) => done(1)).then((n) => n + 1).then((n) => n + 1);
          t.expect('after a chain', 'A');
          await new Later((_, fail) => fail(new Error('on purpose'))).then(
            () => {},
            () => {},
          );
          t.expect('after a failure', 'A');
          guard.release();
          t.expect('released');
        }),
    },
    {
      name: `a promise library on ${name}: side by side under locks`,
      run: (t) =>
        withLibrary(async () => {
          const one = async (lock, lockName) => {
            const guard = await lock.acquire();
            for (let i = 0; i < 3; i++) {
              await new Later((done) => done(i)).then((n) => n);
              t.expect(`${lockName} ${i}`, lockName);
            }
            guard.release();
            t.expect(`${lockName}: released`);
          };
          await Promise.all([one(t.A, 'A'), one(t.B, 'B')]);
          t.expect('after all');
        }),
    },
    {
      name: `a promise library on ${name}: a guard comes through it`,
      run: (t) =>
        withLibrary(async () => {
          const guard = await new Later((done) => done(t.A.acquire()));
          t.expect('taken', 'A');
          await t.tick();
          t.expect('later', 'A');
          guard.release();
          t.expect('released');
        }),
    },
    {
      name: `a promise library on ${name}: guards come through it side by side`,
      run: (t) =>
        withLibrary(async () => {
          const one = async (lock, lockName) => {
            const guard = await new Later((done) => done(1)).then(() => lock.acquire()).then((taken) => taken);
            t.expect(`${lockName}: taken`, lockName);
            await t.tick();
            t.expect(`${lockName}: later`, lockName);
            guard.release();
            t.expect(`${lockName}: released`);
          };
          await Promise.all([one(t.A, 'A'), one(t.B, 'B')]);
          t.expect('after all');
        }),
    },
  ];
});

/** Made by `defer`: nothing happens before somebody calls then, as with knex. */
const lazy = (work) => ({
  // biome-ignore lint/suspicious/noThenProperty: that is what a thenable is
  then: (done, fail) => work().then(done, fail),
});

class Subclass extends Promise {}

/** The least of an observable. */
class Subject {
  #observers = new Set();
  subscribe(observer) {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }
  next(value) {
    for (const observer of [...this.#observers]) observer(value);
  }
  map(fn) {
    const mapped = new Subject();
    this.subscribe((value) => mapped.next(fn(value)));
    return mapped;
  }
  first() {
    return new Promise((done) => {
      const stop = this.subscribe((value) => {
        stop();
        done(value);
      });
    });
  }
}

/** Runs a generator of promises as a fibre: resumed by the callback of each of them. */
function fibre(make) {
  const generator = make();
  return new Promise((done, fail) => {
    const resume = (method, value) => {
      try {
        const step = generator[method](value);
        if (step.done) done(step.value);
        else
          step.value.then(
            (next) => resume('next', next),
            (error) => resume('throw', error),
          );
      } catch (error) {
        fail(error);
      }
    };
    resume('next');
  });
}

export const forms = [
  {
    name: 'a lazy thenable under a lock',
    async run(t) {
      const guard = await t.A.acquire();
      const value = await lazy(async () => {
        t.expect('then', 'A');
        await t.tick();
        t.expect('then, later', 'A');
        return 1;
      });
      t.same('value', value, 1);
      t.expect('after', 'A');
      await t.tick();
      t.expect('later', 'A');
      guard.release();
      t.expect('released');
    },
  },
  {
    name: 'lazy thenables side by side under locks',
    async run(t) {
      const one = async (lock, name) => {
        const guard = await lock.acquire();
        await lazy(() => t.sleep(1));
        t.expect(`${name}: after`, name);
        await lazy(async () => t.expect(`${name}: then`, name));
        t.expect(`${name}: after two`, name);
        guard.release();
        t.expect(`${name}: released`);
      };
      await Promise.all([one(t.A, 'A'), one(t.B, 'B')]);
      t.expect('after all');
    },
  },
  {
    name: 'a thenable whose then takes a lock and gives the guard',
    async run(t) {
      const guard = await lazy(() => t.A.acquire());
      t.expect('taken', 'A');
      await t.tick();
      t.expect('later', 'A');
      guard.release();
      t.expect('released');
    },
  },
  {
    name: 'thenables whose then takes a lock after I/O, side by side',
    async run(t) {
      const one = async (lock, name) => {
        const guard = await lazy(async () => {
          await t.sleep(1);
          return lock.acquire();
        });
        t.expect(`${name}: taken`, name);
        await t.tick();
        t.expect(`${name}: later`, name);
        guard.release();
        t.expect(`${name}: released`);
      };
      await Promise.all([one(t.A, 'A'), one(t.B, 'B')]);
      t.expect('after all');
    },
  },
  {
    name: 'a thenable whose then takes a lock and gives it back',
    async run(t) {
      const value = await lazy(async () => {
        const guard = await t.A.acquire();
        t.expect('inside', 'A');
        await null;
        guard.release();
        return 3;
      });
      t.same('value', value, 3);
      t.expect('after');
    },
  },
  {
    name: 'await of values that are no promises, under a lock',
    async run(t) {
      const guard = await t.A.acquire();
      for (const value of [null, undefined, 0, 'text', {}, () => {}]) {
        await value;
        t.expect(`after ${typeof value}`, 'A');
      }
      guard.release();
      t.expect('released');
    },
  },
  {
    name: 'await of values that are no promises, side by side',
    async run(t) {
      const one = async (lock, name) => {
        await null;
        t.expect(`${name}: before`);
        const guard = await lock.acquire();
        for (let i = 0; i < 5; i++) {
          await i;
          t.expect(`${name} ${i}`, name);
        }
        guard.release();
        await null;
        t.expect(`${name}: released`);
      };
      await Promise.all([one(t.A, 'A'), one(t.B, 'B')]);
      t.expect('after all');
    },
  },
  {
    name: 'a subclass of Promise around an acquire',
    async run(t) {
      const guard = await Subclass.resolve(t.A.acquire());
      t.expect('taken', 'A');
      await new Subclass((done) => setTimeout(done, 1));
      t.expect('later', 'A');
      await Subclass.all([t.tick(), Subclass.resolve(1)]);
      t.expect('after all', 'A');
      guard.release();
      t.expect('released');
    },
  },
  {
    name: 'a subclass of Promise whose then gives the guard on, side by side',
    async run(t) {
      const one = async (lock, name) => {
        const guard = await Subclass.resolve()
          .then(() => lock.acquire())
          .then((taken) => taken);
        t.expect(`${name}: taken`, name);
        await t.tick();
        t.expect(`${name}: later`, name);
        guard.release();
        t.expect(`${name}: released`);
      };
      await Promise.all([one(t.A, 'A'), one(t.B, 'B')]);
      t.expect('after all');
    },
  },
  {
    name: 'combinators of a subclass of Promise',
    async run(t) {
      const [a, b] = await Subclass.all([t.A.acquire(), t.B.acquire()]);
      t.expectSet('all', 'A', 'B');
      await t.tick();
      t.expectSet('all, later', 'A', 'B');
      a.release();
      b.release();
      const c = await Subclass.race([t.C.acquire(), t.sleep(50)]);
      t.expect('race', 'C');
      c.release();
      t.expect('released');
    },
  },
  {
    name: 'an own property constructor on the promise of an acquire',
    async run(t) {
      const promise = t.A.acquire();
      promise.constructor = Subclass;
      const guard = await promise;
      t.expect('taken', 'A');
      await t.tick();
      t.expect('later', 'A');
      guard.release();
      t.expect('released');
    },
  },
  {
    name: 'own properties then and constructor on promises of helpers',
    async run(t) {
      const take = async (lock) => {
        await t.tick();
        return lock.acquire();
      };
      const one = async (lock, name) => {
        const promise = take(lock);
        void Object.defineProperty(promise, 'constructor', { value: class extends Promise {} });
        const guard = await promise;
        t.expect(`${name}: taken`, name);
        await t.tick();
        t.expect(`${name}: later`, name);
        guard.release();
        t.expect(`${name}: released`);
      };
      await Promise.all([one(t.A, 'A'), one(t.B, 'B')]);
      t.expect('after all');
    },
  },
  {
    name: 'a frozen promise of an acquire',
    async run(t) {
      const guard = await Object.freeze(t.A.acquire());
      t.expect('taken', 'A');
      await Object.freeze(t.tick());
      t.expect('later', 'A');
      guard.release();
      t.expect('released');
    },
  },
  {
    name: 'a getter named then that takes a lock for itself',
    async run(t) {
      let inner;
      const odd = {
        // biome-ignore lint/suspicious/noThenProperty: that is what a thenable is
        get then() {
          inner ??= (async () => {
            const own = await t.B.acquire();
            await t.tick();
            t.has('inner', 'B');
            own.release();
          })();
          return undefined;
        },
      };
      const guard = await t.A.acquire();
      await odd;
      t.expect('after', 'A');
      await t.sleep(2);
      t.expect('later', 'A');
      guard.release();
      await inner;
      t.expect('released');
    },
  },
  {
    name: 'a then that resolves at once, out of another flow’s lock',
    async run(t) {
      const waiters = [];
      const manual = {
        // biome-ignore lint/suspicious/noThenProperty: that is what a thenable is
        then: (done) => void waiters.push(done),
      };
      const waiter = async (lock, name) => {
        const guard = await lock.acquire();
        await manual;
        t.expect(`${name}: woken`, name);
        guard.release();
        t.expect(`${name}: released`);
      };
      const waker = async () => {
        while (waiters.length < 2) await t.tick();
        const guard = await t.C.acquire();
        for (const wake of waiters) wake();
        t.expect('waker', 'C');
        await t.sleep(1);
        guard.release();
      };
      await Promise.all([waiter(t.A, 'A'), waiter(t.B, 'B'), waker()]);
      t.expect('after all');
    },
  },
  {
    name: 'an observable under locks: observers run in the flow of the one who says next',
    async run(t) {
      const subject = new Subject();
      const mapped = subject.map((n) => {
        t.expect(`map ${n}`, 'B');
        return n * 2;
      });
      const waiter = async () => {
        const guard = await t.A.acquire();
        const value = await mapped.first();
        t.same('value', value, 2);
        t.expect('waiter', 'A');
        await t.tick();
        t.expect('waiter, later', 'A');
        guard.release();
        t.expect('waiter, released');
      };
      const waiting = waiter();
      await t.tick();
      const guard = await t.B.acquire();
      subject.next(1);
      t.expect('caller', 'B');
      await t.tick();
      subject.next(2);
      t.expect('caller, later', 'B');
      await waiting;
      guard.release();
      t.expect('released');
    },
  },
  {
    name: 'an observable made of a timer, subscribed under a lock',
    async run(t) {
      const interval = (ms, count) => {
        const subject = new Subject();
        let n = 0;
        const timer = setInterval(() => {
          subject.next(n++);
          if (n === count) clearInterval(timer);
        }, ms);
        return subject;
      };
      const guard = await t.A.acquire();
      const numbers = interval(1, 3);
      await numbers.first();
      t.expect('first', 'A');
      await numbers.first();
      t.expect('second', 'A');
      guard.release();
      await numbers.first();
      t.expect('third');
    },
  },
  {
    name: 'fibres side by side, each with its own lock',
    async run(t) {
      const one = (lock, name) =>
        fibre(function* () {
          yield t.tick();
          t.expect(`${name}: before`);
          const guard = yield lock.acquire();
          t.expect(`${name}: taken`, name);
          yield t.sleep(1);
          t.expect(`${name}: later`, name);
          guard.release();
          t.expect(`${name}: released`);
          yield t.tick();
          t.expect(`${name}: at the end`);
        });
      await Promise.all([one(t.A, 'A'), one(t.B, 'B'), one(t.C, 'C')]);
      t.expect('after all');
    },
  },
  {
    name: 'fibres that hand one lock on',
    async run(t) {
      const one = (name) =>
        fibre(function* () {
          const own = yield t.lock(name).acquire();
          const guard = yield t.A.acquire();
          t.expect(`${name}: taken`, name, 'A');
          yield t.sleep(1);
          t.expect(`${name}: later`, name, 'A');
          guard.release();
          t.expect(`${name}: back`, name);
          yield t.tick();
          t.expect(`${name}: back, later`, name);
          own.release();
        });
      await Promise.all([one('X'), one('Y'), one('Z')]);
      t.expect('after all');
    },
  },
  {
    name: 'a saga: effects are data, a middleware carries them out',
    async run(t) {
      const effects = {
        take: (lock) => lock.acquire(),
        put: (guard) => guard.release(),
        delay: (ms) => t.sleep(ms),
        call: (fn) => fn(),
      };
      const middleware = async (saga) => {
        let reply;
        for (let step = saga.next(); !step.done; step = saga.next(reply)) {
          const [effect, value] = step.value;
          reply = await effects[effect](value);
        }
      };
      const saga = function* (lock, name) {
        const guard = yield ['take', lock];
        t.expect(`${name}: taken`, name);
        yield ['delay', 1];
        t.expect(`${name}: later`, name);
        yield ['call', async () => t.expect(`${name}: call`, name)];
        yield ['put', guard];
        t.expect(`${name}: back`);
      };
      await Promise.all([middleware(saga(t.A, 'A')), middleware(saga(t.B, 'B'))]);
      t.expect('after all');
    },
  },
  ...library,
];
