// matrix-org/matrix-js-sdk#1627: the sessions of a list of devices are locked one in the other, in the order of the list. Both rooms are
// served one after the other, so nothing hangs here. The devices are one class: it is two of its locks, in both orders.
import AsyncLock from 'async-lock';

const sessions = new AsyncLock();

async function share(room, devices) {
  await sessions.acquire(devices, async () => console.log(room, devices.length));
}

await share('tea', ['device:17', 'device:18']);
await share('coffee', ['device:18', 'device:17']);
