// Two locks in both orders, one of them as a reader in one flow and as the writer in the other.
import { RWLock } from 'async-rwlock';

const accounts = new RWLock();
const ledger = new RWLock();

async function post() {
  await accounts.writeLock();
  await ledger.readLock();
  ledger.unlock();
  accounts.unlock();
}

async function audit() {
  await ledger.writeLock();
  await accounts.readLock();
  accounts.unlock();
  ledger.unlock();
}

await post();
await audit();
console.log('quiet');
