// PGlite as it is meant to be used: nothing is to be found.
import { PGlite } from '@electric-sql/pglite';

const db = await PGlite.create();
await db.exec('create table note (text text)');
const stop = await db.listen('news', () => {});

const add = (text) =>
  db.transaction(async (tx) => {
    await tx.query('insert into note values ($1)', [text]);
    await tx.sql`update note set text = ${text} where text = ${text}`;
    return (await tx.query('select count(*)::int as count from note')).rows[0].count;
  });
console.log((await Promise.all(['a', 'b', 'c'].map(add))).join());

const [, { rows }] = await Promise.all([
  db.exec("insert into note values ('d')"),
  db.sql`select count(*)::int as count from note`,
]);
console.log(rows[0].count > 0);

let kept;
await db.transaction(async (tx) => {
  kept = tx;
  await tx.rollback();
});
await kept.query('select 1').catch((error) => console.log(error.message));
await db.transaction(async (tx) => tx.exec('wrong')).catch((error) => console.log(error.code));
await db.query('also wrong').catch((error) => console.log(error.code));
console.log(await db.runExclusive(async () => 'alone'));

// Two databases, one inside of the other, always the same way round.
const other = new PGlite();
await db.transaction(async () => {
  await other.query('select 1');
});
await stop();
await db.close();
await other.close();
await db.query('select 1').catch((error) => console.log(error.message));
