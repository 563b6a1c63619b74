import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { addPreload, checkedEnvironment } from '../../lib/cli/environment.ts';
import { removeWorlds, world } from './support/world.ts';

afterEach(removeWorlds);

describe('NODE_OPTIONS', () => {
  test('gains the preload in front of what was there', () => {
    expect(addPreload(undefined, '/p.js')).toBe('--require "/p.js"');
    expect(addPreload(' ', '/p.js')).toBe('--require "/p.js"');
    expect(addPreload('--no-warnings', '/p.js')).toBe('--require "/p.js" --no-warnings');
  });

  test('gains it once', () => {
    const once = addPreload('--no-warnings', '/a b/p.js');
    expect(addPreload(once, '/a b/p.js')).toBe(once);
  });

  test.each(['plain', 'with blank', 'with"quote', 'with\\backslash', "with'tick", 'a\\"b c\\\\'])(
    'is understood by Node for a folder named %s',
    (name) => {
      const folder = path.join(world().folder, name);
      mkdirSync(folder);
      const preload = path.join(folder, 'preload.js');
      writeFileSync(preload, 'globalThis.preloaded = true;');
      const env = { ...process.env, NODE_OPTIONS: addPreload('--no-warnings', preload) };
      expect(execFileSync(process.execPath, ['-p', 'globalThis.preloaded'], { env, encoding: 'utf8' })).toBe('true\n');
    },
  );
});

describe('the environment of the command', () => {
  const settings = { preload: '/p.js', directory: '/d', run: 'r', root: '/' };

  test('keeps what was there and names the folder, the run and the root', () => {
    expect(checkedEnvironment({ A: 'a', PATH: '/bin' }, settings)).toEqual({
      A: 'a',
      PATH: '/bin',
      NODE_OPTIONS: '--require "/p.js"',
      LOCKDEP_DIR: '/d',
      LOCKDEP_RUN: 'r',
      LOCKDEP_ROOT: '/',
    });
  });

  test('puts the shim first in PATH, if there is a PATH', () => {
    const shim = '/tmp/shim';
    expect(checkedEnvironment({ PATH: '/bin' }, { ...settings, shim })['PATH']).toBe('/tmp/shim:/bin');
    expect(checkedEnvironment({}, { ...settings, shim })).not.toHaveProperty('PATH');
  });
});
