// The package is loaded by a program that runs already. Each form has a worker of its own, in which nothing is loaded yet.
import process from 'node:process';
import { Worker } from 'node:worker_threads';

const scenarios = {
  'flows that began before the package was loaded': 'flows',
  'the first acquire of all stands in a continuation of old': 'firstAcquire',
  'a helper that began before the package was loaded, and awaits more after': 'helper',
  'old callbacks take new locks': 'callbacks',
  'a helper hands its lock to a flow that began to wait before the package was loaded': 'handedToOld',
};

export const forms = Object.entries(scenarios).map(([name, scenario]) => ({
  name,
  async run(t) {
    const url = new URL('./modules/cold.mjs', import.meta.url);
    const worker = new Worker(url, { workerData: scenario, env: { ...process.env } });
    const { looks, wrong } = await new Promise((done, fail) => {
      worker.once('message', done);
      worker.once('error', fail);
    });
    t.same('looks', looks > 3, true);
    t.same('wrong', wrong.join('; '), '');
    await worker.terminate();
    t.expect('after');
  },
}));
