// With a real PostgreSQL: the root handle inside its own transaction, where `trx` was meant.
import knex from 'knex';

const db = knex({
  client: 'pg',
  connection: process.env.LOCKDEP_SPEC_POSTGRES,
  pool: { min: 0, max: 5 },
});

async function transfer() {
  await db.transaction(async (trx) => {
    await trx.raw('SELECT 1');
    await db.raw('SELECT 2');
  });
}

await Promise.all([db.raw('SELECT 1'), db.transaction((trx) => trx.raw('SELECT 3'))]);
await transfer();
console.log('transferred');
await db.destroy();
