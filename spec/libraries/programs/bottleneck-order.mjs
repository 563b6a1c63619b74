// Limiters with one slot each in both orders, one after the other, so that nothing hangs: two keys of a group, and a limiter and a mutex.
import { Mutex } from 'async-mutex';
import Bottleneck from 'bottleneck';

const hosts = new Bottleneck.Group({ maxConcurrent: 1 });
const requests = new Bottleneck({ maxConcurrent: 1 });
const ledger = new Mutex();

async function mirror(from, to) {
  return hosts.key(from).schedule(() => hosts.key(to).schedule(async () => `${from} to ${to}`));
}

async function post() {
  return ledger.runExclusive(() => requests.schedule(async () => 'posted'));
}

async function audit() {
  return requests.schedule(async () => {
    const release = await ledger.acquire();
    release();
    return 'audited';
  });
}

console.log(await mirror('north', 'south'), await mirror('south', 'north'));
console.log(await post(), await audit());
