import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import workerThreads, { SHARE_ENV, type WorkerOptions } from 'node:worker_threads';
import { watchWorkers } from '../../lib/preload/workers.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'lockdep-workers-'));
const preload = path.join(dir, 'preload.cjs');
const { Worker } = workerThreads;
const { NODE_OPTIONS } = process.env;

beforeAll(() => {
  writeFileSync(preload, 'globalThis.preloaded = true');
  delete process.env['NODE_OPTIONS'];
  process.env['A'] = 'a';
  watchWorkers({ preload, variables: { SWITCH: 's' } });
});

afterAll(() => {
  workerThreads.Worker = Worker;
  Worker.prototype.constructor = Worker;
  syncBuiltinESMExports();
  delete process.env['A'];
  if (NODE_OPTIONS !== undefined) {
    process.env['NODE_OPTIONS'] = NODE_OPTIONS;
  }
  rmSync(dir, { recursive: true, force: true });
});

const CODE = `require('node:worker_threads').parentPort.postMessage(
  [globalThis.preloaded, process.env.A, process.env.SWITCH].map(String).join())`;

function start(options: WorkerOptions): Promise<string> {
  const worker = new workerThreads.Worker(CODE, { ...options, eval: true });
  return new Promise((done, fail) => worker.once('message', done).once('error', fail));
}

// A worker without anything of its own inherits the preload from its parent, which has none here, and the environment of
// the process, of which jest gives specs a copy: what they put into it is not there.
it.each<[string, WorkerOptions, string]>([
  ['an environment of its own', { env: { A: 'b' } }, 'true,b,s'],
  ['an environment that inherits, which counts for nothing', { env: Object.create({ A: 'b' }) }, 'true,undefined,s'],
  ['switches of its own', { execArgv: [] }, 'true,a,s'],
  ['the environment of its parent', { env: SHARE_ENV }, 'undefined,undefined,undefined'],
  ['nothing of its own', {}, 'undefined,undefined,undefined'],
])('a worker with %s', async (_, options, seen) => {
  await expect(start(options)).resolves.toBe(seen);
});

it('is still a Worker', () => {
  expect([workerThreads.Worker.name, workerThreads.Worker.length]).toEqual([Worker.name, Worker.length]);
  expect(() => new workerThreads.Worker(CODE, { env: 5 as never, eval: true })).toThrow(/options\.env/);
});
