// All that async-lock can do, with contention, errors and time-outs, and nothing wrong: keys are always taken in one order.
import domain from 'node:domain';
import { setTimeout as sleep } from 'node:timers/promises';
import AsyncLock from 'async-lock';

const locks = new AsyncLock();
const seen = [];
const note = (what) => seen.push(what instanceof Error ? what.message : what);
process.on('unhandledRejection', (error, promise) => note(['unhandled', error.message, promise === forgotten]));

// Accounts, by their numbers: in the order of the numbers.
async function transfer(from, to) {
  const keys = [from, to].sort((one, other) => one - other).map((id) => `account:${id}`);
  return locks.acquire(keys, async () => {
    await sleep(1);
    return `${from} to ${to}`;
  });
}
note(await Promise.all([transfer(1, 2), transfer(2, 1), transfer(3, 1), transfer(2, 3), transfer(1, 4)]));

// Names: config before users, in both styles, by a list and one in the other.
const inOrder = (text) => locks.acquire('config', () => locks.acquire('users', () => text));
const called = new Promise((resolve) => {
  locks.acquire(
    'config',
    (done) => locks.acquire('users', (inner) => setImmediate(inner, null, 'called'), done),
    (error, value) => resolve(error ?? value),
  );
});
note(await Promise.all([inOrder('first'), called, locks.acquire(['config', 'users'], () => 'list'), inOrder('last')]));

// A callback that takes another key runs as the flow that asked, not as whoever releases: he has 'users' and waits for nothing.
await new Promise((resolve) => {
  void locks.acquire('users', () => locks.acquire('audit', () => sleep(5)));
  locks.acquire(
    'users',
    (done) => done(),
    () => locks.acquire('config', () => locks.acquire('audit', () => {})).then(resolve),
  );
});

// Errors: thrown, rejected, given to done, done called twice.
const failed = (text) => new Error(text);
const refuse = () => {
  throw failed('thrown');
};
note(await locks.acquire('k', refuse).catch((error) => error.message));
note(await locks.acquire('k', async () => refuse()).catch((error) => error.message));
note(await locks.acquire('k', (_done) => refuse()).catch((error) => error.message));
note(await locks.acquire('k', (done) => done(failed('done')), {}).catch((error) => error.message));
locks.acquire(
  'k',
  (done) => done(done(null, 'twice')),
  (_, value) => note(value),
);
note(locks.isBusy());

// Time-outs: of the wait, of the hold, of both together; too many who wait; one who skips the queue.
const slow = locks.acquire('slow', () => sleep(60));
const forgotten = locks.acquire('slow', () => {}, { timeout: 5 });
note(await locks.acquire('slow', () => {}, { timeout: 5 }).catch((error) => error.message));
note(await locks.acquire('slow', () => {}, { maxOccupationTime: 5 }).catch((error) => error.message));
note(
  await new Promise((resolve) => locks.acquire('slow', () => {}, resolve, { timeout: 5 })).then(
    ({ message }) => message,
  ),
);
note(await locks.acquire('slow', () => {}, { maxPending: 1 }).catch((error) => error.message));
const normal = locks.acquire('slow', () => note('normal'));
await Promise.all([slow, normal, locks.acquire('slow', () => note('skips'), { skipQueue: true })]);
note(await locks.acquire('long', () => sleep(30), { maxExecutionTime: 5 }).catch((error) => error.message));
await sleep(40);

// A domain takes its own lock again, at once; another one waits.
await new Promise((resolve) => {
  domain.create().run(async () => {
    const own = new AsyncLock({ domainReentrant: true });
    await own.acquire('k', async () => {
      await own.acquire('k', () => note('again'));
      await own.acquire(['k', 'l'], () => note('and again'));
    });
    resolve();
  });
});

// A file is watched by its own lock; two of one class, always in one order.
class Files extends AsyncLock {
  read(name) {
    return this.acquire(name, async () => name);
  }
}
const files = new Files({ Promise });
note(await Promise.all(['a.txt', 'b.txt', 'a.txt'].map((name) => files.read(name))));
note(files.isBusy() || locks.isBusy());
console.log(JSON.stringify(seen, null, 1));
