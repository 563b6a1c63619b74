// The walk of a folder with one limiter for all levels: each call waits for those below it with its slot in hand. On a tree as
// deep as there are slots it hangs, and the process ends with code 0 and no word; on a flat one it works. No line is printed
// for the deep one.
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pLimit from 'p-limit';

const limit = pLimit(4);

async function walk(folder) {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries.map((entry) => {
      const file = path.join(folder, entry.name);
      return entry.isDirectory() ? limit(() => walk(file)) : [entry.name];
    }),
  );
  return found.flat();
}

async function main() {
  const root = await mkdtemp(path.join(tmpdir(), 'walk-'));
  process.on('exit', () => console.log('end'));
  await mkdir(path.join(root, 'a/b'), { recursive: true });
  await writeFile(path.join(root, 'a/b/file'), '');
  console.log(await limit(() => walk(root)));
  const deep = path.join(root, 'a/b/c/d/e/f');
  await mkdir(deep, { recursive: true });
  await writeFile(path.join(deep, 'deep'), '');
  const files = walk(root);
  setTimeout(() => rm(root, { recursive: true }), 200);
  console.log(await files);
}

void main();
