// Two writers, each with one lock, that wait for the other one's: the process ends with nothing done.
import createMortice from 'mortice';

const accounts = createMortice({ name: 'accounts' });
const ledger = createMortice({ name: 'ledger' });

async function move(first, second) {
  const releaseFirst = await first.writeLock();
  await new Promise((resolve) => setTimeout(resolve, 20));
  const releaseSecond = await second.writeLock();
  console.log('never');
  releaseSecond();
  releaseFirst();
}

void move(accounts, ledger);
void move(ledger, accounts);
