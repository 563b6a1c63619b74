// A database of its own for a program, on the server of the specs, removed at the end.
import pg from 'pg';

/** @param work gets the address of the database, and must have closed its connections when it ends */
export async function withDatabase(work) {
  const server = process.env['LOCKDEP_SPEC_POSTGRES'];
  if (server === undefined) throw new Error('LOCKDEP_SPEC_POSTGRES is not set: run npm run test:servers');
  const name = `packages_${process.pid}_${Date.now()}`;
  const own = new URL(server);
  own.pathname = `/${name}`;
  const client = new pg.Client(server);
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  try {
    return await work(own.href);
  } finally {
    // A connection is closed when the server has heard of it, which nobody has waited for.
    const left = { text: 'SELECT FROM pg_stat_activity WHERE datname = $1', values: [name] };
    while ((await client.query(left)).rows.length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await client.query(`DROP DATABASE ${name}`);
    await client.end();
  }
}
