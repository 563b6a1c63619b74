// The handle of the database is used inside of its own transaction: it waits for the transaction to end.
import { PGlite } from '@electric-sql/pglite';

const db = new PGlite();
await db.exec('create table note (text text)');
console.log('ready');

async function count() {
  const { rows } = await db.query('select count(*)::int as count from note');
  return rows[0].count;
}

await db.transaction(async (tx) => {
  await tx.query("insert into note values ('one')");
  console.log('inserted');
  console.log(await count());
});
console.log('never');
