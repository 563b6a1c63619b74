// A holder waits for its own lock, gives up in time, and goes on.
import library from 'semaphore-async-await';

const session = new library.Lock();

async function refresh() {
  return session.waitFor(10);
}

await session.wait();
console.log(await refresh());
session.signal();
