// The lock belongs to the session that took it: given back over another client of the pool it stays where it is.
import pg from 'pg';
import { database } from './pg-server.mjs';

const { options, close } = await database();
const pool = new pg.Pool(options);

const first = await pool.connect();
await first.query('select pg_advisory_lock(42)');
const second = new pg.Client(options);
await second.connect();
const { rows } = await second.query('select pg_advisory_unlock(42) as given');
console.log(rows[0].given);
await second.end();
await first.query('select pg_advisory_unlock(42)');
first.release();
await pool.end();
close();
