// Locks of files in the project, in a temporary folder and by a link, with retries, without, by the functions that do not wait, and with
// errors; given back by the function and by name.
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import lockfile, { check, checkSync, lock, lockSync, unlock, unlockSync } from 'proper-lockfile';

const folder = mkdtempSync(path.join(tmpdir(), 'clean-'));
const file = path.join(folder, 'state.json');
const link = path.join(folder, 'link.json');
writeFileSync(file, '{}');
symlinkSync(file, link);
const retries = { retries: 20, minTimeout: 5, maxTimeout: 20 };

console.log(lockfile === lockfile.lock, lock.name, lock.length, unlock.length, Object.keys(lockfile));

async function append(name) {
  const release = await lock(file, { retries });
  try {
    return [name, await check(file), checkSync(link)];
  } finally {
    await release();
  }
}

console.log(await Promise.all([append('first'), append('second'), append('third')]));
await lockfile(file);
await lock(link).catch((error) => console.log(error.code));
await unlock(link);
await lock(path.join(folder, 'missing')).catch((error) => console.log(error.code));

const release = lockSync(file, { onCompromised: () => {} });
try {
  lockSync(file);
} catch (error) {
  console.log(error.code);
}
console.log(release());
lockSync(link);
unlockSync(file);
const again = await lock(file);
console.log(await again());
console.log(await check(file));

// Nobody handles it, watched or not.
const unhandled = new Promise((resolve) => process.once('unhandledRejection', resolve));
void lock(path.join(folder, 'missing'));
console.log((await unhandled).code);
rmSync(folder, { recursive: true });
