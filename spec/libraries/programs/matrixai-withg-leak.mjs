// The lock of a generator that nobody goes on with, or ends: it is never given back.
import * as locks from '@matrixai/async-locks';

const { Lock } = locks.default ?? locks;
const table = new Lock();

async function first() {
  const rows = table.withG(async function* () {
    yield 'row';
    yield 'another row';
  });
  const { value } = await rows.next();
  return value;
}

console.log(await first(), table.isLocked());
