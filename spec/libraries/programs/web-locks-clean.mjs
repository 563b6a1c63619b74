// Everything that Web Locks offer, used well: both modes, contention, nesting one way round, tries, signals before and during the wait,
// `steal`, results that are no promises, errors, wrong calls, and the shape of the manager.
import { locks } from 'node:worker_threads';

const { request } = locks;
const prototype = Object.getPrototypeOf(locks);
const { writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(prototype, 'request');
console.log(locks === navigator.locks, request.name, request.length, writable, enumerable, configurable);
const turn = () => new Promise((resolve) => setImmediate(resolve));
const order = [];

console.log(
  await Promise.all(
    ['first', 'second', 'third'].map((name) =>
      locks.request('db', async (lock) => {
        order.push(name);
        await turn();
        return `${name} ${lock.name} ${lock.mode} ${lock.constructor.name}`;
      }),
    ),
  ),
  order,
);
console.log(
  await Promise.all(
    [1, 2].map((value) => locks.request('config', { mode: 'shared' }, async () => turn().then(() => value))),
  ),
);
await locks.request('db', async () => {
  await locks.request('config', async () => turn());
  console.log(await locks.request('db', { ifAvailable: true }, (lock) => lock));
  // Two orders, but one of them never waits.
  await locks.request('log', async () => turn());
});
await locks.request('log', async () => {
  console.log(await locks.request('db', { ifAvailable: true }, async (lock) => lock.name));
});

const gone = new AbortController();
const holder = locks.request('db', async () => turn());
const waiting = locks.request('db', { signal: gone.signal }, () => 'never');
const next = locks.request('db', async () => locks.request('log', () => 'next'));
gone.abort();
await waiting.catch((error) => console.log(error.name, error instanceof DOMException));
console.log(await holder, await next);
await locks.request('db', { signal: gone.signal }, () => 'never').catch((error) => console.log(error.name));

let stop;
const stolen = locks.request('leader', () => new Promise((resolve) => (stop = resolve)));
await turn();
console.log(await locks.request('leader', { steal: true }, async () => 'new leader'));
await stolen.catch((error) => console.log(error.name));
stop();

console.log(await locks.request('db', () => 5));
await locks
  .request('db', () => {
    throw new Error('inside');
  })
  .catch((error) => console.log(error.message));
await locks.request('-db', () => {}).catch((error) => console.log(error.name));
await locks.request('db').catch((error) => console.log(error.code));
await locks.request('db', { mode: 'odd' }, () => {}).catch((error) => console.log(error.code));
await locks.request(Symbol('db'), () => {}).catch((error) => console.log(error.constructor.name));
console.log((await locks.query()).pending);
