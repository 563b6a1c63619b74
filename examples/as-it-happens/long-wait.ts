// A request waits for a report to end, which has the lock that both need: it is found while it waits. The clock is that of the program, so that it says the same each time.
import { setTimeout } from 'node:timers/promises';
import { Mutex } from '../../lib/index.ts';
import { checker, clock, others, print } from './report.ts';

const lockdep = checker({ longWaitMs: 200, rules: { 'long-hold': 'off' } });
const ledger = new Mutex('ledger', { lockdep });

async function report(): Promise<void> {
  using _guard = await ledger.acquire();
  await others();
  clock.now += 1250;
  while (lockdep.violations.length === 0) {
    await setTimeout(10);
  }
}

async function request(): Promise<void> {
  using _guard = await ledger.acquire();
}

async function main(): Promise<void> {
  await Promise.all([lockdep.task('report', report), lockdep.task('request', request)]);
  print(lockdep);
}

void main();
