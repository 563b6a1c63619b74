/**
 * Stands in for the real preload: leaves a snapshot as the contract says, with what STUB_SNAPSHOT holds laid over it.
 * STUB_WRITES may be `none`, `broken` or `failed`.
 */
const { renameSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { threadId } = require('node:worker_threads');

const { LOCKDEP_DIR = '', LOCKDEP_RUN = '', STUB_SNAPSHOT = '{}', STUB_WRITES = 'whole' } = process.env;
globalThis.stubLoads = (globalThis.stubLoads ?? 0) + 1;

const file = path.join(LOCKDEP_DIR, `${LOCKDEP_RUN}-${process.pid}-${threadId}`);
const write = (ending) => {
  if (STUB_WRITES === 'none') {
    return;
  }
  if (STUB_WRITES === 'failed') {
    writeFileSync(`${file}.failed`, '');
    return;
  }
  const content = JSON.stringify({
    schema: 'lockdep/1',
    process: {
      pid: process.pid,
      thread: threadId,
      command: process.argv.join(' '),
      node: process.version,
      startedAt: Math.round(performance.timeOrigin),
      writtenAt: Date.now(),
      ending,
    },
    classes: [{ key: 'orders', name: 'orders', kind: 'mutex', capacity: 1, instances: 1, acquisitions: 1 }],
    dependencies: [],
    violations: [],
    adapters: [{ name: 'async-mutex', version: '0.5.0', status: 'watched' }],
    totals: { instances: 0, acquisitions: 0, owners: 1, refuted: 0 },
    limits: [],
    failure: null,
    ...JSON.parse(STUB_SNAPSHOT),
  });
  writeFileSync(`${file}.json.tmp`, STUB_WRITES === 'broken' ? content.slice(0, -9) : content);
  renameSync(`${file}.json.tmp`, `${file}.json`);
};

write('running');
process.on('exit', () => write('exited'));
