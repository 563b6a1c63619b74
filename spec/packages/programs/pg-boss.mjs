// pg-boss with PostgreSQL (pg): queues of jobs, with several workers each, jobs that fail and come again, and jobs that make others.
import PgBoss from 'pg-boss';
import { withDatabase } from './database.mjs';

const range = (count) => Array.from({ length: count }, (_, at) => at);

await withDatabase(async (url) => {
  const boss = new PgBoss({ connectionString: url, max: 4, schedule: true, supervise: true });
  const errors = [];
  boss.on('error', (error) => errors.push(error.message));
  await boss.start();
  const done = { mail: new Set(), report: new Set(), again: new Map(), wrong: 0 };
  const total = () => done.mail.size + done.report.size + [...done.again.values()].filter((times) => times > 1).length;

  for (const name of ['mail', 'report', 'again', 'wrong'])
    await boss.createQueue(name, { name, retryLimit: 2, retryDelay: 0 });
  const work = (name, handler) =>
    Promise.all(range(3).map(() => boss.work(name, { batchSize: 5, pollingIntervalSeconds: 0.5 }, handler)));
  await work('mail', async (jobs) => {
    for (const { data } of jobs) {
      // Each makes a job in another queue.
      if (!done.mail.has(data.n)) await boss.send('report', { n: data.n }, { singletonKey: `${data.n}` });
      done.mail.add(data.n);
    }
  });
  await work('report', async (jobs) => {
    for (const { data } of jobs) done.report.add(data.n);
    await boss.getQueueSize('report');
  });
  await Promise.all(
    range(3).map(() =>
      boss.work('again', { pollingIntervalSeconds: 0.5 }, async ([{ data }]) => {
        done.again.set(data.n, (done.again.get(data.n) ?? 0) + 1);
        if (done.again.get(data.n) === 1) throw new Error('once more');
      }),
    ),
  );

  const ids = await Promise.all(range(60).map((n) => boss.send('mail', { n })));
  await boss.insert(range(3).map((n) => ({ name: 'again', data: { n }, retryLimit: 2, retryDelay: 0 })));
  await boss.schedule('wrong', '0 0 1 1 *', { n: 0 });
  const refused = await boss.send('missing', {}).catch(() => 'refused');
  const wrong = await Promise.all(range(10).map((n) => boss.send('wrong', { n })));
  await Promise.all(wrong.slice(0, 5).map((id) => boss.cancel('wrong', id)));
  const [fetched] = await boss.fetch('wrong');
  await boss.complete('wrong', fetched.id, { result: 'by hand' });
  const states = await Promise.all(wrong.map(async (id) => (await boss.getJobById('wrong', id)).state));
  const ended = new Promise((resolve) => {
    const timer = setInterval(() => total() === 123 && resolve(clearInterval(timer)), 20);
  });
  await ended;
  console.log('sent', new Set(ids).size, 'refused', refused);
  console.log(
    'mail',
    done.mail.size,
    'report',
    done.report.size,
    'again',
    [...done.again.values()].every((times) => times === 2),
  );
  console.log('states', states.sort().join(' '));
  console.log('schedules', (await boss.getSchedules()).length, 'errors', errors.length);
  await Promise.all(['mail', 'report', 'again'].map((name) => boss.offWork(name)));
  await boss.stop({ graceful: true, wait: true });
  console.log('stopped');
});
