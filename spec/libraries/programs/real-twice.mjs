// mafintosh/mutexify#11: released in the catch and again in the finally. The second release frees the lock of somebody else, and two
// are inside at once.
import { Mutex } from 'async-mutex';

const mutex = new Mutex();
let inside = 0;

async function work(name, fail) {
  await mutex.acquire();
  inside++;
  try {
    await null;
    console.log(name, inside);
    if (fail) {
      throw new Error(name);
    }
  } catch {
    mutex.release();
  } finally {
    inside--;
    mutex.release();
  }
}

await work('alone', true);
await Promise.all([work('failing', true), work('second', false), work('third', false)]);
