// Two pools, taken in both orders.
const { Pool } = require('tarn');

const options = { create: async () => ({}), destroy() {}, min: 0, max: 1 };
const primary = new Pool(options);
const replica = new Pool(options);

async function promote() {
  const one = await primary.acquire().promise;
  const other = await replica.acquire().promise;
  console.log('promoted');
  replica.release(other);
  primary.release(one);
}

async function compare() {
  const other = await replica.acquire().promise;
  const one = await primary.acquire().promise;
  console.log('compared');
  primary.release(one);
  replica.release(other);
}

void promote()
  .then(compare)
  .then(() => Promise.all([primary.destroy(), replica.destroy()]));
