// Work that is queued by one flow and done by another, and locks that go from hand to hand.

/** A channel: what is sent waits for a receiver, and the other way round. */
function channel() {
  const values = [];
  const receivers = [];
  return {
    send(value) {
      const receiver = receivers.shift();
      if (receiver === undefined) values.push(value);
      else receiver(value);
    },
    receive: () => (values.length > 0 ? Promise.resolve(values.shift()) : new Promise((done) => receivers.push(done))),
  };
}

export const forms = [
  {
    name: 'a worker with a lock does work for a flow with a lock',
    async run(t) {
      const jobs = channel();
      const worker = async () => {
        for (;;) {
          const job = await jobs.receive();
          t.expect('worker, woken');
          if (job === null) return;
          const guard = await t.B.acquire();
          t.expect('worker, taken', 'B');
          await t.tick();
          t.expect('worker, later', 'B');
          job.done(job.value + 1);
          t.expect('worker, answered', 'B');
          await t.tick();
          t.expect('worker, after the answer', 'B');
          guard.release();
          t.expect('worker, back');
        }
      };
      const working = worker();
      const asker = async (lock, name) => {
        const guard = await lock.acquire();
        const answer = await new Promise((done) => jobs.send({ value: 1, done }));
        t.same(`${name}: answer`, answer, 2);
        t.expect(`${name}: answered`, name);
        await t.tick();
        t.expect(`${name}: later`, name);
        guard.release();
        t.expect(`${name}: released`);
      };
      await t.tick();
      await Promise.all([asker(t.A, 'A'), asker(t.C, 'C')]);
      jobs.send(null);
      await working;
      t.expect('after');
    },
  },
  {
    name: 'a worker with a lock calls a function that was queued',
    async run(t) {
      const jobs = channel();
      const worker = async () => {
        const job = await jobs.receive();
        const guard = await t.B.acquire();
        t.expect('worker, taken', 'B');
        try {
          job.done(await job.work());
        } finally {
          t.has('worker, done', 'B');
          guard.release();
          t.lacks('worker, back', 'B');
        }
      };
      const working = worker();
      await t.tick();
      const guard = await t.A.acquire();
      const answer = await new Promise((done) => {
        const work = async () => {
          t.has('work', 'B');
          await t.tick();
          t.has('work, later', 'B');
          return 5;
        };
        jobs.send({ work, done });
      });
      t.same('answer', answer, 5);
      t.expect('answered', 'A');
      await working;
      t.expect('later', 'A');
      guard.release();
      t.expect('released');
    },
  },
  {
    name: 'a worker with a lock answers with a promise',
    async run(t) {
      const jobs = channel();
      const worker = async () => {
        const job = await jobs.receive();
        const guard = await t.B.acquire();
        job.done(t.sleep(1).then(() => 5));
        await t.sleep(4);
        t.expect('worker', 'B');
        guard.release();
        t.expect('worker, back');
      };
      const working = worker();
      const guard = await t.A.acquire();
      t.same('answer', await new Promise((done) => jobs.send({ done })), 5);
      t.expect('answered', 'A');
      guard.release();
      t.expect('released');
      await working;
      t.expect('after');
    },
  },
  {
    name: 'a worker with a lock answers through node callbacks and events',
    async run(t) {
      const { EventEmitter, once } = await import('node:events');
      const bus = new EventEmitter();
      bus.on('job', async (callback) => {
        const guard = await t.B.acquire();
        t.has('worker', 'B');
        await t.tick();
        callback(null, 1);
        t.has('worker, answered', 'B');
        bus.emit('answer');
        t.has('worker, answered twice', 'B');
        await t.tick();
        guard.release();
        t.lacks('worker, back', 'B');
      });
      const guard = await t.A.acquire();
      const answered = once(bus, 'answer');
      await new Promise((done) => bus.emit('job', done));
      t.expect('by callback', 'A');
      await answered;
      t.expect('by event', 'A');
      await t.sleep(1);
      t.expect('later', 'A');
      guard.release();
      t.expect('released');
    },
  },
  {
    name: 'a worker with a lock fails the one who asked',
    async run(t) {
      const worker = async (job) => {
        const guard = await t.B.acquire();
        await t.tick();
        job.fail(new Error('on purpose'));
        await t.tick();
        t.expect('worker', 'B');
        guard.release();
      };
      const jobs = channel();
      const working = jobs.receive().then(worker);
      const guard = await t.A.acquire();
      try {
        await new Promise((_, fail) => jobs.send({ fail }));
      } catch {
        t.expect('catch', 'A');
        await t.tick();
        t.expect('catch, later', 'A');
      }
      guard.release();
      await working;
      t.expect('after');
    },
  },
  {
    name: 'a limiter in the manner of p-limit, each task with a lock of its own',
    async run(t) {
      const queue = [];
      let active = 0;
      const go = () => {
        if (active < 2 && queue.length > 0) {
          active++;
          queue.shift()();
        }
      };
      const next = () => {
        active--;
        go();
      };
      const start = async (fn, resolve) => {
        const result = (async () => fn())();
        resolve(result);
        try {
          await result;
        } catch {}
        next();
      };
      const limited = (fn) =>
        new Promise((resolve) => {
          void new Promise((turn) => queue.push(turn)).then(() => start(fn, resolve));
          go();
        });
      const task = async (n) => {
        const name = `X${n}`;
        t.expect(`${n}: before`);
        const guard = await t.lock(name).acquire();
        t.expect(`${n}: taken`, name);
        await t.sleep(n % 3);
        t.expect(`${n}: later`, name);
        guard.release();
        t.expect(`${n}: back`);
        return n;
      };
      const results = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => limited(() => task(n))));
      t.same('results', results.join(), '1,2,3,4,5,6');
      t.expect('after all');
    },
  },
  {
    name: 'a limiter whose callers each hold a lock',
    async run(t) {
      let tail = Promise.resolve();
      const limited = (fn) => {
        const result = tail.then(fn);
        tail = result.then(
          () => {},
          () => {},
        );
        return result;
      };
      const caller = async (name) => {
        const guard = await t.lock(name).acquire();
        const value = await limited(async () => {
          t.expect(`${name}: task`, name);
          await t.tick();
          t.expect(`${name}: task, later`, name);
          return name;
        });
        t.same(`${name}: value`, value, name);
        t.expect(`${name}: after`, name);
        guard.release();
        t.expect(`${name}: released`);
      };
      await Promise.all(['X', 'Y', 'Z'].map(caller));
      t.expect('after all');
    },
  },
  {
    name: 'a batch loader: the load is done for all by the first who asked',
    async run(t) {
      let batch = [];
      const seen = [];
      const drain = async () => {
        const jobs = batch;
        batch = [];
        const guard = await t.C.acquire();
        t.has('drain', 'C');
        await t.tick();
        t.has('drain, later', 'C');
        for (const { key, done } of jobs) done(key);
        t.has('drain, answered', 'C');
        guard.release();
        t.lacks('drain, back', 'C');
        seen.push(jobs.length);
      };
      const load = (key) =>
        new Promise((done) => {
          batch.push({ key, done });
          if (batch.length === 1) process.nextTick(drain);
        });
      const asker = async (name) => {
        const guard = await t.lock(name).acquire();
        await load(name);
        t.expect(`${name}: loaded`, name);
        await t.tick();
        t.expect(`${name}: later`, name);
        guard.release();
        t.expect(`${name}: released`);
      };
      await Promise.all(['X', 'Y', 'Z'].map(asker));
      t.expect('after all');
    },
  },
  {
    name: 'a mutex of the program itself, handed on by resolve, under locks',
    async run(t) {
      const waiters = [];
      let busy = false;
      const enter = () => {
        if (busy) return new Promise((done) => waiters.push(done));
        busy = true;
        return Promise.resolve();
      };
      const leave = () => {
        const next = waiters.shift();
        if (next === undefined) busy = false;
        else next();
      };
      const flow = async (name, delay) => {
        await t.sleep(delay);
        const guard = await t.lock(name).acquire();
        await enter();
        t.expect(`${name}: inside`, name);
        await t.sleep(3);
        t.expect(`${name}: inside, later`, name);
        leave();
        t.expect(`${name}: outside`, name);
        await t.tick();
        guard.release();
        t.expect(`${name}: released`);
      };
      await Promise.all([flow('X', 0), flow('Y', 1), flow('Z', 2)]);
      t.expect('after all');
    },
  },
  {
    name: 'a condition made by hand: everybody is woken by a flow with a lock',
    async run(t) {
      const waiters = [];
      const waiter = async (name) => {
        const guard = await t.lock(name).acquire();
        await new Promise((done) => waiters.push(done));
        t.expect(`${name}: woken`, name);
        guard.release();
        t.expect(`${name}: released`);
      };
      const all = ['X', 'Y', 'Z'].map(waiter);
      while (waiters.length < 3) await t.tick();
      const guard = await t.A.acquire();
      for (const wake of waiters) wake();
      t.expect('waker', 'A');
      await Promise.all(all);
      t.expect('waker, after all', 'A');
      guard.release();
      t.expect('released');
    },
  },
  {
    name: 'one promise that many flows await, settled by a flow with a lock',
    async run(t) {
      const gate = t.deferred();
      const waiter = async (name) => {
        await gate.promise;
        t.expect(`${name}: through`);
        const guard = await t.lock(name).acquire();
        t.expect(`${name}: taken`, name);
        await t.tick();
        t.expect(`${name}: later`, name);
        guard.release();
      };
      const all = ['X', 'Y', 'Z'].map(waiter);
      await t.tick();
      const guard = await t.A.acquire();
      gate.resolve('open');
      t.expect('opener', 'A');
      await t.sleep(3);
      t.expect('opener, later', 'A');
      guard.release();
      await Promise.all(all);
      t.expect('after all');
    },
  },
  {
    name: 'a cached promise whose work took a lock and gave it back',
    async run(t) {
      let cached;
      const load = () => {
        cached ??= (async () => {
          const guard = await t.A.acquire();
          await t.tick();
          t.has('load', 'A');
          guard.release();
          t.lacks('load, back', 'A');
          return 1;
        })();
        return cached;
      };
      const user = async (name) => {
        const guard = await t.lock(name).acquire();
        await load();
        t.expect(`${name}: loaded`, name);
        guard.release();
        t.expect(`${name}: released`);
      };
      await Promise.all(['X', 'Y', 'Z'].map(user));
      await load();
      t.expect('after all');
    },
  },
  {
    name: 'a guard goes to another flow by the value of a promise',
    async run(t) {
      const handed = t.deferred();
      const received = t.deferred();
      const giver = async () => {
        const own = await t.B.acquire();
        const guard = await t.A.acquire();
        t.expect('giver, before', 'B', 'A');
        handed.resolve(guard);
        await received.promise;
        await t.tick();
        t.expect('giver, after', 'B');
        own.release();
        t.expect('giver, at the end');
      };
      const receiver = async () => {
        t.expect('receiver, before');
        const guard = await handed.promise;
        t.expect('receiver', 'A');
        received.resolve();
        await t.sleep(3);
        t.expect('receiver, later', 'A');
        guard.release();
        t.expect('receiver, back');
      };
      await Promise.all([receiver(), giver()]);
      t.expect('after');
    },
  },
  {
    name: 'a guard goes to another flow through a channel, and on to a third',
    async run(t) {
      const first = channel();
      const second = channel();
      const middle = async () => {
        const { guard } = await first.receive();
        t.expect('middle', 'A');
        await t.tick();
        t.expect('middle, later', 'A');
        second.send({ guard });
      };
      const last = async () => {
        const { guard } = await second.receive();
        t.expect('last', 'A');
        await t.sleep(1);
        t.expect('last, later', 'A');
        guard.release();
        t.expect('last, back');
      };
      const all = [middle(), last()];
      await (async () => {
        const guard = await t.A.acquire();
        t.expect('giver', 'A');
        first.send({ guard });
      })();
      await Promise.all(all);
      t.expect('after');
    },
  },
  {
    name: 'a pool of leases: what one flow gives back another gets, each with a lock',
    async run(t) {
      const free = [1, 2];
      const waiters = [];
      const take = () => (free.length > 0 ? Promise.resolve(free.shift()) : new Promise((done) => waiters.push(done)));
      const giveBack = (lease) => {
        const waiter = waiters.shift();
        if (waiter === undefined) free.push(lease);
        else waiter(lease);
      };
      const flow = async (n) => {
        const name = `X${n}`;
        const guard = await t.lock(name).acquire();
        const lease = await take();
        t.expect(`${n}: leased`, name);
        await t.sleep(1);
        giveBack(lease);
        t.expect(`${n}: lease back`, name);
        await null;
        guard.release();
        t.expect(`${n}: released`);
      };
      await Promise.all([1, 2, 3, 4, 5].map(flow));
      t.expect('after all');
    },
  },
  {
    name: 'a lock that is released by another flow than the one that took it',
    async run(t) {
      const store = {};
      const taken = t.deferred();
      const released = t.deferred();
      const taker = async () => {
        store.guard = await t.A.acquire();
        t.expect('taker', 'A');
        taken.resolve();
        await released.promise;
        t.expect('taker, after the release');
        const own = await t.B.acquire();
        t.expect('taker, its own', 'B');
        own.release();
      };
      const releaser = async () => {
        await taken.promise;
        store.guard.release();
        t.expect('releaser, after');
        released.resolve();
      };
      await Promise.all([taker(), releaser()]);
      t.expect('after');
    },
  },
  {
    name: 'an actor: messages one after the other, each under the actor’s lock, senders with theirs',
    async run(t) {
      const mailbox = channel();
      const actor = async () => {
        for (let i = 0; i < 3; i++) {
          const message = await mailbox.receive();
          await t.B.run(async () => {
            t.expect(`actor ${i}`, 'B');
            await t.tick();
            t.expect(`actor ${i}, later`, 'B');
            message.reply(i);
            t.expect(`actor ${i}, replied`, 'B');
          });
          t.expect(`actor ${i}, after`);
        }
      };
      const acting = actor();
      const sender = async (name) => {
        const guard = await t.lock(name).acquire();
        await new Promise((reply) => mailbox.send({ reply }));
        t.expect(`${name}: replied`, name);
        guard.release();
        t.expect(`${name}: released`);
      };
      await Promise.all(['X', 'Y', 'Z'].map(sender));
      await acting;
      t.expect('after all');
    },
  },
  {
    name: 'new Promise(async …) whose flow goes on with its lock after resolve',
    async run(t) {
      const over = t.deferred();
      // biome-ignore lint/suspicious/noAsyncPromiseExecutor: programs do it
      const value = await new Promise(async (done) => {
        const guard = await t.A.acquire();
        await t.tick();
        t.expect('inner', 'A');
        done(1);
        await t.sleep(3);
        t.expect('inner, later', 'A');
        guard.release();
        t.expect('inner, back');
        over.resolve();
      });
      t.same('value', value, 1);
      t.expect('outer');
      await t.tick();
      t.expect('outer, later');
      await over.promise;
      t.expect('after');
    },
  },
  {
    name: 'a long-lived holder announces that it has the lock, and keeps it',
    async run(t) {
      const ready = t.deferred();
      const stop = t.deferred();
      const service = (async () => {
        const guard = await t.A.acquire();
        ready.resolve({ status: 'ready' });
        await stop.promise;
        t.expect('service', 'A');
        guard.release();
        t.expect('service, back');
      })();
      await ready.promise;
      t.expect('client');
      const own = await t.B.acquire();
      t.expect('client, its own', 'B');
      stop.resolve();
      t.expect('client, after stop', 'B');
      await service;
      t.expect('client, later', 'B');
      own.release();
    },
  },
];
