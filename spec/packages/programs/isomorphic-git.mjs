// isomorphic-git (async-lock): repositories that many work on at once. What it prints is the same in every run: object ids, whose
// hand the clock is kept out of, and states.

import fs from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import git from 'isomorphic-git';

const REPOSITORIES = 4;
const FILES = 25;
const author = { name: 'Ada', email: 'ada@example.org', timestamp: 1_700_000_000, timezoneOffset: 0 };
const range = (count) => Array.from({ length: count }, (_, at) => at);
const root = await mkdtemp(join(tmpdir(), 'lockdep-git-'));

/** Works in one repository, with everything at once that the library allows at once. */
async function work(number) {
  const dir = join(root, `repository-${number}`);
  const at = { fs, dir };
  const said = [];
  const say = (...what) => said.push(what.join(' '));
  const files = range(FILES).map((file) => `folder-${file % 5}/file-${file}.txt`);

  await git.init({ ...at, defaultBranch: 'main' });
  for (const folder of range(5)) await mkdir(join(dir, `folder-${folder}`), { recursive: true });
  await Promise.all(files.map((file) => writeFile(join(dir, file), `${file} of ${number}\n`)));

  // The index of one repository, by many at once, with and without a cache of its own.
  const cache = {};
  await Promise.all(files.map((filepath, n) => git.add({ ...at, filepath, ...(n % 2 === 0 ? { cache } : {}) })));
  const states = await Promise.all(files.map((filepath) => git.status({ ...at, filepath })));
  say('added', new Set(states).size, states[0]);
  say('first', await git.commit({ ...at, author, message: 'first' }));

  // Branches: names that all repositories share, made, listed and read at once.
  await Promise.all(range(10).map((n) => git.branch({ ...at, ref: `topic-${n}` })));
  const [branches, ...resolved] = await Promise.all([
    git.listBranches(at),
    ...range(10).map((n) => git.resolveRef({ ...at, ref: `topic-${n}` })),
  ]);
  say('branches', branches.length, new Set(resolved).size);
  await Promise.all(range(5).map((n) => git.deleteBranch({ ...at, ref: `topic-${n + 5}` })));
  const errors = await Promise.all([
    git.add({ ...at, filepath: 'missing.txt' }).catch((error) => error.code),
    git.resolveRef({ ...at, ref: 'missing' }).catch((error) => error.code),
    git.branch({ ...at, ref: 'topic-1' }).catch((error) => error.code),
    git.deleteBranch({ ...at, ref: 'missing' }).catch((error) => error.code),
  ]);
  say('errors', ...errors);

  // Two branches that grow apart, and are merged.
  await git.checkout({ ...at, ref: 'topic-0' });
  await Promise.all(
    files.slice(0, 10).map(async (filepath) => {
      await writeFile(join(dir, filepath), `${filepath} of ${number}, changed on a topic\n`);
      await git.add({ ...at, filepath });
    }),
  );
  say('topic', await git.commit({ ...at, author, message: 'topic' }));
  await git.checkout({ ...at, ref: 'main' });
  await Promise.all([
    ...files.slice(20).map((filepath) => git.remove({ ...at, filepath })),
    ...files.slice(15, 20).map((filepath) => git.updateIndex({ ...at, filepath })),
    git.statusMatrix(at),
    git.listFiles(at),
  ]);
  say('main', await git.commit({ ...at, author, message: 'main' }));
  const merged = await git.merge({ ...at, ours: 'main', theirs: 'topic-0', author });
  say('merged', merged.oid);
  await git.checkout({ ...at, ref: 'main', force: true });

  // A conflict, and the way out of it.
  for (const ref of ['topic-1', 'topic-2']) {
    await git.checkout({ ...at, ref, force: true });
    await writeFile(join(dir, files[0]), `${ref}\n`);
    await git.add({ ...at, filepath: files[0] });
    await git.commit({ ...at, author, message: ref });
  }
  const conflict = await git
    .merge({ ...at, ours: 'topic-2', theirs: 'topic-1', author, abortOnConflict: false })
    .catch((error) => error.code);
  say('conflict', conflict, await git.status({ ...at, filepath: files[0] }));
  await git.abortMerge(at);
  say('aborted', await git.status({ ...at, filepath: files[0] }));

  // Work that is put aside, tags, notes.
  await git.checkout({ ...at, ref: 'main', force: true });
  for (const n of range(3)) {
    await writeFile(join(dir, files[1]), `put aside ${n}\n`);
    await git.add({ ...at, filepath: files[1] });
    await git.setConfig({ ...at, path: 'user.name', value: author.name });
    await git.setConfig({ ...at, path: 'user.email', value: author.email });
    await git.stash(at);
  }
  await git.stash({ ...at, op: 'apply', refIdx: 0 });
  await git.checkout({ ...at, ref: 'main', force: true });
  await git.stash({ ...at, op: 'drop', refIdx: 1 });
  say('stashes', (await git.stash({ ...at, op: 'list' })).length);
  await git.stash({ ...at, op: 'clear' });
  await Promise.all(range(8).map((n) => git.tag({ ...at, ref: `v${n}` })));
  const [tags, history, matrix] = await Promise.all([
    git.listTags(at),
    git.log({ ...at, ref: 'main' }),
    git.statusMatrix(at),
  ]);
  say('tags', tags.length);
  say('history', history.map(({ commit }) => commit.message.split('\n')[0]).join(', '));
  say(
    'clean',
    matrix.every(([, head, workdir, stage]) => head === workdir && workdir === stage),
    matrix.length,
  );
  return said;
}

try {
  const results = await Promise.all(range(REPOSITORIES).map(work));
  for (const [number, said] of results.entries()) console.log(`repository ${number}\n  ${said.join('\n  ')}`);
} finally {
  await rm(root, { recursive: true });
}
