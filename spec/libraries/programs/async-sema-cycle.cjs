// Two semaphores of one unit, taken in both orders by two functions that do not meet: they can wait for each other.
const { Sema } = require('async-sema');

const orders = new Sema(1);
const ledger = new Sema(1);

async function settle() {
  await orders.acquire();
  await ledger.acquire();
  ledger.release();
  orders.release();
}

async function audit() {
  await ledger.acquire();
  await orders.acquire();
  orders.release();
  ledger.release();
}

void settle()
  .then(audit)
  .then(() => console.log('audited'));
