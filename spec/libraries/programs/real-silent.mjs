// nodejs/node#22088, #43562: a promise that nobody will settle keeps no process alive. It ends with code 0, and says nothing.
import { Mutex } from 'async-mutex';

const store = new Mutex();

async function save() {
  const release = await store.acquire();
  try {
    await backUp();
  } finally {
    release();
  }
}

async function backUp() {
  const release = await store.acquire();
  console.log('never');
  release();
}

async function main() {
  console.log('saving');
  await save();
}

void main();
