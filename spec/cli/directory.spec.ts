import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { newRun } from '../../lib/cli/run-id.ts';
import { removeWorlds, snapshotsIn, world, write } from './support/world.ts';

afterEach(removeWorlds);

const node = process.execPath;

describe('the folder of the snapshots', () => {
  test('keeps those of the last run only', async () => {
    const at = world();
    await at.lockdep('run', node, '-e', '0');
    const first = snapshotsIn(at);
    await at.lockdep('run', node, '-e', '0');
    expect(first).toHaveLength(1);
    expect(snapshotsIn(at)).toHaveLength(1);
    expect(snapshotsIn(at)).not.toEqual(first);
  });

  test('keeps more if asked to, and the report is of this run alone', async () => {
    const at = world();
    await at.lockdep('run', '--dir', 'here', node, '-e', '0');
    await at.lockdep('run', '--dir', 'here', '--keep', node, '-e', '0');
    expect(snapshotsIn(at, 'here')).toHaveLength(2);
    expect(at.err).not.toContain('2 processes');
    expect(await at.lockdep('report', 'here')).toBe(0);
    expect(at.out).toContain('2 processes');
  });

  test('leaves runs alone that are going on, and files of others', async () => {
    const at = world();
    mkdirSync(path.join(at.folder, '.lockdep'));
    const going = `${newRun(Date.now(), process.ppid)}-1-0.json`;
    const ended = `${newRun(Date.now(), 2 ** 22 + 7)}-1-0.json.tmp`;
    for (const name of [going, ended, 'mine.json', 'baseline.txt']) {
      writeFileSync(path.join(at.folder, '.lockdep', name), 'x');
    }
    expect(await at.lockdep('run', node, '-e', '0')).toBe(0);
    const left = readdirSync(path.join(at.folder, '.lockdep'));
    expect(left).toEqual(expect.arrayContaining([going, 'mine.json', 'baseline.txt']));
    expect(left).toHaveLength(4);
  });

  test('keeps itself out of git when it is new', async () => {
    const at = world();
    await at.lockdep('run', node, '-e', '0');
    expect(readFileSync(path.join(at.folder, '.lockdep/.gitignore'), 'utf8')).toBe('*\n');
  });

  test('must be writable, or the command is not run', async () => {
    const at = world();
    writeFileSync(path.join(at.folder, '.lockdep'), 'in the way');
    expect(await at.lockdep('run', node, '-e', write('1'))).toBe(2);
    expect(at.err).toMatch(
      /^lockdep: cannot write snapshots to .*: something that is not a folder has this name; .*\n$/,
    );
    expect(await at.lockdep('run', '--dir', '.lockdep/below', node, '-e', write('1'))).toBe(2);
    expect(existsSync(path.join(at.folder, 'seen'))).toBe(false);
  });
});
