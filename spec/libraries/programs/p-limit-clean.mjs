// Limiters with contention, errors, what is cleared, a number of slots that changes, and tasks that queue others without
// waiting for them.
import pLimit, { limitFunction } from 'p-limit';

const tick = () => new Promise((resolve) => setImmediate(resolve));
const limit = pLimit(2);
const files = pLimit(1);
const seen = [];

async function visit(name, depth) {
  await files(tick);
  seen.push(name);
  if (depth > 0) {
    void limit(visit, `${name}l`, depth - 1);
    void limit(visit, `${name}r`, depth - 1);
  }
}

await limit(visit, 'o', 2);
while (limit.activeCount + limit.pendingCount > 0) {
  await tick();
}
console.log(seen.length, seen[0]);
const results = await Promise.allSettled([limit(() => Promise.reject(new Error('x'))), limit(async () => 1)]);
console.log(results.map(({ reason, value }) => reason?.message ?? value));

limit.concurrency = 1;
const first = limit(tick);
await null;
await null;
void limit(() => 'never');
limit.clearQueue();
await first;
limit.concurrency = 3;
console.log(await Promise.all([1, 2, 3, 4].map((value) => limit(async (twice) => twice * 2, value))));

const endless = pLimit(Number.POSITIVE_INFINITY);
console.log(await endless(() => endless(() => endless(() => 'deep'))));

const limited = limitFunction(async (value) => value + 1, { concurrency: 1 });
console.log(await Promise.all([limited(1), limited(2)]));
