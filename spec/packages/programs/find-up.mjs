// find-up (p-limit 3, through locate-path and p-locate): many look for files at once, each with limiters of its own. A task that has
// the only slot of one waits for a task of another, and all are left behind as soon as a file is there.
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import findUp from 'find-up';

const DEPTH = 12;
const range = (count) => Array.from({ length: count }, (_, at) => at);
const root = await realpath(await mkdtemp(join(tmpdir(), 'lockdep-find-')));
const folders = [root];
for (const n of range(DEPTH)) folders.push(join(folders[n], `level-${n}`));
await mkdir(folders.at(-1), { recursive: true });
await Promise.all(folders.map((folder, n) => writeFile(join(folder, `file-${n}.txt`), `${n}\n`)));
await writeFile(join(root, 'package.json'), '{}\n');

const names = range(DEPTH).map((n) => `file-${n}.txt`);
const shown = (found) => (found === undefined ? 'nothing' : relative(root, found).split(sep).join('/') || '.');

/** From one folder up, in every way that there is. */
async function look(cwd, n) {
  const waits = [
    findUp('package.json', { cwd, concurrency: 1 }),
    findUp(names, { cwd, concurrency: 2 }),
    findUp([...names].reverse(), { cwd, concurrency: 3, preserveOrder: false }),
    findUp(['missing', 'absent', 'package.json'], { cwd, concurrency: 1 }),
    findUp(`level-${n % 3}`, { cwd, type: 'directory', concurrency: 2 }),
    findUp('missing', { cwd, concurrency: 2 }).then((found) => found ?? undefined),
    findUp(async (folder) => ((await findUp.exists(join(folder, 'package.json'))) ? folder : undefined), { cwd }),
    findUp(() => Promise.reject(new Error('refused')), { cwd }).catch((error) => join(root, error.message)),
    findUp((folder) => (folder === root ? findUp.stop : undefined), { cwd }),
  ];
  return (await Promise.all(waits)).map(shown).join(' ');
}

try {
  const found = await Promise.all(folders.map(look));
  console.log(found.join('\n'));
  console.log(found.length, 'folders');
} finally {
  await rm(root, { recursive: true });
}
