// A function that runs under a lock runs another one under it: it waits for itself.
import library from 'semaphore-async-await';

const session = new library.Lock();

async function refresh() {
  return session.execute(() => 'fresh');
}

console.log('asking');
await session.execute(() => refresh());
