// graphile-worker with PostgreSQL (pg): a pool of workers, jobs in named queues and out of them, jobs that fail, jobs that use the
// database and make others.

import { Logger, makeWorkerUtils, run, runOnce } from 'graphile-worker';
import pg from 'pg';
import { withDatabase } from './database.mjs';

const range = (count) => Array.from({ length: count }, (_, at) => at);
const logger = new Logger(() => () => {});

await withDatabase(async (url) => {
  const pgPool = new pg.Pool({ connectionString: url, max: 10 });
  pgPool.on('error', (error) => console.log('error', error.message));
  const done = { plain: 0, parent: 0, child: 0, failed: 0, inOrder: [] };
  const taskList = {
    plain: async (_payload, { query }) => {
      await query('SELECT 1');
      done.plain++;
    },
    parent: async ({ n }, { addJob, withPgClient }) => {
      await addJob('child', { n }, { jobKey: `child-${n}` });
      await withPgClient((client) => client.query('INSERT INTO seen VALUES ($1)', [n]));
      done.parent++;
    },
    child: async () => {
      done.child++;
    },
    ordered: async ({ n }) => {
      await new Promise(setImmediate);
      done.inOrder.push(n);
    },
    broken: async () => {
      done.failed++;
      throw new Error('broken');
    },
  };
  const utils = await makeWorkerUtils({ pgPool, logger });
  await utils.migrate();
  await pgPool.query('CREATE TABLE seen (n int)');

  await Promise.all(range(60).map((n) => utils.addJob('plain', { n })));
  await Promise.all(range(30).map((n) => utils.addJob('parent', { n })));
  for (const n of range(15)) await utils.addJob('ordered', { n }, { queueName: 'one by one' });
  await utils.addJobs(range(5).map((n) => ({ identifier: 'broken', payload: { n }, maxAttempts: 1 })));
  // A job of a queue that another worker is at is left for the next time.
  let times = 0;
  do {
    await runOnce({ pgPool, taskList, logger, concurrency: 6, noHandleSignals: true });
    times++;
  } while (done.inOrder.length < 15 && times < 100);
  console.log('once', JSON.stringify({ ...done, inOrder: done.inOrder.join(' ') }));

  // Now with jobs that come while it runs.
  const runner = await run({ pgPool, taskList, logger, concurrency: 6, noHandleSignals: true, pollInterval: 50 });
  const finished = new Promise((resolve) => {
    let jobs = 0;
    runner.events.on('job:complete', () => {
      jobs++;
      if (jobs === 100) resolve();
    });
  });
  await Promise.all(range(40).map((n) => runner.addJob('plain', { n })));
  await Promise.all(range(30).map((n) => utils.addJob('parent', { n: n + 30 })));
  await finished;
  await runner.stop();
  const { rows } = await pgPool.query('SELECT count(*)::int AS count FROM seen');
  console.log('all', done.plain, done.parent, done.child, 'seen', rows[0].count);
  const failed = await utils.withPgClient((client) =>
    client.query('SELECT count(*)::int AS count FROM graphile_worker.jobs WHERE last_error IS NOT NULL'),
  );
  console.log('failed', failed.rows[0].count);
  await utils.release();
  await pgPool.end();
});
