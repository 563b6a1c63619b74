// The same, with a time-out that hides it: the program goes on, and each call is that much too slow.
import imported from 'await-lock';

const AwaitLock = imported.default ?? imported;
const session = new AwaitLock();

async function refresh() {
  await session.acquireAsync({ timeout: 10 });
  session.release();
}

await session.acquireAsync();
await refresh().catch((error) => console.log(error.message));
session.release();
