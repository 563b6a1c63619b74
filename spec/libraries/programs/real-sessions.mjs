// matrix-org/matrix-js-sdk#1627: the sessions of devices are claimed in the order of a list, and two rooms have the same
// devices in other orders. It did no harm for two years, and does none here.
import AsyncLock from 'async-lock';

const sessions = new AsyncLock();

async function claim([device, ...others], then) {
  return device === undefined ? then() : sessions.acquire(device, () => claim(others, then));
}

await claim(['alice-phone', 'bob-laptop'], async () => console.log('first room'));
await claim(['bob-laptop', 'alice-phone'], async () => console.log('second room'));
