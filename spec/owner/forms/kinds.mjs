// The other kinds of locks, run(), tries, disposal, names of tasks.

const DISPOSE = Symbol.dispose ?? Symbol.for('Symbol.dispose');
const ASYNC_DISPOSE = Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose');

/** How each kind is taken in its plain way. */
const kinds = {
  'a Mutex': { make: (t, name) => t.make('Mutex', name), take: (lock, options) => lock.acquire(options) },
  'a Semaphore of one': {
    make: (t, name) => t.make('Semaphore', name),
    take: (lock, options) => lock.acquire(options),
  },
  'a Semaphore of three, two units at a time': {
    make: (t, name) => t.make('Semaphore', name, { capacity: 3 }),
    take: (lock, options) => lock.acquire({ ...options, units: 2 }),
  },
  'an RwLock for writing': { make: (t, name) => t.make('RwLock', name), take: (lock, options) => lock.write(options) },
  'an RwLock for reading': {
    make: (t, name) => t.make('RwLock', name),
    take: (lock, options) => lock.read(options),
    isShared: true,
  },
  'a KeyedMutex': {
    make: (t, name) => t.make('KeyedMutex', name),
    take: (lock, options) => lock.acquire('key', options),
  },
};

const ofKinds = Object.entries(kinds).flatMap(([kind, { make, take, isShared }]) =>
  [
    {
      name: `${kind}: one flow`,
      async run(t) {
        const lock = make(t, 'K');
        const guard = await take(lock);
        t.expect('taken', 'K');
        await t.tick();
        t.expect('later', 'K');
        guard.release();
        t.expect('back');
        await t.tick();
        t.expect('at the end');
      },
    },
    {
      name: `${kind}: side by side, under another lock each`,
      async run(t) {
        const one = async (outer) => {
          const guard = await t.lock(outer).acquire();
          const inner = `${outer}K`;
          const own = await take(make(t, inner));
          t.expect(`${outer}: taken`, outer, inner);
          await t.tick();
          t.expect(`${outer}: later`, outer, inner);
          own.release();
          t.expect(`${outer}: back`, outer);
          guard.release();
          t.expect(`${outer}: released`);
        };
        await Promise.all(['X', 'Y', 'Z'].map(one));
        t.expect('after all');
      },
    },
    {
      name: `${kind}: flows hand it on`,
      async run(t) {
        const lock = make(t, 'K');
        const one = async (name) => {
          const own = await t.lock(name).acquire();
          const guard = await take(lock);
          t.expect(`${name}: taken`, name, 'K');
          await t.sleep(1);
          t.expect(`${name}: later`, name, 'K');
          guard.release();
          t.expect(`${name}: back`, name);
          await t.tick();
          t.expect(`${name}: back, later`, name);
          own.release();
          t.expect(`${name}: at the end`);
        };
        await Promise.all(['W', 'X', 'Y', 'Z'].map(one));
        t.expect('after all');
      },
    },
    {
      name: `${kind}: a helper that does I/O first hands it over`,
      async run(t) {
        const lock = make(t, 'K');
        const helper = async () => {
          await t.sleep(1);
          const guard = await take(lock);
          return { end: () => guard.release() };
        };
        const lease = await helper();
        t.expect('taken', 'K');
        await t.tick();
        t.expect('later', 'K');
        lease.end();
        t.expect('back');
      },
    },
    {
      name: `${kind}: disposed of`,
      async run(t) {
        const lock = make(t, 'K');
        const guard = await take(lock);
        try {
          t.expect('using', 'K');
          await t.tick();
          t.expect('using, later', 'K');
        } finally {
          guard[DISPOSE]();
        }
        t.expect('after');
        const again = await take(lock);
        try {
          t.expect('await using', 'K');
        } finally {
          await again[ASYNC_DISPOSE]();
        }
        t.expect('after both');
      },
    },
    {
      name: `${kind}: a timeout and an abort, waited for under another lock`,
      async run(t) {
        const lock = make(t, 'K');
        const holder = await t.holder(() => take(lock));
        const waiter = async (name, options) => {
          const own = await t.lock(name).acquire();
          await take(lock, options).then(
            () => t.same(`${name}: granted`, true, false),
            () => t.expect(`${name}: failed`, name),
          );
          t.expect(`${name}: after`, name);
          own.release();
          t.expect(`${name}: released`);
        };
        const controller = new AbortController();
        const waiting = [waiter('X', { timeout: 1 }), waiter('Y', { signal: controller.signal })];
        await t.tick();
        controller.abort();
        t.expect('after abort');
        await Promise.all(waiting);
        t.expect('after the waiters');
        await holder.end();
        t.expect('at the end');
      },
    },
  ].filter((_, i) => !(isShared && i === 5)),
);

export const forms = [
  ...ofKinds,
  {
    name: 'run: async, nested, with results',
    async run(t) {
      const value = await t.A.run(async () => {
        t.expect('outer', 'A');
        await t.tick();
        t.expect('outer, later', 'A');
        const inner = await t.B.run(async () => {
          t.expect('inner', 'A', 'B');
          await t.tick();
          t.expect('inner, later', 'A', 'B');
          return 1;
        });
        t.expect('after inner', 'A');
        return inner + 1;
      });
      t.same('value', value, 2);
      t.expect('after');
    },
  },
  {
    name: 'run: a synchronous callback, right in the call',
    async run(t) {
      let ran = false;
      const promise = t.A.run(() => {
        ran = true;
        t.expect('inside', 'A');
        return 7;
      });
      t.same('value', await promise, 7);
      t.same('ran', ran, true);
      t.expect('after');
    },
  },
  {
    name: 'run: a callback that throws, one that rejects',
    async run(t) {
      await t.A.run(() => {
        t.expect('throwing', 'A');
        throw new Error('on purpose');
      }).catch(() => t.expect('catch'));
      t.expect('after the first');
      await t.A.run(async () => {
        await t.tick();
        t.expect('rejecting', 'A');
        throw new Error('on purpose');
      }).catch(() => t.expect('catch, too'));
      t.expect('after the second');
      const guard = await t.A.acquire();
      t.expect('again', 'A');
      guard.release();
    },
  },
  {
    name: 'run: side by side over one lock, called in one turn',
    async run(t) {
      const one = (name) =>
        t.A.run(async () => {
          t.expect(`${name}: inside`, 'A');
          const own = await t.lock(name).acquire();
          t.expect(`${name}: both`, 'A', name);
          await t.tick();
          own.release();
          t.expect(`${name}: own back`, 'A');
        });
      const all = ['X', 'Y', 'Z'].map(one);
      t.expect('right after the calls');
      await Promise.all(all);
      t.expect('after all');
    },
  },
  {
    name: 'run: called under the caller’s lock, granted by another flow',
    async run(t) {
      const go = t.deferred();
      const holder = t.A.run(async () => {
        await go.promise;
        t.expect('holder', 'A');
      });
      const caller = (async () => {
        const guard = await t.B.acquire();
        await t.A.run(async () => {
          t.expect('inside', 'B', 'A');
          await t.tick();
          t.expect('inside, later', 'B', 'A');
        });
        t.expect('after', 'B');
        guard.release();
        t.expect('released');
      })();
      await t.tick();
      go.resolve();
      await Promise.all([holder, caller]);
      t.expect('after all');
    },
  },
  {
    name: 'run: what is returned has a lock of its own',
    async run(t) {
      const guard = await t.A.run(async () => {
        await t.tick();
        return t.B.acquire();
      });
      t.expect('after', 'B');
      await t.tick();
      t.expect('later', 'B');
      guard.release();
      t.expect('back');
    },
  },
  {
    name: 'run: a timer armed inside, that fires after the end',
    async run(t) {
      const fired = t.deferred();
      await t.A.run(() => {
        setTimeout(() => {
          t.expect('timer');
          fired.resolve();
        }, 2);
      });
      t.expect('after');
      await fired.promise;
      t.expect('at the end');
    },
  },
  {
    name: 'run: thenables as results',
    async run(t) {
      const value = await t.A.run(() => ({
        // biome-ignore lint/suspicious/noThenProperty: that is what a thenable is
        then: (done) => setTimeout(done, 1, 5),
      }));
      t.same('value', value, 5);
      t.expect('after');
      await t.B.run(async () => t.expect('inside', 'B'));
    },
  },
  {
    name: 'tryAcquire: in one flow, taken and refused',
    async run(t) {
      const guard = t.A.tryAcquire();
      t.expect('taken', 'A');
      await t.tick();
      t.expect('later', 'A');
      t.same('second', t.A.tryAcquire(), null);
      t.expect('after the second', 'A');
      guard.release();
      t.expect('back');
      await t.tick();
      t.expect('at the end');
    },
  },
  {
    name: 'tryAcquire: after await, side by side',
    async run(t) {
      const one = async (lock, name) => {
        await t.tick();
        t.expect(`${name}: before`);
        const guard = lock.tryAcquire();
        t.expect(`${name}: taken`, name);
        await t.sleep(1);
        t.expect(`${name}: later`, name);
        await null;
        t.expect(`${name}: still`, name);
        guard.release();
        t.expect(`${name}: back`);
      };
      await Promise.all([one(t.A, 'A'), one(t.B, 'B'), one(t.C, 'C')]);
      t.expect('after all');
    },
  },
  {
    name: 'tryAcquire: polled until the lock is free',
    async run(t) {
      const holder = async () => {
        const guard = await t.A.acquire();
        await t.sleep(4);
        t.expect('holder', 'A');
        guard.release();
        t.expect('holder, back');
      };
      const poller = async () => {
        await t.tick();
        let guard = null;
        let polls = 0;
        while (guard === null) {
          guard = t.A.tryAcquire();
          if (guard === null) {
            if (polls++ < 3) t.expect(`poll ${polls}`);
            await t.tick();
          }
        }
        t.expect('taken', 'A');
        await t.tick();
        t.expect('later', 'A');
        guard.release();
        t.expect('back');
      };
      await Promise.all([holder(), poller()]);
      t.expect('after');
    },
  },
  {
    name: 'RwLock: readers side by side',
    async run(t) {
      const lock = t.make('RwLock', 'K');
      const reader = async (name) => {
        const own = await t.lock(name).acquire();
        const guard = await lock.read();
        t.expect(`${name}: reading`, name, 'K');
        await t.sleep(1);
        t.expect(`${name}: reading, later`, name, 'K');
        guard.release();
        t.expect(`${name}: back`, name);
        own.release();
        await t.tick();
        t.expect(`${name}: at the end`);
      };
      await Promise.all(['X', 'Y', 'Z'].map(reader));
      t.expect('after all');
    },
  },
  {
    name: 'RwLock: a writer lets many readers in when it downgrades',
    async run(t) {
      const lock = t.make('RwLock', 'K');
      const writer = await lock.write();
      t.expect('writing', 'K');
      const readers = ['X', 'Y'].map(async (name) => {
        const own = await t.lock(name).acquire();
        const guard = await lock.read();
        t.has(`${name}: reading`, 'K');
        t.has(`${name}: own`, name);
        await t.tick();
        guard.release();
        own.release();
      });
      await t.tick();
      t.expect('still writing', 'K');
      const reading = writer.downgrade();
      t.expect('reading', 'K');
      await t.tick();
      t.expect('reading, later', 'K');
      reading.release();
      t.expect('back');
      await Promise.all(readers);
      t.expect('after all');
    },
  },
  {
    name: 'RwLock: a reader becomes the writer',
    async run(t) {
      const lock = t.make('RwLock', 'K');
      const go = t.deferred();
      const other = (async () => {
        const guard = await lock.read();
        await go.promise;
        t.expect('other reader', 'K');
        guard.release();
        t.expect('other reader, back');
      })();
      const reading = await lock.read();
      t.expect('reading', 'K');
      go.resolve();
      const writing = await reading.upgrade();
      t.has('writing', 'K');
      await other;
      t.has('writing, later', 'K');
      writing.release();
      t.expect('back');
    },
  },
  {
    name: 'RwLock: runWrite and runRead',
    async run(t) {
      const lock = t.make('RwLock', 'K');
      await lock.runWrite(async () => {
        t.expect('writing', 'K');
        await t.tick();
        t.expect('writing, later', 'K');
      });
      t.expect('after write');
      await Promise.all([1, 2].map((n) => lock.runRead(async () => t.expect(`reading ${n}`, 'K'))));
      t.expect('after read');
    },
  },
  {
    name: 'Semaphore: three of five flows at a time',
    async run(t) {
      const lock = t.make('Semaphore', 'K', { capacity: 3 });
      const one = async (n) => {
        const name = `X${n}`;
        const own = await t.lock(name).acquire();
        await lock.run(async () => {
          t.expect(`${n}: inside`, name, 'K');
          await t.sleep(1);
          t.expect(`${n}: inside, later`, name, 'K');
        });
        t.expect(`${n}: outside`, name);
        own.release();
      };
      await Promise.all([1, 2, 3, 4, 5].map(one));
      t.expect('after all');
    },
  },
  {
    name: 'KeyedMutex: keys side by side, one key handed on',
    async run(t) {
      const lock = t.make('KeyedMutex', 'K');
      const one = async (key, n) => {
        const name = `X${n}`;
        const own = await t.lock(name).acquire();
        await lock.run(key, async () => {
          t.expect(`${n}: inside`, name, 'K');
          await t.sleep(1);
          t.expect(`${n}: inside, later`, name, 'K');
        });
        t.expect(`${n}: outside`, name);
        own.release();
      };
      await Promise.all([one('a', 1), one('b', 2), one('a', 3), one('b', 4)]);
      t.expect('after all');
    },
  },
  {
    name: 'Condition: a waiter gives its mutex up and gets it back',
    async run(t) {
      const condition = new t.pkg.Condition(t.A);
      const store = { ready: false };
      const waiter = (async () => {
        const guard = await t.A.acquire();
        await condition.waitUntil(guard, () => store.ready);
        t.expect('waiter', 'A');
        await t.tick();
        t.expect('waiter, later', 'A');
        guard.release();
        t.expect('waiter, back');
      })();
      await t.tick();
      const guard = await t.A.acquire();
      t.expect('notifier', 'A');
      store.ready = true;
      condition.notifyAll();
      t.expect('notifier, after', 'A');
      guard.release();
      t.expect('notifier, back');
      await waiter;
      t.expect('after');
    },
  },
  {
    name: 'Once: the caller keeps its own lock',
    async run(t) {
      const load = new t.pkg.Once(async () => {
        await t.tick();
        return 5;
      });
      const one = async (name) => {
        const own = await t.lock(name).acquire();
        t.same(`${name}: value`, await load.get(), 5);
        t.expect(`${name}: after`, name);
        own.release();
        t.expect(`${name}: back`);
      };
      await Promise.all(['X', 'Y', 'Z'].map(one));
      t.expect('after all');
    },
  },
  {
    name: 'lockAll: all of them, in any order of release of the whole',
    async run(t) {
      const one = async (locks) => {
        const guard = await t.pkg.lockAll(locks);
        t.expectSet('taken', 'A', 'B', 'C');
        await t.tick();
        t.expectSet('later', 'A', 'B', 'C');
        guard.release();
        t.expect('back');
      };
      await Promise.all([one([t.A, t.B, t.C]), one([t.C, t.A, t.B])]);
      t.expect('after all');
    },
  },
  {
    name: 'Barrier and Latch: everybody keeps their own locks',
    async run(t) {
      const barrier = new t.pkg.Barrier(3);
      const latch = new t.pkg.Latch(3);
      const one = async (name) => {
        const own = await t.lock(name).acquire();
        await barrier.wait();
        t.expect(`${name}: through the barrier`, name);
        latch.countDown();
        t.expect(`${name}: counted`, name);
        await t.tick();
        own.release();
        t.expect(`${name}: back`);
      };
      const all = ['X', 'Y', 'Z'].map(one);
      await latch.wait();
      t.expect('after the latch');
      await Promise.all(all);
      t.expect('after all');
    },
  },
  {
    name: 'a using block with many guards, lowered by hand',
    async run(t) {
      const stack = [];
      const use = (guard) => {
        stack.push(guard);
        return guard;
      };
      try {
        use(await t.A.acquire());
        t.expect('one', 'A');
        use(await t.B.acquire());
        t.expect('two', 'A', 'B');
        await t.tick();
        use(await t.C.acquire());
        t.expect('three', 'A', 'B', 'C');
      } finally {
        for (const guard of stack.reverse()) await guard[ASYNC_DISPOSE]();
      }
      t.expect('after');
    },
  },
  {
    name: 'a class static block and a field that take locks',
    async run(t) {
      class Service {
        static ready;
        own = t.B.acquire();
        static {
          Service.ready = (async () => {
            const guard = await t.A.acquire();
            t.expect('static block', 'A');
            await t.tick();
            t.expect('static block, later', 'A');
            guard.release();
          })();
        }
      }
      t.expect('right after');
      await Service.ready;
      t.expect('after the static block');
      const guard = await new Service().own;
      t.expect('field', 'B');
      guard.release();
      t.expect('released');
    },
  },
  {
    name: 'a decorator that locks around a method',
    async run(t) {
      const locked = (lock) => (method) =>
        async function (...args) {
          const guard = await lock.acquire();
          try {
            return await method.apply(this, args);
          } finally {
            guard.release();
          }
        };
      class Account {
        deposit = locked(t.A)(async () => {
          t.expect('deposit', 'A');
          await t.tick();
          t.expect('deposit, later', 'A');
          await this.audit();
          t.expect('deposit, after audit', 'A');
        });
        audit = locked(t.B)(async () => {
          await null;
          t.has('audit', 'B');
        });
      }
      const account = new Account();
      await Promise.all([account.deposit(), account.audit(), account.deposit()]);
      t.expect('after all');
    },
  },
  {
    name: 'a task has its name, in itself and in its helpers, and not outside',
    async run(t) {
      const named = (label, name) => t.same(label, t.lockdep.currentOwner().name.startsWith(name), true);
      const unnamed = (label, name) => t.same(label, t.lockdep.currentOwner().name.startsWith(name), false);
      const helper = async () => {
        named('helper', 'payer');
        await t.tick();
        named('helper, later', 'payer');
      };
      unnamed('before', 'payer');
      const promise = t.lockdep.task('payer', async () => {
        named('task', 'payer');
        await t.tick();
        named('task, later', 'payer');
        await helper();
        const guard = await t.A.acquire();
        named('task, under a lock', 'payer');
        t.expect('held', 'A');
        await helper();
        guard.release();
        named('task, released', 'payer');
        t.expect('released');
        return 5;
      });
      unnamed('right after the call', 'payer');
      t.same('value', await promise, 5);
      unnamed('after', 'payer');
    },
  },
  {
    name: 'tasks side by side and in one another have their own names',
    async run(t) {
      const name = () => t.lockdep.currentOwner().name;
      const one = (mine, lock, lockName) =>
        t.lockdep.task(mine, async () => {
          await t.tick();
          t.same(`${mine}: name`, name().startsWith(mine), true);
          const guard = await lock.acquire();
          t.has(`${mine}: held`, lockName);
          t.same(`${mine}: name under its lock`, name().startsWith(mine), true);
          guard.release();
          await t.lockdep.task('inner', async () => {
            await null;
            t.same(`${mine}: inner name`, name().startsWith('inner'), true);
          });
          t.same(`${mine}: name after the inner one`, name().startsWith(mine), true);
          t.expect(`${mine}: released`);
        });
      await Promise.all([one('red', t.A, 'A'), one('blue', t.B, 'B')]);
      for (const task of ['red', 'blue', 'inner']) t.same(`outside, ${task}`, name().startsWith(task), false);
      t.expect('after all');
    },
  },
  {
    name: 'a task gives back what its function gives, and throws what it throws',
    async run(t) {
      const made = {};
      t.same(
        'value',
        t.lockdep.task('one', () => made),
        made,
      );
      let thrown;
      try {
        t.lockdep.task('two', () => {
          throw made;
        });
      } catch (error) {
        thrown = error;
      }
      t.same('thrown', thrown, made);
      t.same('name after', t.lockdep.currentOwner().name.startsWith('two'), false);
      t.expect('after');
    },
  },
  {
    name: 'two owners side by side are not the same, one flow is',
    async run(t) {
      const ids = new Set();
      const one = async (lock) => {
        const guard = await lock.acquire();
        const { id } = t.lockdep.currentOwner();
        await t.tick();
        t.same('id, later', t.lockdep.currentOwner().id, id);
        ids.add(id);
        guard.release();
      };
      await Promise.all([one(t.A), one(t.B), one(t.C)]);
      t.same('owners', ids.size, 3);
    },
  },
  {
    name: 'locks of two checkers in one flow: each knows its own',
    async run(t) {
      const other = t.pkg.createLockdep();
      const lock = t.lock('X', { lockdep: other });
      const a = await t.A.acquire();
      const x = await lock.acquire();
      t.expect('default', 'A');
      t.same('other', t.held(other).join(), 'X');
      await t.tick();
      t.expect('default, later', 'A');
      t.same('other, later', t.held(other).join(), 'X');
      a.release();
      t.expect('default, back');
      t.same('other, still', t.held(other).join(), 'X');
      x.release();
      t.same('other, back', t.held(other).join(), '');
    },
  },
  {
    name: 'locks of a checker of its own, side by side and through helpers',
    async run(t) {
      const other = t.pkg.createLockdep();
      const held = () => t.held(other).join();
      const take = async (lock) => {
        await t.sleep(1);
        return lock.acquire();
      };
      const one = async (name) => {
        const guard = await take(t.lock(name, { lockdep: other }));
        t.same(`${name}: taken`, held(), name);
        await t.tick();
        t.same(`${name}: later`, held(), name);
        guard.release();
        t.same(`${name}: back`, held(), '');
      };
      await Promise.all(['X', 'Y', 'Z'].map(one));
      t.same('after all', held(), '');
      t.expect('default');
    },
  },
];
