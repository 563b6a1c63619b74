// All that a program can notice of a client: what a query gives, when, in which order, and what becomes of errors.
import pg from 'pg';
import { database } from './pg-server.mjs';

const { options, close } = await database();

class Own extends Promise {
  static made = 0;

  constructor(work) {
    super(work);
    Own.made++;
  }
}

let lost;
const unhandled = new Promise((resolve) => {
  process.on('unhandledRejection', (error, promise) => resolve(`${error.code} ${promise === lost}`));
});

// Somebody holds a lock all the time.
const keeper = new pg.Client(options);
await keeper.connect();
await keeper.query('select pg_advisory_lock(1)');

for (const setting of [{}, { Promise: Own }]) {
  const client = new pg.Client({ ...options, ...setting });
  const connected = client.connect();
  console.log('connect', connected.constructor.name, (await connected) === client);
  await forms(client);
  await order(client);
  await errors(client);
  console.log('ended', await client.end());
  console.log(await client.query('select 1').catch((error) => error.message));
}
console.log('instances', Own.made);
await withCallbacks();
await keeper.query('select pg_advisory_unlock(1)');
await keeper.end();
close();

async function forms(client) {
  const promise = client.query('select 1');
  console.log(promise.constructor.name, Reflect.ownKeys(promise).length, Object.isExtensible(promise));
  console.log((await promise).rows.length, (await client.query({ text: 'select 1', values: [] })).rows.length);
  const called = await new Promise((resolve) => {
    const given = client.query('select 1', function done(...args) {
      resolve([given, this?.constructor.name, args.length, args[0], args[1].rows.length]);
    });
  });
  console.log('callback', called);
  const inConfig = await new Promise((resolve) => {
    console.log('config', client.query({ text: 'select 1', callback: (...args) => resolve(args.length) }));
  });
  console.log(inConfig);
  const own = new pg.Query('select 1');
  const over = new Promise((resolve) => own.on('end', resolve));
  console.log('own', client.query(own) === own, (await over).rows.length);
  for (const text of ['select 1', 'select pg_try_advisory_lock(2)', 'select pg_advisory_unlock(2)']) {
    console.log('turns', await turns(client, text));
  }
}

/** How many turns of the queue of microtasks lie between the answer and whoever waits for it. */
async function turns(client, text) {
  let isOver = false;
  let count = 0;
  const counted = new Promise((resolve) => {
    client.connection.once('readyForQuery', async () => {
      for (; !isOver && count < 100; count++) {
        await null;
      }
      resolve(count);
    });
  });
  await client.query(text);
  isOver = true;
  return await counted;
}

async function order(client) {
  const log = [];
  await Promise.all([
    client.query('select 1').then(() => log.push('first')),
    new Promise((resolve) => client.query('select 1', () => resolve(log.push('second')))),
    client.query('fail').catch((error) => log.push(error.code)),
    new Promise((resolve) => client.query('fail', (error) => resolve(log.push(error.code)))),
    client.query('select 1').finally(() => log.push('last')),
  ]);
  console.log('order', log.join());
}

async function errors(client) {
  for (const args of [[], [null], ['select 1', [], 'no function']]) {
    try {
      await client.query(...args);
    } catch (error) {
      console.log(error.constructor.name, error.message);
    }
  }
  const error = await client.query('fail').catch((one) => one);
  console.log(error.constructor.name, error.code, error.stack.includes('pg-client-behaviour.mjs'));
  if (lost === undefined) {
    lost = client.query('fail');
    console.log('unhandled', await unhandled);
  }
}

async function withCallbacks() {
  const client = new pg.Client(options);
  await new Promise((resolve) =>
    console.log(
      'connect',
      client.connect((...args) => resolve(console.log(args.length, args[0]))),
    ),
  );
  const log = [];
  process.once('uncaughtException', (error) => log.push(error.message));
  await new Promise((resolve) => {
    client.query('select 1', () => {
      setImmediate(resolve);
      throw new Error('thrown by the callback');
    });
  });
  console.log(log.join());
  console.log('end', await new Promise((resolve) => client.end((...args) => resolve(args.length))));
}
