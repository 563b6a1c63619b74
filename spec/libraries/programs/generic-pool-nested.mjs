// A resource is held while the same pool is asked for another one, and nothing says when to give up. With four of them nothing
// hangs until four do this at once; with POOL_MAX=1 it waits for itself, and the program has run out of work.
import { createPool } from 'generic-pool';

let made = 0;
const browsers = createPool(
  { create: async () => ({ id: ++made }), destroy: async () => {} },
  { max: Number(process.env.POOL_MAX ?? 4) },
);

async function shoot(page) {
  const browser = await browsers.acquire();
  console.log('shot', page);
  await browsers.release(browser);
}

async function crawl() {
  const browser = await browsers.acquire();
  await shoot('start');
  await browsers.release(browser);
  console.log('done');
}

void crawl();
