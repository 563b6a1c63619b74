// A holder of one unit waits for another one: three callers at once would wait for each other.
import sema from 'async-sema';

const slots = new sema.Sema(3);

async function read(name) {
  await slots.acquire();
  try {
    return name;
  } finally {
    slots.release();
  }
}

async function list() {
  await slots.acquire();
  try {
    return await read('file');
  } finally {
    slots.release();
  }
}

console.log(await list());
