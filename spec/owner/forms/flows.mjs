// Flows side by side: sequences, the combinators, races against time.

/** Takes a lock, works, gives it back; knows at every step what it holds. */
async function work(t, lock, name, { outer = [], ticks = 2 } = {}) {
  t.expect(`${name}: before`, ...outer);
  const guard = await lock.acquire();
  t.expect(`${name}: taken`, ...outer, name);
  for (let i = 0; i < ticks; i++) {
    await t.tick();
    t.expect(`${name}: after tick ${i}`, ...outer, name);
  }
  guard.release();
  t.expect(`${name}: released`, ...outer);
  await null;
  t.expect(`${name}: at the end`, ...outer);
}

export const forms = [
  {
    name: 'one flow, one lock',
    async run(t) {
      t.expect('before');
      const guard = await t.A.acquire();
      t.expect('taken', 'A');
      await t.tick();
      t.expect('after a turn', 'A');
      await null;
      t.expect('after null', 'A');
      await t.sleep(1);
      t.expect('after a timer', 'A');
      guard.release();
      t.expect('released');
      await t.tick();
      t.expect('later');
    },
  },
  {
    name: 'a loop of 50 turns over two locks',
    async run(t) {
      for (let i = 0; i < 50; i++) {
        const a = await t.A.acquire();
        const b = await t.B.acquire();
        t.expect(`turn ${i}`, 'A', 'B');
        await null;
        a.release();
        t.expect(`turn ${i}: A back`, 'B');
        b.release();
        t.expect(`turn ${i}: both back`);
      }
    },
  },
  {
    name: 'three locks, released in every order',
    async run(t) {
      for (const order of ['ABC', 'ACB', 'BAC', 'BCA', 'CAB', 'CBA']) {
        const guards = { A: await t.A.acquire(), B: await t.B.acquire(), C: await t.C.acquire() };
        const left = ['A', 'B', 'C'];
        for (const name of order) {
          t.expect(`${order}: before ${name}`, ...left);
          guards[name].release();
          left.splice(left.indexOf(name), 1);
          t.expect(`${order}: after ${name}`, ...left);
          await t.tick();
          t.expect(`${order}: a turn after ${name}`, ...left);
        }
      }
    },
  },
  {
    name: 'Promise.all of two functions with their own locks',
    async run(t) {
      await Promise.all([work(t, t.A, 'A'), work(t, t.B, 'B')]);
      t.expect('after all');
    },
  },
  {
    name: 'Promise.all of one function three times over one lock, each with a lock of its own',
    async run(t) {
      const one = async (name) => {
        const own = await t.lock(name).acquire();
        t.expect(`${name}: own`, name);
        const shared = await t.A.acquire();
        t.expect(`${name}: shared`, name, 'A');
        await t.tick();
        t.expect(`${name}: later`, name, 'A');
        shared.release();
        t.expect(`${name}: shared back`, name);
        await null;
        t.expect(`${name}: still`, name);
        own.release();
        t.expect(`${name}: own back`);
      };
      await Promise.all([one('X'), one('Y'), one('Z')]);
      t.expect('after all');
    },
  },
  {
    name: 'Promise.all with a sibling that does I/O first',
    async run(t) {
      const late = async () => {
        await t.sleep(2);
        t.expect('late: after I/O');
        await work(t, t.B, 'B');
      };
      const early = async () => {
        const guard = await t.A.acquire();
        await t.sleep(6);
        t.expect('early', 'A');
        guard.release();
      };
      await Promise.all([early(), late()]);
      t.expect('after all');
    },
  },
  {
    name: 'Promise.all with a sibling that takes no lock at all',
    async run(t) {
      const idle = async () => {
        for (let i = 0; i < 6; i++) {
          t.expect(`idle ${i}`);
          await (i % 2 === 0 ? t.tick() : null);
        }
      };
      await Promise.all([idle(), work(t, t.A, 'A'), idle(), work(t, t.B, 'B'), idle()]);
      t.expect('after all');
    },
  },
  {
    name: 'Promise.all under a lock: the awaited children have it, and not one another’s',
    async run(t) {
      const guard = await t.C.acquire();
      await Promise.all([work(t, t.A, 'A', { outer: ['C'] }), work(t, t.B, 'B', { outer: ['C'] })]);
      t.expect('after all', 'C');
      guard.release();
      t.expect('released');
    },
  },
  {
    name: 'a nested call under a lock',
    async run(t) {
      const guard = await t.C.acquire();
      await work(t, t.A, 'A', { outer: ['C'] });
      t.expect('after the first', 'C');
      await work(t, t.B, 'B', { outer: ['C'] });
      t.expect('after the second', 'C');
      guard.release();
      t.expect('released');
    },
  },
  {
    name: 'Promise.race: the loser goes on with its lock, the caller without',
    async run(t) {
      const slow = work(t, t.B, 'B', { ticks: 12 });
      await Promise.race([work(t, t.A, 'A', { ticks: 1 }), slow]);
      t.expect('after the race');
      await t.tick();
      t.expect('while the loser works');
      await slow;
      t.expect('after the loser');
    },
  },
  {
    name: 'Promise.any: one fails under its lock, one goes on, the caller has none',
    async run(t) {
      const failing = async () => {
        const guard = await t.C.acquire();
        try {
          await t.tick();
          t.expect('failing', 'C');
          throw new Error('on purpose');
        } finally {
          t.expect('failing: finally', 'C');
          guard.release();
          t.expect('failing: released');
        }
      };
      const slow = work(t, t.B, 'B', { ticks: 12 });
      await Promise.any([failing(), work(t, t.A, 'A', { ticks: 3 }), slow]);
      t.expect('after any');
      await slow;
      t.expect('after the slow one');
    },
  },
  {
    name: 'Promise.allSettled with failures under locks',
    async run(t) {
      const failing = async (lock, name) => {
        const guard = await lock.acquire();
        try {
          await t.tick();
          throw new Error('on purpose');
        } finally {
          await null;
          t.expect(`${name}: finally`, name);
          guard.release();
        }
      };
      const settled = await Promise.allSettled([failing(t.A, 'A'), failing(t.B, 'B'), work(t, t.C, 'C')]);
      t.expect('after allSettled');
      t.same('outcomes', settled.map(({ status }) => status).join(), 'rejected,rejected,fulfilled');
    },
  },
  {
    name: 'an error under a lock, released in catch',
    async run(t) {
      const guard = await t.A.acquire();
      try {
        t.expect('taken', 'A');
        await Promise.reject(new Error('on purpose'));
      } catch {
        t.expect('catch', 'A');
        await t.tick();
        t.expect('catch, later', 'A');
        guard.release();
        t.expect('catch, released');
      }
      await t.tick();
      t.expect('after');
    },
  },
  {
    name: 'an error out of a nested flow that released its own lock, under another',
    async run(t) {
      const guard = await t.A.acquire();
      const inner = async () => {
        const own = await t.B.acquire();
        try {
          await t.tick();
          throw new Error('on purpose');
        } finally {
          own.release();
        }
      };
      await inner().catch(() => t.expect('catch handler', 'A'));
      t.expect('after', 'A');
      guard.release();
      t.expect('released');
    },
  },
  {
    name: 'Promise.all of two acquires',
    async run(t) {
      const [a, b] = await Promise.all([t.A.acquire(), t.B.acquire()]);
      t.expectSet('taken', 'A', 'B');
      await t.tick();
      t.expectSet('later', 'A', 'B');
      a.release();
      t.expect('A back', 'B');
      await null;
      t.expect('still', 'B');
      b.release();
      t.expect('both back');
    },
  },
  {
    name: 'Promise.all of two acquires, twice side by side',
    async run(t) {
      const both = async (first, second, names) => {
        const guards = await Promise.all([first.acquire(), second.acquire()]);
        t.expectSet(`${names}: taken`, ...names);
        await t.tick();
        t.expectSet(`${names}: later`, ...names);
        for (const guard of guards) guard.release();
        t.expect(`${names}: back`);
      };
      await Promise.all([both(t.A, t.B, ['A', 'B']), both(t.lock('X'), t.lock('Y'), ['X', 'Y'])]);
      t.expect('after all');
    },
  },
  {
    name: 'Promise.all of an iterator of acquires',
    async run(t) {
      const asked = function* () {
        yield t.A.acquire();
        yield t.B.acquire();
      };
      const guards = await Promise.all(asked());
      t.expectSet('taken', 'A', 'B');
      for (const guard of guards) guard.release();
      t.expect('back');
    },
  },
  {
    name: 'Promise.allSettled of acquires',
    async run(t) {
      const settled = await Promise.allSettled([t.A.acquire(), Promise.reject(new Error('on purpose')), t.B.acquire()]);
      t.expectSet('taken', 'A', 'B');
      await t.tick();
      t.expectSet('later', 'A', 'B');
      for (const { value } of settled) value?.release();
      t.expect('back');
    },
  },
  {
    name: 'Promise.any of a rejection and an acquire',
    async run(t) {
      const guard = await Promise.any([Promise.reject(new Error('on purpose')), t.A.acquire()]);
      t.expect('taken', 'A');
      await t.tick();
      t.expect('later', 'A');
      guard.release();
      t.expect('back');
    },
  },
  {
    name: 'Promise.all of an acquire and of a flow with a lock of its own',
    async run(t) {
      const [guard] = await Promise.all([t.A.acquire(), work(t, t.B, 'B')]);
      t.expect('taken', 'A');
      await t.tick();
      t.expect('later', 'A');
      guard.release();
      t.expect('back');
    },
  },
  {
    name: 'Promise.all in Promise.all, with helpers that hand their locks over',
    async run(t) {
      const take = async (lock) => {
        await t.tick();
        return lock.acquire();
      };
      const [[a, b], [c]] = await Promise.all([
        Promise.all([take(t.A), take(t.B)]),
        Promise.all([take(t.C), t.sleep(1)]),
      ]);
      t.expectSet('taken', 'A', 'B', 'C');
      await t.tick();
      t.expectSet('later', 'A', 'B', 'C');
      a.release();
      b.release();
      t.expect('two back', 'C');
      c.release();
      t.expect('all back');
    },
  },
  {
    name: 'Promise.all of acquires that have to wait, granted by different flows',
    async run(t) {
      const go = t.deferred();
      const hold = async (lock, name) => {
        const guard = await lock.acquire();
        await go.promise;
        await t.tick();
        t.expect(`holder of ${name}`, name);
        guard.release();
        t.expect(`holder of ${name}, released`);
        await t.tick();
        t.expect(`holder of ${name}, later`);
      };
      const holders = [hold(t.A, 'A'), hold(t.B, 'B')];
      const both = (async () => {
        const guards = await Promise.all([t.A.acquire(), t.B.acquire()]);
        t.expectSet('taken', 'A', 'B');
        await t.sleep(3);
        t.expectSet('later', 'A', 'B');
        for (const guard of guards) guard.release();
      })();
      go.resolve();
      await Promise.all([...holders, both]);
      t.expect('after all');
    },
  },
  {
    name: 'an acquire that wins its race against time',
    async run(t) {
      const guard = await Promise.race([t.A.acquire(), t.sleep(50)]);
      t.expect('taken', 'A');
      await t.tick();
      t.expect('later', 'A');
      guard.release();
      t.expect('back');
    },
  },
  {
    name: 'an acquire that has to wait and still wins its race against time',
    async run(t) {
      const holder = await t.holder(() => t.A.acquire());
      t.expect('before');
      const asked = t.A.acquire();
      const ended = holder.end();
      const guard = await Promise.race([asked, t.sleep(2000).then(() => null)]);
      t.expect('taken', 'A');
      await t.tick();
      t.expect('later', 'A');
      guard.release();
      t.expect('back');
      await ended;
      t.expect('after');
    },
  },
  {
    name: 'an acquire that loses its race: granted late, to the callback alone',
    async run(t) {
      const go = t.deferred();
      const holder = (async () => {
        const guard = await t.A.acquire();
        await go.promise;
        t.expect('holder', 'A');
        guard.release();
      })();
      const pending = t.A.acquire();
      const winner = await Promise.race([pending, t.sleep(2).then(() => 'time')]);
      t.same('winner', winner, 'time');
      t.expect('after the race');
      const late = pending.then((guard) => {
        t.expect('late grant', 'A');
        guard.release();
        t.expect('late grant, given back');
      });
      go.resolve();
      t.expect('after go');
      await t.tick();
      t.expect('a turn later');
      await Promise.all([late, holder]);
      t.expect('at the end');
    },
  },
  {
    name: 'a timeout of the lock itself',
    async run(t) {
      const holder = await t.holder(() => t.A.acquire());
      const own = await t.B.acquire();
      const error = await t.A.acquire({ timeout: 2 }).catch((reason) => reason);
      t.same('error', error.name, 'LockTimeoutError');
      t.expect('timed out', 'B');
      await t.tick();
      t.expect('later', 'B');
      own.release();
      t.expect('back');
      await holder.end();
      t.expect('at the end');
    },
  },
  {
    name: 'a wait that is aborted',
    async run(t) {
      const holder = await t.holder(() => t.A.acquire());
      const controller = new AbortController();
      const flow = async () => {
        const own = await t.B.acquire();
        try {
          await t.A.acquire({ signal: controller.signal });
          t.same('granted', true, false);
        } catch {
          t.expect('aborted', 'B');
        }
        await t.tick();
        t.expect('later', 'B');
        own.release();
        t.expect('back');
      };
      const done = flow();
      await t.tick();
      const guard = await t.C.acquire();
      controller.abort();
      t.expect('after abort', 'C');
      await done;
      t.expect('after the flow', 'C');
      guard.release();
      await holder.end();
      t.expect('at the end');
    },
  },
  {
    name: 'an abort listener called under a lock',
    async run(t) {
      const controller = new AbortController();
      controller.signal.addEventListener('abort', () => t.expect('listener', 'A'));
      const guard = await t.A.acquire();
      controller.abort();
      t.expect('after abort', 'A');
      guard.release();
      t.expect('released');
    },
  },
  {
    name: 'a retry loop with timeouts until the lock is free',
    async run(t) {
      const holder = await t.holder(() => t.A.acquire());
      let tries = 0;
      let ended;
      const take = async () => {
        for (;;) {
          try {
            return await t.A.acquire({ timeout: 3 });
          } catch {
            tries++;
            t.expect(`try ${tries} failed`);
            ended ??= holder.end();
            await t.tick();
          }
        }
      };
      const guard = await take();
      t.expect('taken', 'A');
      await t.tick();
      t.expect('later', 'A');
      guard.release();
      t.expect('back');
      await ended;
      t.same('tries', tries > 0, true);
      t.expect('after');
    },
  },
  {
    name: 'five flows hand one lock on, each with a lock of its own',
    async run(t) {
      const all = [1, 2, 3, 4, 5].map(async (n) => {
        const own = `X${n}`;
        const mine = await t.lock(own).acquire();
        const guard = await t.A.acquire();
        t.expect(`${n}: taken`, own, 'A');
        await t.tick();
        t.expect(`${n}: later`, own, 'A');
        guard.release();
        t.expect(`${n}: right after the release`, own);
        await t.tick();
        t.expect(`${n}: a turn after`, own);
        mine.release();
        await t.tick();
        t.expect(`${n}: at the end`);
      });
      await Promise.all(all);
      t.expect('after all');
    },
  },
  {
    name: 'two flows play ping-pong over one lock a hundred times',
    async run(t) {
      const play = async (name) => {
        const mine = await t.lock(name).acquire();
        for (let i = 0; i < 100; i++) {
          const guard = await t.A.acquire();
          if (t.held().join() !== `${name},A`) t.expect(`${name} ${i}`, name, 'A');
          await null;
          guard.release();
          if (t.held().join() !== name) t.expect(`${name} ${i}: back`, name);
        }
        t.expect(`${name}: at the end`, name);
        mine.release();
      };
      await Promise.all([play('X'), play('Y')]);
      t.expect('after');
    },
  },
  {
    name: 'a thousand flows, each with its own lock',
    async run(t) {
      const wrong = [];
      await Promise.all(
        Array.from({ length: 1000 }, async (_, n) => {
          const name = `L${n}`;
          const look = (names) => {
            if (t.held().join() !== names) wrong.push(`${name}: ${t.held()}`);
          };
          look('');
          const guard = await t.lock(name).acquire();
          look(name);
          await (n % 3 === 0 ? t.tick() : n % 3 === 1 ? null : t.sleep(1));
          look(name);
          await null;
          look(name);
          guard.release();
          look('');
          await t.tick();
          look('');
        }),
      );
      t.same('wrong ones', wrong.slice(0, 3).join('; '), '');
      t.expect('after all');
    },
  },
  {
    name: 'a promise of an acquire that is made in one flow and awaited in another',
    async run(t) {
      const asked = t.deferred();
      const asker = (async () => {
        const own = await t.B.acquire();
        asked.resolve({ promise: t.A.acquire() });
        await t.tick();
        await t.tick();
        t.expect('asker', 'B');
        own.release();
        t.expect('asker, released');
      })();
      const { promise } = await asked.promise;
      t.expect('before');
      const guard = await promise;
      t.expect('taken', 'A');
      await t.tick();
      t.expect('later', 'A');
      await asker;
      t.expect('after the asker', 'A');
      guard.release();
      t.expect('back');
    },
  },
  {
    name: 'an acquire asked for early and awaited late in the same flow',
    async run(t) {
      const promise = t.A.acquire();
      await t.sleep(2);
      const guard = await promise;
      t.expect('taken', 'A');
      await t.tick();
      t.expect('later', 'A');
      guard.release();
      t.expect('back');
    },
  },
  {
    name: 'locks taken in one order and given back by callbacks of then',
    run(t) {
      return t.A.acquire().then((a) => {
        t.expect('A', 'A');
        return t.B.acquire()
          .then((b) => {
            t.expect('B', 'A', 'B');
            return t.tick().then(() => {
              t.expect('later', 'A', 'B');
              b.release();
              t.expect('B back', 'A');
            });
          })
          .then(() => {
            t.expect('after B', 'A');
            a.release();
            t.expect('A back');
          });
      });
    },
  },
  {
    name: 'a flat chain of then over one lock',
    run(t) {
      let guard;
      return t.A.acquire()
        .then((taken) => {
          guard = taken;
          t.expect('1', 'A');
        })
        .then(() => t.expect('2', 'A'))
        .then(() => t.sleep(1))
        .then(() => t.expect('3', 'A'))
        .finally(() => t.expect('4', 'A'))
        .then(() => {
          throw new Error('on purpose');
        })
        .then(() => {})
        .catch(() => t.expect('5', 'A'))
        .then(() => {
          guard.release();
          t.expect('6');
        })
        .then(() => t.expect('7'));
    },
  },
];
