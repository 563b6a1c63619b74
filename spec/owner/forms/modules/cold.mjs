// Scenarios in which the package is loaded late. Runs in a worker; answers with what was wrong.
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';

const wrong = [];
let looks = 0;
let pkg;

const load = async () => {
  pkg ??= await import(pathToFileURL(process.env.LOCKDEP_ESM).href);
  return pkg;
};
const tick = () => new Promise((done) => setImmediate(done));

function look(label, ...expected) {
  looks++;
  const held = (pkg?.lockdep.currentOwner().held ?? []).map(({ lock }) => lock.name ?? lock.class.name);
  if (held.join() !== expected.join()) wrong.push(`${label}: ${held.join()}`);
}

async function work(name) {
  look(`${name}: before`);
  const guard = await new pkg.Mutex(name).acquire();
  look(`${name}: taken`, name);
  await tick();
  look(`${name}: later`, name);
  guard.release();
  look(`${name}: back`);
}

const scenarios = {
  async flows() {
    const idle = async (n) => {
      for (let i = 0; i < 20; i++) {
        await (i % 2 === 0 ? tick() : null);
        look(`idle ${n}, ${i}`);
      }
    };
    const late = async (name) => {
      await load();
      await work(name);
    };
    await Promise.all([idle(1), late('A'), idle(2), late('B')]);
    look('after');
  },

  async firstAcquire() {
    const started = Promise.resolve()
      .then(tick)
      .then(load)
      .then(() => work('A'));
    const beside = async () => {
      while (pkg === undefined) await tick();
      for (let i = 0; i < 6; i++) {
        look(`beside ${i}`);
        await tick();
      }
    };
    await Promise.all([started, beside()]);
    look('after');
  },

  async handedToOld() {
    const helper = async () => {
      await load();
      return new pkg.Mutex('A').acquire();
    };
    const guard = await helper();
    look('taken', 'A');
    await tick();
    look('later', 'A');
    guard.release();
    look('back');
    await work('B');
  },

  async helper() {
    const store = {};
    const helper = async () => {
      await load();
      store.guard = await new pkg.Mutex('A').acquire();
      look('helper', 'A');
      await tick();
      look('helper, later', 'A');
      store.guard.release();
      look('helper, back');
    };
    await helper();
    look('caller');
    await work('B');
    look('after');
  },

  async callbacks() {
    const all = ['A', 'B', 'C'].map(
      (name) =>
        new Promise((done) => {
          const poll = setInterval(() => {
            look(`${name}: poll`);
            if (pkg !== undefined) {
              clearInterval(poll);
              void work(name).then(done);
            }
          }, 1);
        }),
    );
    await tick();
    await load();
    look('loaded');
    await Promise.all(all);
    look('after');
  },
};

await scenarios[workerData]();
parentPort.postMessage({ looks, wrong });
