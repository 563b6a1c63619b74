// Readers only, in both orders: with a writer that waits for each lock in between they wait for each other.
import createMortice from 'mortice';

const accounts = createMortice({ name: 'accounts' });
const ledger = createMortice({ name: 'ledger' });

async function post() {
  const releaseAccounts = await accounts.readLock();
  const releaseLedger = await ledger.readLock();
  releaseLedger();
  releaseAccounts();
}

async function audit() {
  const releaseLedger = await ledger.readLock();
  const releaseAccounts = await accounts.readLock();
  releaseAccounts();
  releaseLedger();
}

await post();
await audit();
console.log('quiet');
