// A settlement and an audit take two locks in opposite orders, and this time both have the first one when they ask for the second. The wait
// that closes the circle is rejected: the audit gives up, and the settlement goes on.
import { DeadlockError, Mutex } from '../../lib/index.ts';
import { checker, clock, others, print } from './report.ts';

const lockdep = checker({ onDeadlock: 'reject' });
const orders = new Mutex('orders', { lockdep });
const ledger = new Mutex('ledger', { lockdep });

async function settle(): Promise<void> {
  using _orders = await orders.acquire();
  await others();
  using _ledger = await ledger.acquire();
  console.log('settled');
}

async function audit(): Promise<void> {
  using _ledger = await ledger.acquire();
  await others();
  clock.now += 5;
  using _orders = await orders.acquire();
  console.log('audited');
}

async function main(): Promise<void> {
  const ends = await Promise.allSettled([lockdep.task('settle', settle), lockdep.task('audit', audit)]);
  for (const end of ends) {
    if (end.status === 'rejected') {
      console.log(end.reason instanceof DeadlockError ? 'gave up: deadlock' : end.reason);
    }
  }
  console.log();
  print(lockdep);
}

void main();
