// Whoever has a unit of the semaphore asks for one more: as many as there are units can wait for each other.
import * as locks from '@matrixai/async-locks';

const { Semaphore } = locks.default ?? locks;
const sockets = new Semaphore(3);

async function fetchAll(depth) {
  await sockets.withF(async () => {
    console.log('level', depth);
    if (depth < 2) {
      await fetchAll(depth + 1);
    }
  });
}

await fetchAll(1);
