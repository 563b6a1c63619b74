const { Lock } = require('./publisher.cjs');

const orders = new Lock('orders');
const ledger = new Lock('ledger');

async function one(name) {
  const release = await orders.acquire();
  await ledger.run(async () => console.log(name));
  release();
}

void Promise.all([one('a'), one('b'), one('c')]).then(() => console.log('done'));
