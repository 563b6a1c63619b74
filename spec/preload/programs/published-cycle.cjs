const { Lock } = require('./publisher.cjs');

const orders = new Lock('orders');
const ledger = new Lock('ledger');

async function settle() {
  const releaseOrders = await orders.acquire();
  const releaseLedger = await ledger.acquire();
  releaseLedger();
  releaseOrders();
}

async function audit() {
  await ledger.run(async () => {
    await orders.run(async () => console.log('audited'));
  });
}

void settle()
  .then(audit)
  .then(() => orders.tryAcquire());
