// A function that has the lock calls another one that takes it: it waits for itself, until its time is over.
import * as locks from '@matrixai/async-locks';

const { Lock } = locks.default ?? locks;
const table = new Lock();

async function count() {
  await table.withF({ timer: 10 }, async () => console.log('never'));
}

async function insert() {
  const [release] = await table.lock()();
  try {
    await count();
  } finally {
    await release();
  }
}

await insert().catch((error) => console.log(error.constructor.name));
