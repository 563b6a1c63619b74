// One call of the box takes its keys in their order; two calls, one inside the other, in the order of the program.
import * as locks from '@matrixai/async-locks';

const { Lock, LockBox } = locks.default ?? locks;
const files = new LockBox();

async function move() {
  await files.withF(['index', Lock], ['journal', Lock], async () => console.log('moved'));
}

async function check() {
  const [releaseJournal] = await files.lock(['journal', Lock])();
  const [releaseIndex] = await files.lock(['index', Lock])();
  await releaseIndex();
  await releaseJournal();
}

await move();
await check();
