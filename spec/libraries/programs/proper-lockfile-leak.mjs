// An error on the way to the release: the file stays locked up to the end of the process.
import { rmSync, writeFileSync } from 'node:fs';
import { lock } from 'proper-lockfile';

const file = `leak-${process.pid}.json`;
writeFileSync(file, '{}');

async function update() {
  const release = await lock(file);
  JSON.parse('{');
  await release();
}

await update().catch((error) => console.log(error.name));
await lock(file).catch((error) => console.log(error.code));
rmSync(file);
