/**
 * The built package, as programs get it: run `npm run build` first. The threads of these examples load it for themselves, and the
 * sources would have to be compiled in each of them.
 */
import path from 'node:path';
import type { WorkerOptions } from 'node:worker_threads';
import type * as lockdep from '../../lib/index.ts';
import type { merge } from '../../lib/report/merge.ts';
import type { text } from '../../lib/report/text.ts';

const ROOT = path.resolve(__dirname, '../..');
const DIST = path.join(ROOT, 'dist/cjs');

export const built: typeof lockdep = require(path.join(DIST, 'index.js'));

/** What `lockdep report` prints of these snapshots, with places as paths in this project. */
export function report(...snapshots: readonly lockdep.Snapshot[]): string {
  return built.textReport(...snapshots).replaceAll(`${ROOT}/`, '');
}

/** What `lockdep report --stats` prints of them. */
export function reportWithStats(...snapshots: readonly lockdep.Snapshot[]): string {
  const parts: { merge: typeof merge; text: typeof text } = {
    ...require(path.join(DIST, 'report/merge.js')),
    ...require(path.join(DIST, 'report/text.js')),
  };
  return parts.text(parts.merge(snapshots, { stats: true })).replaceAll(`${ROOT}/`, '');
}

/** How a thread of an example is started, so that it can be written in TypeScript. Its types are not checked again. */
export const THREAD: Pick<WorkerOptions, 'execArgv' | 'env'> = {
  execArgv: ['--require', require.resolve('ts-node/register/transpile-only')],
  env: {
    ...process.env,
    TS_NODE_COMPILER_OPTIONS: JSON.stringify({ isolatedDeclarations: false, rootDir: ROOT }),
  },
};
