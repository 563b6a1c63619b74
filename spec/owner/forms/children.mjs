// Children that nobody awaits: what is theirs stays theirs. What they have of a parent that still holds it cannot be known,
// and is not asked.

export const forms = [
  {
    name: 'a child that nobody awaits: the parent does not have its lock',
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
      t.expect('parent, right after');
      await t.tick();
      t.expect('parent, a turn later');
      const guard = await t.A.acquire();
      t.expect('parent with its own', 'A');
      await t.tick();
      t.expect('parent, later', 'A');
      guard.release();
      t.expect('parent, back');
      await done;
      t.expect('parent, after the child');
    },
  },
  {
    name: 'a child born under a lock outlives it',
    async run(t) {
      const go = t.deferred();
      const child = async () => {
        await t.tick();
        const guard = await t.B.acquire();
        t.has('child', 'B');
        await go.promise;
        t.expect('child, after the parent released', 'B');
        await t.tick();
        t.expect('child, later', 'B');
        guard.release();
        t.expect('child, back');
      };
      const parent = await t.A.acquire();
      const done = child();
      t.expect('parent, right after', 'A');
      await t.tick();
      t.expect('parent, a turn later', 'A');
      await t.sleep(2);
      t.expect('parent, later', 'A');
      parent.release();
      t.expect('parent, released');
      go.resolve();
      await t.tick();
      t.expect('parent, after');
      await done;
      t.expect('parent, at the end');
    },
  },
  {
    name: 'a child born under a lock takes its first one after the parent released',
    async run(t) {
      const go = t.deferred();
      const child = async () => {
        await go.promise;
        t.expect('child, before');
        const guard = await t.B.acquire();
        t.expect('child', 'B');
        await t.tick();
        t.expect('child, later', 'B');
        guard.release();
        t.expect('child, back');
      };
      const parent = await t.A.acquire();
      const done = child();
      await t.tick();
      parent.release();
      go.resolve();
      await done;
      t.expect('parent');
    },
  },
  {
    name: 'a child born under a lock waits for that very lock',
    async run(t) {
      const child = async () => {
        const guard = await t.A.acquire();
        t.expect('child', 'A');
        await t.tick();
        t.expect('child, later', 'A');
        guard.release();
        t.expect('child, back');
      };
      const parent = await t.A.acquire();
      const done = child();
      await t.tick();
      t.expect('parent', 'A');
      parent.release();
      t.expect('parent, released');
      await t.tick();
      t.expect('parent, a turn later');
      await done;
      t.expect('parent, at the end');
    },
  },
  {
    name: 'a loop starts a child in every turn under its lock',
    async run(t) {
      const done = [];
      for (let i = 0; i < 5; i++) {
        const guard = await t.A.acquire();
        t.expect(`turn ${i}`, 'A');
        const name = `X${i}`;
        const lock = t.lock(name);
        const released = t.deferred();
        done.push(
          (async () => {
            const own = await lock.acquire();
            await released.promise;
            await t.sleep(2);
            t.has(`child ${i}`, name);
            for (let other = 0; other < 5; other++) {
              if (other !== i) t.lacks(`child ${i}, the lock of child ${other}`, `X${other}`);
            }
            own.release();
            t.lacks(`child ${i}, back`, name);
          })(),
        );
        await null;
        t.expect(`turn ${i}, with the child`, 'A');
        guard.release();
        released.resolve();
        t.expect(`turn ${i}, back`);
      }
      await Promise.all(done);
      t.expect('at the end');
    },
  },
  {
    name: 'a child of a child, each with its own lock',
    async run(t) {
      const all = [];
      const child = async (depth) => {
        const name = `X${depth}`;
        const guard = await t.lock(name).acquire();
        t.has(`depth ${depth}`, name);
        if (depth < 4) all.push(child(depth + 1));
        t.lacks(`depth ${depth}, that of its child`, `X${depth + 1}`);
        await t.tick();
        t.lacks(`depth ${depth}, that of its child, later`, `X${depth + 1}`);
        t.has(`depth ${depth}, later`, name);
        guard.release();
        await t.sleep(3);
        t.lacks(`depth ${depth}, at the end`, name);
      };
      all.push(child(0));
      t.expect('parent, right after');
      await t.sleep(20);
      t.expect('parent');
      for (const one of all) await one;
      t.expect('at the end');
    },
  },
  {
    name: 'a child that fails under its lock',
    async run(t) {
      const child = async () => {
        const guard = await t.B.acquire();
        try {
          await t.tick();
          throw new Error('on purpose');
        } finally {
          t.has('child', 'B');
          guard.release();
        }
      };
      const guard = await t.A.acquire();
      const done = child().catch(() => 'failed');
      await t.sleep(2);
      t.expect('parent', 'A');
      guard.release();
      t.same('outcome', await done, 'failed');
      t.expect('parent, at the end');
    },
  },
  {
    name: 'a child that takes its lock without waiting, in its synchronous part',
    async run(t) {
      const child = async () => {
        const guard = t.B.tryAcquire();
        t.expect('child', 'B');
        await t.sleep(3);
        t.expect('child, later', 'B');
        guard.release();
        t.expect('child, back');
      };
      const done = child();
      await t.tick();
      t.expect('parent, a turn later');
      const guard = await t.A.acquire();
      t.expect('parent with its own', 'A');
      guard.release();
      await done;
      t.expect('parent, at the end');
    },
  },
  {
    name: 'siblings that take their locks without waiting, in their synchronous parts',
    async run(t) {
      const one = async (lock, name) => {
        t.expect(`${name}: before`);
        const guard = lock.tryAcquire();
        t.expect(`${name}: taken`, name);
        await t.tick();
        t.expect(`${name}: later`, name);
        guard.release();
        t.expect(`${name}: back`);
      };
      const idle = async () => {
        t.expect('idle');
        await t.tick();
        t.expect('idle, later');
      };
      await Promise.all([one(t.A, 'A'), one(t.B, 'B'), idle()]);
      t.expect('after all');
    },
  },
  {
    name: 'timers and microtasks armed right after a child was started do not have its lock',
    async run(t) {
      const seen = [];
      const child = async () => {
        const guard = await t.B.acquire();
        await t.sleep(4);
        guard.release();
      };
      const done = child();
      const arm = (label, start) => seen.push(new Promise((yes) => start(() => yes(t.expect(label)))));
      arm('setTimeout', (fn) => setTimeout(fn, 1));
      arm('setImmediate', setImmediate);
      arm('nextTick', process.nextTick);
      arm('queueMicrotask', queueMicrotask);
      arm('then', (fn) => void Promise.resolve().then(fn));
      await Promise.all(seen);
      t.expect('parent');
      await done;
    },
  },
  {
    name: 'a detached loop started under a lock does not have it later',
    async run(t) {
      const stop = { now: false };
      const released = t.deferred();
      const loop = async () => {
        await released.promise;
        for (let i = 0; !stop.now; i++) {
          t.expect(`loop ${i}`);
          const guard = await t.B.acquire();
          t.expect(`loop ${i}, taken`, 'B');
          guard.release();
          await t.tick();
        }
      };
      const guard = await t.A.acquire();
      const done = loop();
      guard.release();
      released.resolve();
      const other = await t.C.acquire();
      await t.sleep(3);
      t.expect('parent', 'C');
      stop.now = true;
      await done;
      t.expect('parent, after the loop', 'C');
      other.release();
    },
  },
  {
    name: 'a guard given to a child as an argument',
    async run(t) {
      const child = async (guard) => {
        await t.tick();
        t.has('child', 'A');
        guard.release();
        t.expect('child, back');
      };
      const guard = await t.A.acquire();
      await child(guard);
      t.expect('parent');
    },
  },
  {
    name: 'children with run(), started and left',
    async run(t) {
      const done = [t.A, t.B].map((lock, i) =>
        lock.run(async () => {
          t.expect(`child ${i}`, 'AB'[i]);
          await t.sleep(2);
          t.expect(`child ${i}, later`, 'AB'[i]);
        }),
      );
      t.expect('parent, right after');
      await t.tick();
      t.expect('parent, a turn later');
      await Promise.all(done);
      t.expect('parent, at the end');
    },
  },
];
