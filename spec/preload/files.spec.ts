import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLockdep } from '../../lib/lockdep.ts';
import { SnapshotFile } from '../../lib/preload/files.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'lockdep-files-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const snapshot = createLockdep().snapshot();
const options = { run: 'r', pid: 7, thread: 0 };

it('makes the folder, writes over its own file, and leaves nothing temporary', () => {
  const own = path.join(dir, 'deep/er');
  const file = new SnapshotFile({ ...options, dir: own });
  file.write(snapshot);
  file.write({ ...snapshot, limits: ['second'] });
  expect(readdirSync(own)).toEqual(['r-7-0.json']);
  expect(JSON.parse(readFileSync(path.join(own, 'r-7-0.json'), 'utf8'))).toMatchObject({ limits: ['second'] });
});

it('never touches the file of an earlier process with the same id', () => {
  const own = path.join(dir, 'again');
  new SnapshotFile({ ...options, dir: own }).write(snapshot);
  new SnapshotFile({ ...options, dir: own }).write({ ...snapshot, limits: ['other'] });
  expect(readdirSync(own).sort()).toEqual(['r-7-0-1.json', 'r-7-0.json']);
  expect(JSON.parse(readFileSync(path.join(own, 'r-7-0.json'), 'utf8'))).toMatchObject({ limits: [] });
});

it('says once that it cannot write, and does not throw', () => {
  const blocked = path.join(dir, 'a file');
  writeFileSync(blocked, '');
  const error = jest.spyOn(console, 'error').mockImplementation(() => {});
  try {
    const file = new SnapshotFile({ ...options, dir: blocked });
    file.write(snapshot);
    file.write(snapshot);
    expect(error).toHaveBeenCalledTimes(1);
    expect(String(error.mock.calls[0]?.[0])).toContain('cannot write the snapshot');
    expect(existsSync(path.join(blocked, 'r-7-0.json'))).toBe(false);
  } finally {
    error.mockRestore();
  }
});
