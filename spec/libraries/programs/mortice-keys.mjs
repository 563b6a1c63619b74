// One lock for each account, taken in the order of the arguments: two transfers in opposite directions.
import createMortice from 'mortice';

async function transfer(from, to) {
  const releaseFrom = await createMortice({ name: `account-${from}` }).writeLock();
  const releaseTo = await createMortice({ name: `account-${to}` }).writeLock();
  releaseTo();
  releaseFrom();
}

await transfer(1, 2);
await transfer(2, 1);
console.log('quiet');
