// All of the library at once, with contention, errors, retries, jobs that are dropped, and none that waits for another one of its
// limiter.
import Bottleneck from 'bottleneck';

const tick = () => new Promise((resolve) => setImmediate(resolve));
const said = async (promise) => {
  try {
    return await promise;
  } catch (error) {
    return `${error instanceof Bottleneck.BottleneckError ? 'Bottleneck: ' : ''}${error?.message}`;
  }
};
const idle = (limiter) => new Promise((resolve) => limiter.once('idle', resolve));

// Jobs that schedule others and do not wait for them.
const limiter = new Bottleneck({ maxConcurrent: 2 });
const seen = [];
async function visit(depth) {
  await tick();
  seen.push(depth);
  if (depth < 2) {
    limiter.schedule(visit, depth + 1);
    limiter.submit((done) => visit(depth + 1).then(() => done(null)), null);
  }
}
limiter.schedule(visit, 0);
await idle(limiter);
console.log(seen.length);

// Two limiters, always that way round: inside, by chain, by wrap.
const outer = new Bottleneck({ maxConcurrent: 1, trackDoneStatus: true });
const inner = new Bottleneck({ maxConcurrent: 1 });
outer.chain(inner);
console.log(await Promise.all([outer.schedule(async () => 'chained'), outer.schedule(async (value) => value, 2)]));
const wrapped = inner.wrap(async function named(...values) {
  return [this?.name, ...values];
});
console.log(await wrapped.call({ name: 'this' }, 1), await wrapped.withOptions({ priority: 1 }, 2), wrapped.name);
console.log(outer.counts().DONE, await outer.done());

// The callback style.
console.log(
  await new Promise((resolve) => {
    inner.submit(
      (value, done) => setImmediate(() => done(null, value * 2)),
      21,
      (error, result) => resolve([error, result]),
    );
  }),
  await new Promise((resolve) => {
    inner.submit(
      { weight: 1 },
      (done) => done(new Error('failed')),
      (error) => resolve(error.message),
    );
  }),
);

// Errors, retries, time-outs, and a job that goes on after its time-out: it has no slot any more.
console.log(await said(inner.schedule(() => Promise.reject(new Error('rejected')))));
console.log(
  await said(
    inner.schedule(() => {
      throw new Error('thrown');
    }),
  ),
);
console.log(await said(inner.schedule('no function')));
let attempts = 0;
inner.on('failed', (_, { retryCount }) => (retryCount < 2 && attempts > 0 ? 1 : undefined));
console.log(
  await inner.schedule(async () => {
    await tick();
    if (++attempts < 3) {
      throw new Error('again');
    }
    return `attempt ${attempts}`;
  }),
);
attempts = 0;
let late;
console.log(
  await said(
    inner.schedule({ expiration: 20 }, async () => {
      late = new Promise((resolve) => setTimeout(resolve, 60)).then(() => inner.schedule(async () => 'late'));
      await late;
    }),
  ),
);
console.log(await late);

// Weights, two jobs of one name, one that is too heavy.
const heavy = new Bottleneck({ maxConcurrent: 5 });
console.log(await Promise.all([2, 3, 5, 0].map((weight) => heavy.schedule({ weight }, async () => weight))));
const [one, two] = [1, 2].map((value) => said(heavy.schedule({ id: 'same' }, async () => value)));
console.log(await one, await two);
console.log(await said(heavy.schedule({ weight: 6 }, async () => 6)));
await heavy.updateSettings({ maxConcurrent: 1 });
console.log(await Promise.all([1, 2].map((value) => heavy.schedule(async () => value))));

// Jobs that are dropped: by a queue that is full, by stop().
const full = new Bottleneck({ maxConcurrent: 1, highWater: 1, strategy: Bottleneck.strategy.LEAK });
const dropped = [];
full.on('dropped', ({ task }) => dropped.push(task.name));
let open;
const gate = new Promise((resolve) => {
  open = resolve;
});
await new Promise((begun) => {
  void said(
    full.schedule(async () => {
      begun();
      await gate;
    }),
  );
});
const jobs = [1, 2, 3].map((value) =>
  said(
    full.schedule(async function job() {
      return value;
    }),
  ),
);
await Promise.all(jobs.slice(0, 2));
open();
console.log(await Promise.all(jobs), dropped);
const stopped = new Bottleneck({ maxConcurrent: 1 });
const left = [1, 2].map((value) => said(stopped.schedule(async () => value)));
await stopped.stop();
console.log(await Promise.all(left), await said(stopped.schedule(async () => 3)));

// Without a limit on how many run at once it is no lock: this may nest.
const rated = new Bottleneck({ minTime: 1 });
console.log(await rated.schedule(() => rated.schedule(() => rated.schedule(async () => 'deep'))));
const stock = new Bottleneck({ maxConcurrent: 1, reservoir: 2 });
console.log(await stock.schedule(async () => 1), await stock.schedule(async () => 2));
stock.schedule(async () => 'never: the stock is empty');

// Groups.
const group = new Bottleneck.Group({ maxConcurrent: 1 });
group.on('created', (made, key) => made.schedule(async () => console.log('created', key)));
console.log(await Promise.all(['a', 'b', 'a'].map((key) => group.key(key).schedule(async () => key))));
const known = group.key('a');
console.log(group.keys(), group.key('a') === known, await group.deleteKey('a'), group.keys());
await group.key('a').schedule(async () => {});

class Named extends Bottleneck {
  constructor(label, options) {
    super(options);
    this.label = label;
  }
}
const own = new Named('own', { maxConcurrent: 1 });
console.log(own instanceof Named, own instanceof Bottleneck, own.label, await own.schedule(async () => 1));
console.log(Bottleneck.default === Bottleneck, Bottleneck.prototype.Group === Bottleneck.Group, Bottleneck.name);
