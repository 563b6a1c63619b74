// A locked function calls another one that takes the same semaphore of one unit: it waits for itself.
import { Sema } from 'async-sema';

const session = new Sema(1);

async function refresh() {
  await session.acquire();
  session.release();
}

console.log('asking');
await session.acquire();
await refresh();
console.log('never');
