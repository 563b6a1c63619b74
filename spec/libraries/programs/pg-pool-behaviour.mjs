// All that a program can notice of a pool: promises of another class, a frozen pool, clients that grow too old, errors nobody handles.
import pg from 'pg';
import { FakeClient } from './pg-fake.mjs';

class Own extends Promise {
  static made = 0;

  constructor(work) {
    super(work);
    Own.made++;
  }
}

const settings = { Client: FakeClient, idleTimeoutMillis: 0, max: 1 };

{
  const pool = new pg.Pool({ ...settings, Promise: Own });
  const connecting = pool.connect();
  const client = await connecting;
  const waiting = pool.connect();
  console.log(connecting.constructor.name, waiting.constructor.name, Reflect.ownKeys(connecting).length);
  client.release();
  (await waiting).release();
  const querying = pool.query('select 1');
  console.log(querying.constructor.name, (await querying).rows.length, Own.made);
  console.log(await pool.query('broken').catch((error) => error.message), Own.made);
  await pool.end();
}

{
  const pool = Object.freeze(new pg.Pool(settings));
  const first = await pool.connect();
  const second = pool.connect();
  console.log('frozen', pool.waitingCount, pool.totalCount);
  first.release();
  (await second).release();
  console.log((await pool.query('select 1')).rows.length, pool.idleCount);
  try {
    await pool.end();
  } catch (error) {
    console.log(error.constructor.name);
  }
}

{
  const pool = new pg.Pool({ ...settings, maxLifetimeSeconds: 0.02 });
  pool.on('remove', () => console.log('removed'));
  const client = await pool.connect();
  const waiting = pool.connect();
  await new Promise((resolve) => setTimeout(resolve, 60));
  console.log('old', pool.waitingCount, pool.totalCount);
  client.release();
  const next = await waiting;
  console.log('new', next !== client, pool.totalCount);
  next.release();
  await new Promise((resolve) => setTimeout(resolve, 60));
  console.log('none', pool.totalCount);
  await pool.end();
}

{
  let lost;
  const seen = () =>
    new Promise((resolve) => {
      process.once('unhandledRejection', (error, promise) => resolve(`${error.message} ${promise === lost}`));
    });
  const pool = new pg.Pool(settings);
  lost = pool.query('broken');
  console.log('unhandled', await seen());
  const refusing = new pg.Pool({ ...settings, broken: true });
  lost = refusing.connect();
  console.log('unhandled', await seen());
  lost = refusing.query('select 1');
  console.log('unhandled', await seen());
  await pool.end();
}
