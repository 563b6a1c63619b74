// Two flows, each with one lock, that wait for the other one's: the timers of the library keep the process alive for ever.
import * as locks from '@matrixai/async-locks';

const { Lock } = locks.default ?? locks;
const accounts = new Lock();
const ledger = new Lock();

async function move(first, second) {
  await first.withF(async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    await second.withF(async () => console.log('never'));
  });
}

setTimeout(() => {
  console.log(accounts.isLocked(), ledger.isLocked());
  process.exit();
}, 400);
void move(accounts, ledger);
void move(ledger, accounts);
