import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { requireOption, withSwitches } from '../../lib/preload/children.ts';

const switches = { preload: '/opt/lock dep/register.js', variables: { LOCKDEP_RUN: 'r', LOCKDEP_DIR: '/tmp/x' } };

it('adds the preload and its variables, and keeps what the environment says', () => {
  const env = withSwitches({ PATH: '/bin', LOCKDEP_DIR: '/own', NODE_OPTIONS: '--no-warnings' }, switches);
  expect(env).toEqual({
    PATH: '/bin',
    LOCKDEP_RUN: 'r',
    LOCKDEP_DIR: '/own',
    NODE_OPTIONS: '--require "/opt/lock dep/register.js" --no-warnings',
  });
});

it('adds the preload once', () => {
  const once = withSwitches({}, switches);
  expect(withSwitches(once, switches)).toEqual(once);
});

it.each(['plain', 'with blanks', 'with "quotes"', 'with \\ backslash'])(
  'node reads the path of a folder %s',
  (name) => {
    const dir = mkdtempSync(path.join(tmpdir(), 'lockdep-children-'));
    try {
      const file = path.join(dir, name, 'preload.cjs');
      mkdirSync(path.dirname(file));
      writeFileSync(file, 'console.log("preloaded")');
      const { stdout } = spawnSync(process.execPath, ['-e', ''], {
        env: { NODE_OPTIONS: requireOption(file) },
        encoding: 'utf8',
      });
      expect(stdout).toBe('preloaded\n');
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  },
);
