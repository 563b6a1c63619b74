// Modules: top-level await, imports under a lock, CommonJS beside ES modules.
import { createRequire } from 'node:module';
import process from 'node:process';

const require = createRequire(import.meta.url);
let count = 0;

/** Imports a fresh copy of a module that finds the tools of the form under `globalThis.form`. */
async function load(t, name) {
  globalThis.form = t;
  return import(`./modules/${name}.mjs?${++count}`);
}

export const forms = [
  {
    name: 'a module with top-level await that takes and gives back a lock',
    async run(t) {
      await load(t, 'balanced');
      t.expect('after');
      await t.tick();
      t.expect('later');
    },
  },
  {
    name: 'modules with top-level await that import one another, with locks of their own',
    async run(t) {
      const { total } = await load(t, 'outer');
      t.same('total', total, 3);
      t.expect('after');
    },
  },
  {
    name: 'a dynamic import under a lock',
    async run(t) {
      const guard = await t.A.acquire();
      await import('node:path');
      t.expect('a known module', 'A');
      await import(`./modules/plain.mjs?${++count}`);
      t.expect('a new module', 'A');
      await t.tick();
      t.expect('later', 'A');
      guard.release();
      t.expect('released');
    },
  },
  {
    name: 'a dynamic import of a module with top-level await, side by side under locks',
    async run(t) {
      const one = async (lock, name) => {
        const guard = await lock.acquire();
        await import(`./modules/slow.mjs?${++count}`);
        t.expect(`${name}: after`, name);
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
    name: 'a helper that imports before it takes the lock',
    async run(t) {
      const take = async () => {
        const { release } = await import(`./modules/plain.mjs?${++count}`);
        const guard = await t.A.acquire();
        return () => release(guard);
      };
      const giveBack = await take();
      t.expect('taken', 'A');
      await t.tick();
      t.expect('later', 'A');
      giveBack();
      t.expect('back');
    },
  },
  {
    name: 'the CommonJS build beside the ES build: one checker, one owner',
    async run(t) {
      const other = require(process.env.LOCKDEP_CJS);
      t.same('checker', other.lockdep, t.lockdep);
      const outer = await t.A.acquire();
      const inner = await t.lock('X').acquire();
      t.same('seen by the other build', t.held(other.lockdep).join(), 'A,X');
      inner.release();
      outer.release();
      t.expect('released');
    },
  },
  {
    name: 'a lock of the CommonJS build in a flow of the ES build',
    async run(t) {
      const other = require(process.env.LOCKDEP_CJS);
      const lock = new other.Mutex('fromCommonJs');
      const names = () => t.lockdep.currentOwner().held.map((held) => held.lock.name ?? held.lock.class.name);
      const guard = await lock.acquire();
      t.same('taken', names().join(), 'fromCommonJs');
      await t.tick();
      t.same('later', names().join(), 'fromCommonJs');
      guard.release();
      t.same('back', names().join(), '');
    },
  },
];
