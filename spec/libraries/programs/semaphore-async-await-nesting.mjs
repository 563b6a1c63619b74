// Work that holds a permit waits for another one: two such pieces of work at once would wait for each other.
import library from 'semaphore-async-await';

const permits = new library.default(2);

async function read(name) {
  return permits.execute(async () => name);
}

console.log(await permits.execute(() => read('file')));
