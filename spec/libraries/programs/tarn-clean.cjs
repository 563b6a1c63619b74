// All that a pool is used for, and nothing wrong: contention, its events, time-outs, aborted waits, validation, failures.
const { Pool } = require('tarn');

let made = 0;
let failures = 0;
const pool = new Pool({
  create: async () => {
    if (failures-- > 0) {
      throw new Error('cannot be made');
    }
    return { id: ++made };
  },
  validate: async (resource) => resource.isSpoilt !== true,
  destroy() {},
  min: 1,
  max: 2,
  acquireTimeoutMillis: 50,
  createRetryIntervalMillis: 5,
  idleTimeoutMillis: 20,
  reapIntervalMillis: 5,
});
const counts = {};
for (const event of ['acquireRequest', 'acquireSuccess', 'acquireFail', 'release', 'createFail']) {
  pool.on(event, () => {
    counts[event] = (counts[event] ?? 0) + 1;
  });
}

async function use() {
  const resource = await pool.acquire().promise;
  await new Promise((resolve) => setImmediate(resolve));
  return pool.release(resource);
}

// Somebody who has a connection until he is told to give it back.
function keep() {
  const kept = {};
  kept.until = new Promise((resolve) => {
    kept.free = resolve;
  });
  kept.over = (async () => {
    const resource = await pool.acquire().promise;
    kept.resource = resource;
    await kept.until;
    return pool.release(resource);
  })();
  return kept;
}

async function main() {
  for (let round = 0; round < 3; round++) {
    await use();
  }
  console.log((await Promise.all([use(), use(), use(), use(), use()])).join());

  // A wait that times out, one that is aborted, and one that is not, by somebody who holds nothing.
  const keepers = [keep(), keep()];
  await new Promise((resolve) => setTimeout(resolve, 10));
  console.log(await pool.acquire().promise.catch((error) => error.constructor.name));
  const aborted = pool.acquire();
  aborted.abort();
  console.log(await aborted.promise.catch((error) => error.message));
  const late = use();

  // Spoilt while held, unknown, given back twice.
  keepers[0].resource.isSpoilt = true;
  for (const { free } of keepers) {
    free();
  }
  console.log((await Promise.all(keepers.map(({ over }) => over))).join(), await late);
  console.log(pool.release(keepers[0].resource), pool.release({}));

  // Handed to somebody else, who gives it back.
  const handed = await pool.acquire().promise;
  setTimeout(() => pool.release(handed), 5);
  await Promise.all([use(), use(), use()]);

  // What cannot be made is tried again: nothing is idle any more.
  await new Promise((resolve) => setTimeout(resolve, 60));
  failures = 1;
  console.log((await Promise.all([use(), use()])).join());

  pool.removeAllListeners('release');
  await use();
  await pool.destroy();
  console.log(JSON.stringify(counts));
}

void main();
