// Two locks in both orders, by two functions that do not meet.
import imported from 'await-lock';

const AwaitLock = imported.default ?? imported;
const provider = new AwaitLock();
const thread = new AwaitLock();

async function admit() {
  await provider.acquireAsync();
  await thread.acquireAsync();
  thread.release();
  provider.release();
}

async function complete() {
  await thread.acquireAsync();
  await provider.acquireAsync();
  provider.release();
  thread.release();
}

await admit();
await complete();
console.log('completed');
