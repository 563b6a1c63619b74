// Two queues with one slot each, and a mutex: every pair is taken in both orders, one after the other.
import { Mutex } from 'async-mutex';
import PQueue from 'p-queue';

const disk = new PQueue({ concurrency: 1 });
const network = new PQueue({ concurrency: 1 });
const index = new Mutex();

async function download() {
  return network.add(async () => {
    await disk.add(async () => 'written');
    return 'downloaded';
  });
}

async function upload() {
  return disk.add(async () => {
    await network.add(async () => 'sent');
    return 'uploaded';
  });
}

async function rebuild() {
  return index.runExclusive(() => disk.add(async () => 'rebuilt'));
}

async function append() {
  return disk.add(async () => {
    const release = await index.acquire();
    release();
    return 'appended';
  });
}

console.log(await download(), await upload(), await rebuild(), await append());
