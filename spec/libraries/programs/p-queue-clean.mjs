// All of the library at once, with contention, errors and time-outs, and no task that waits for another one of its queue.
import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import { Mutex } from 'async-mutex';
import PQueue, { TimeoutError } from 'p-queue';

const tick = () => new Promise((resolve) => setImmediate(resolve));
const said = async (promise) => {
  try {
    return await promise;
  } catch (error) {
    return `${error instanceof TimeoutError ? 'timed out' : error?.message}`;
  }
};

// Tasks that queue others and do not wait for them.
const queue = new PQueue({ concurrency: 2 });
const seen = [];
const visit = (depth) => async () => {
  await tick();
  seen.push(depth);
  if (depth < 3) {
    queue.add(visit(depth + 1));
    queue.add(visit(depth + 1), { priority: depth });
  }
};
queue.add(visit(0));
await queue.onIdle();
console.log(seen.length, queue.size, queue.pending);

// Tasks that ask for the end and do not wait for it; a task that waits until nothing waits.
let isIdle = false;
await queue.add(() => {
  queue.onIdle().then(() => {
    isIdle = true;
  });
});
await queue.add(() => queue.onEmpty());
await queue.add(() => queue.onSizeLessThan(5));
await tick();
console.log(isIdle);

// A mutex inside of tasks, always that way round.
const ledger = new Mutex();
const sums = await queue.addAll([1, 2, 3].map((value) => () => ledger.runExclusive(async () => value * 2)));
console.log(sums);

// Errors, of the call and of the task.
console.log(await said(queue.add(() => Promise.reject(new Error('rejected')))));
console.log(
  await said(
    queue.add(() => {
      throw new Error('thrown');
    }),
  ),
);
console.log((await said(queue.add(() => 1, { timeout: -1 }))).slice(0, 40));
console.log(await said(queue.add('no function')));

// A task that is over for the queue, and goes on: it has no slot any more, and may wait for one.
const single = new PQueue({ concurrency: 1 });
let late;
const slow = single.add(
  async () => {
    await tick();
    late = new Promise((resolve) => setTimeout(resolve, 60)).then(() => single.add(() => 'late'));
    await late;
  },
  { timeout: 20 },
);
console.log(await said(slow), await late);
console.log(await said(single.add(() => new Promise(() => {}), { timeout: 10 })));

// Signals: one that aborts before, while it waits, and while it runs.
const aborts = [0, 1, 2].map(() => new AbortController());
aborts[0].abort(new Error('before'));
const running = said(single.add(() => new Promise(() => {}), { signal: aborts[2].signal }));
const waiting = said(single.add(() => 'never', { signal: aborts[1].signal }));
const before = said(single.add(() => 'never', { signal: aborts[0].signal }));
await tick();
aborts[1].abort(new Error('waiting'));
aborts[2].abort(new Error('running'));
console.log(await before, await waiting, await running);
console.log(await single.add(() => 'goes on'));

// Paused, with priorities; the number of slots changes.
const paused = new PQueue({ concurrency: 1, autoStart: false });
const order = [];
const all = [1, 3, 2].map((priority) => paused.add(() => order.push(priority), { priority, id: `p${priority}` }));
paused.setPriority('p1', 5);
paused.concurrency = 4;
console.log(paused.size, paused.isPaused);
paused.start();
await Promise.all(all);
console.log(order);
paused.pause();
paused.concurrency = 1;

// What is cleared never runs; what is left in a paused queue waits for nobody.
paused.add(() => 'never').catch(() => {});
paused.clear();
console.log(paused.size);
paused.add(() => 'never');

// Without a limit a queue is no lock: this may nest.
const endless = new PQueue();
console.log(await endless.add(() => endless.add(() => endless.add(() => 'deep'))));
const rated = new PQueue({ interval: 10, intervalCap: 2 });
console.log(await rated.add(() => rated.addAll([() => 1, () => 2, () => 3])));

// Events, and the caller's context as far as the library keeps it.
const storage = new AsyncLocalStorage();
const contexts = await Promise.all(
  ['a', 'b', 'c'].map((name) => storage.run(name, () => single.add(async () => storage.getStore() !== undefined))),
);
console.log(contexts[0]);
if (typeof single.on === 'function') {
  single.once('completed', (result) => console.log('completed', result));
} else {
  once(single, 'completed').then(([event]) => console.log('completed', event.detail));
}
await single.add(() => 'event');
await tick();
console.log(Object.keys(single), Object.prototype.toString.call(single.add(() => {})));
