// The resource is given back only where nothing fails.
import { createPool } from 'generic-pool';

const workers = createPool({ create: async () => ({}), destroy: async () => {} }, { max: 2 });

async function resize(image) {
  const worker = await workers.acquire();
  if (image === 'broken') {
    throw new Error('not an image');
  }
  await workers.release(worker);
}

await resize('good');
await resize('broken').catch((error) => console.log(error.message));
