// Two locks in both orders, once through resources and once by hand.
import * as locks from '@matrixai/async-locks';

const { Lock } = locks.default ?? locks;
const accounts = new Lock();
const ledger = new Lock();

async function post() {
  await accounts.withF(async () => {
    await ledger.withF(async () => console.log('posted'));
  });
}

async function audit() {
  const [releaseLedger] = await ledger.lock()();
  const [releaseAccounts] = await accounts.lock()();
  await releaseAccounts();
  await releaseLedger();
}

await post();
await audit();
