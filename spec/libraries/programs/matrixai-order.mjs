// Readers only, of locks that prefer writers, in both orders: with a writer that waits for each they wait for each other.
import * as locks from '@matrixai/async-locks';

const { RWLockWriter } = locks.default ?? locks;
const accounts = new RWLockWriter();
const ledger = new RWLockWriter();

async function post() {
  const [releaseAccounts] = await accounts.read()();
  const [releaseLedger] = await ledger.read()();
  await releaseLedger();
  await releaseAccounts();
}

async function audit() {
  await ledger.withReadF(async () => {
    await accounts.withReadF(async () => console.log('audited'));
  });
}

await post();
await audit();
