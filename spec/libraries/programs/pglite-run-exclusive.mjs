// A query inside of `runExclusive`, which is for the raw protocol: it waits for itself.
import { PGlite } from '@electric-sql/pglite';

const db = await PGlite.create();
console.log('ready');

await db.runExclusive(async () => {
  await db.exec('select 1');
});
console.log('never');
