// Nobody handles the rejection of a wait that times out: the process is told so, once for each, and not for those that are handled.
import imported from 'await-lock';

const AwaitLock = imported.default ?? imported;
const lock = new AwaitLock();

process.on('unhandledRejection', (reason) => console.log('unhandled:', reason.message));
process.on('rejectionHandled', () => console.log('handled late'));

let open;
const handled = new Promise((resolve) => (open = resolve));

async function hold() {
  await lock.acquireAsync();
  await handled;
  lock.release();
}

const held = hold();
void lock.acquireAsync({ timeout: 1 });
lock
  .acquireAsync({ timeout: 20 })
  .catch((error) => console.log('handled:', error.message))
  .then(open);
await held;
console.log(lock.acquired);
