// One flow reads, and asks to write before it has given the reading back: it waits for itself, until its time is over.
import * as locks from '@matrixai/async-locks';

const { RWLockReader } = locks.default ?? locks;
const table = new RWLockReader();

async function touch() {
  await table.withReadF(async () => {
    console.log('reading');
    await table.withWriteF({ timer: 10 }, async () => console.log('never'));
  });
}

await touch().catch((error) => console.log(error.constructor.name));
