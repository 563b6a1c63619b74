// Two locks in both orders: one function takes and releases them, the other one runs functions under them.
const { Lock } = require('semaphore-async-await');

const orders = new Lock();
const ledger = new Lock();

async function settle() {
  await orders.acquire();
  await ledger.acquire();
  ledger.release();
  orders.release();
}

async function audit() {
  await ledger.execute(async () => {
    await orders.execute(() => console.log('audited'));
  });
}

void settle().then(audit);
