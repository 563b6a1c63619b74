// All units are asked for by somebody who holds one: that waits for ever, whatever others do.
import { Sema } from 'async-sema';

const workers = new Sema(3);

async function shutDown() {
  await workers.drain();
  console.log('never');
}

console.log('closing');
await workers.acquire();
await shutDown();
workers.release();
