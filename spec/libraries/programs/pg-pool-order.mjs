// Two pools, taken in both orders, each time with nothing to wait for.
import pg from 'pg';
import { FakeClient } from './pg-fake.mjs';

const primary = new pg.Pool({ Client: FakeClient, max: 2 });
const replica = new pg.Pool({ Client: FakeClient, max: 2 });

async function copy() {
  const to = await primary.connect();
  const from = await replica.connect();
  from.release();
  to.release();
}

async function compare() {
  const from = await replica.connect();
  await primary.query('select 1');
  from.release();
}

await copy();
await compare();
console.log('done');
await Promise.all([primary.end(), replica.end()]);
