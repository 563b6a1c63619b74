// All that a program can notice of a database: what calls give, after how many turns, in which order, and what becomes of errors.
import { PGlite } from '@electric-sql/pglite';

const MOST = 5_000;

const db = await PGlite.create();
await db.exec('create table note (text text)');
// Somebody holds a mutex all the time.
const other = new PGlite();
let finish;
let long;
await new Promise((begun) => {
  long = other.transaction(
    () =>
      new Promise((resolve) => {
        finish = resolve;
        begun();
      }),
  );
});

/** How a call ends, and after how many turns of the queue of microtasks. */
async function ending(call) {
  let turns = 0;
  let how;
  const promise = call();
  promise.then(
    () => (how = 'fulfilled'),
    (error) => (how = `${error.constructor.name} ${error.code}`),
  );
  for (; how === undefined && turns < MOST; turns++) {
    await null;
  }
  await promise.catch(() => {});
  return `${promise.constructor.name} ${how} ${turns < MOST ? turns : 'later'}`;
}

await db.query('select 1');
const calls = {
  query: () => db.query('select 1'),
  parameters: () => db.query('select $1::int', [1]),
  sql: () => db.sql`select ${1}::int`,
  exec: () => db.exec('select 1; select 2'),
  describe: () => db.describeQuery('select 1'),
  wrong: () => db.query('wrong'),
  transaction: () => db.transaction((tx) => tx.query('select 1')),
  empty: () => db.transaction(() => 'nothing'),
  thrown: () =>
    db.transaction(() => {
      throw new RangeError('thrown');
    }),
  exclusive: () => db.runExclusive(async () => 'alone'),
  listen: () => db.listen('news', () => {}),
  unlisten: () => db.unlisten('news'),
};
for (const [name, call] of Object.entries(calls)) {
  console.log(name, await ending(call));
}

const order = [];
await Promise.all([
  db.query('select 1').then(() => order.push('first')),
  db.transaction(async (tx) => {
    order.push('begun');
    await tx.query('select 1');
    order.push('second');
  }),
  db.query('wrong').catch(() => order.push('wrong')),
  db.exec('select 1').finally(() => order.push('last')),
]);
console.log(order.join());

const lost = db.query('wrong');
const event = await new Promise((resolve) => process.once('unhandledRejection', (...args) => resolve(args)));
console.log('unhandled', event[0].code, event[1] === lost);
console.log(['query', 'transaction', 'runExclusive'].map((name) => `${db[name].name} ${db[name].length}`).join());

finish();
await long;
await Promise.all([db.close(), other.close()]);
for (const call of [calls.query, calls.transaction, calls.exclusive]) {
  console.log(await ending(call));
}
