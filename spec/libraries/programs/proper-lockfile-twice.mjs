// Released in the error path and at the end: the second release is one of nothing.
import { rmSync, writeFileSync } from 'node:fs';
import { lock, unlock } from 'proper-lockfile';

const file = `twice-${process.pid}.json`;
writeFileSync(file, '{}');

async function update() {
  const release = await lock(file);
  await release();
  await release().catch((error) => console.log(error.code));
}

async function forget() {
  await unlock(file).catch((error) => console.log(error.code));
}

await update();
await forget();
rmSync(file);
