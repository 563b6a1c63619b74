// With a real server: the root handle inside its own transaction, where `trx` was meant.
import knex from 'knex';

const client = process.env.KNEX_CLIENT;
const connection = client === 'pg' ? process.env.LOCKDEP_SPEC_POSTGRES : process.env.LOCKDEP_SPEC_MYSQL;
const db = knex({ client, connection, pool: { min: 0, max: 5 } });

async function transfer() {
  await db.transaction(async (trx) => {
    await trx.raw('SELECT 1');
    await db.raw('SELECT 2');
  });
}

const [one] = await Promise.all([db.select(db.raw('1 AS one')), db.transaction((trx) => trx.raw('SELECT 3'))]);
console.log(one[0].one);
await db.transaction((trx) => trx.raw('WRONG')).catch((error) => console.log(error.code));
await transfer();
console.log('transferred');
await db.destroy();
