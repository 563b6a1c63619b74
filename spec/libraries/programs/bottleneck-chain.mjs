// Each account has a limiter that is chained to the one for everything; a job of that one asks an account's limiter, and so waits for
// itself at the end of the chain.
import Bottleneck from 'bottleneck';

const everything = new Bottleneck({ maxConcurrent: 1 });
const account = new Bottleneck({ maxConcurrent: 1 });
account.chain(everything);

async function request() {
  return account.schedule(async () => 'requested');
}

async function refresh() {
  return everything.schedule(() => account.schedule(async () => 'refreshed'));
}

console.log(await request());
console.log(await refresh());
