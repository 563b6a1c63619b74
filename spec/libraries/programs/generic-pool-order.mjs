// Two pools, taken in both orders.
import { createPool } from 'generic-pool';

const factory = { create: async () => ({}), destroy: async () => {} };
const readers = createPool(factory, { max: 1 });
const writers = createPool(factory, { max: 1 });

async function copy() {
  await readers.use(async () => {
    await writers.use(async () => console.log('copied'));
  });
}

async function verify() {
  const writer = await writers.acquire();
  const reader = await readers.acquire();
  console.log('verified');
  await readers.release(reader);
  await writers.release(writer);
}

await copy();
await verify();
