// Two units taken one by one from a semaphore of two: two callers at once would wait for each other.
import { Semaphore } from 'async-mutex';

const slots = new Semaphore(2);

async function copy() {
  const [, releaseFrom] = await slots.acquire();
  const [, releaseTo] = await slots.acquire();
  releaseTo();
  releaseFrom();
}

await copy();
console.log('copied');
