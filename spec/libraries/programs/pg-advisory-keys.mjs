// Accounts are locked by key, in the order in which they come: here both orders, with keys that are parameters.
import pg from 'pg';
import { database } from './pg-server.mjs';

const { options, close } = await database();
const client = new pg.Client(options);
await client.connect();

async function transfer(from, to) {
  await client.query('begin');
  await client.query('select pg_advisory_xact_lock($1)', [from]);
  await client.query({ name: 'lock', text: 'select pg_advisory_xact_lock($1)', values: [to] });
  await client.query('commit');
}

await transfer(11, 12);
await transfer(12, 11);
console.log('done');
await client.end();
close();
