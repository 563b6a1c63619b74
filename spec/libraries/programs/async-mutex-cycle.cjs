// Two mutexes in both orders.
const { Mutex } = require('async-mutex');

const orders = new Mutex();
const ledger = new Mutex();

async function settle() {
  const releaseOrders = await orders.acquire();
  const releaseLedger = await ledger.acquire();
  releaseLedger();
  releaseOrders();
}

async function audit() {
  await ledger.runExclusive(() => orders.runExclusive(() => console.log('audited')));
}

void settle().then(audit);
