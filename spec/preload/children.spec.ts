import childProcess, { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { carries, requireOption, watchChildren, withEnvironment, withSwitches } from '../../lib/preload/children.ts';

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

it('what an environment inherits counts', () => {
  const env = Object.assign(Object.create({ PATH: '/bin' }), { OWN: '1' }) as Record<string, string>;
  expect(withSwitches(env, switches)).toMatchObject({ PATH: '/bin', OWN: '1' });
});

it('options that are inherited, or getters, stay', () => {
  const options = Object.defineProperty(Object.create({ cwd: '/' }) as object, 'shell', { get: () => true });
  const copy = withEnvironment(options, { A: '1' }) as { cwd: string; shell: boolean; env: object };
  expect([copy.cwd, copy.shell, copy.env, 'env' in options]).toEqual(['/', true, { A: '1' }, false]);
});

it.each([
  ['nothing', {}, false],
  ['the preload alone', { NODE_OPTIONS: requireOption(switches.preload) }, false],
  ['all', withSwitches({}, switches), true],
])('an environment with %s carries the checker: %j → %s', (_, env, expected) => {
  expect(carries(env, switches)).toBe(expected);
});

describe('a child that is started and waited for', () => {
  const NAMES = ['spawnSync', 'execFileSync', 'execSync'] as const;
  const originals = NAMES.map((name) => childProcess[name]);
  const { spawn } = childProcess.ChildProcess.prototype as unknown as { spawn: unknown };
  const { NODE_OPTIONS } = process.env;
  const dir = mkdtempSync(path.join(tmpdir(), 'lockdep-children-'));
  const preload = path.join(dir, 'preload.cjs');
  const script = 'console.log(globalThis.preloaded, process.env.A, process.env.SWITCH)';

  beforeAll(() => {
    writeFileSync(preload, 'globalThis.preloaded = true');
    delete process.env['NODE_OPTIONS'];
    process.env['A'] = 'a';
    watchChildren({ preload, variables: { SWITCH: 's' } });
  });
  afterAll(() => {
    Object.assign(childProcess, Object.fromEntries(NAMES.map((name, at) => [name, originals[at]])));
    Object.assign(childProcess.ChildProcess.prototype, { spawn });
    syncBuiltinESMExports();
    delete process.env['A'];
    if (NODE_OPTIONS !== undefined) {
      process.env['NODE_OPTIONS'] = NODE_OPTIONS;
    }
    rmSync(dir, { recursive: true, force: true });
  });

  const inherited = (): NodeJS.ProcessEnv => Object.create({ A: 'a' }) as NodeJS.ProcessEnv;
  const node = process.execPath;
  it.each<[string, () => Buffer]>([
    ['spawnSync without options', () => childProcess.spawnSync(node, ['-e', script]).stdout],
    ['spawnSync with an environment', () => childProcess.spawnSync(node, ['-e', script], { env: inherited() }).stdout],
    ['spawnSync with an empty one', () => childProcess.spawnSync(node, ['-e', script], { env: undefined }).stdout],
    ['spawnSync without arguments', () => childProcess.spawnSync(node, { input: script }).stdout],
    ['execFileSync without options', () => childProcess.execFileSync(node, ['-e', script])],
    ['execFileSync without arguments', () => childProcess.execFileSync(node, { input: script })],
    ['execSync without options', () => childProcess.execSync(`"${node}" -e "${script}"`)],
    ['execSync with options', () => childProcess.execSync(`"${node}" -e "${script}"`, { env: inherited() })],
  ])('%s is watched', (_, start) => {
    expect(start().toString()).toBe('true a s\n');
  });

  it('the functions look the same', () => {
    const shape = (one: object): unknown[] => [...Object.entries(Object.getOwnPropertyDescriptors(one))];
    const plain = (one: object): string => JSON.stringify(shape(one));
    expect(NAMES.map((name) => plain(childProcess[name]))).toEqual(originals.map(plain));
    expect(NAMES.map((name) => childProcess[name] === originals[NAMES.indexOf(name)])).toEqual([false, false, false]);
  });

  it('Node refuses what it refuses', () => {
    expect(() => childProcess.spawnSync(node, [], null as never)).toThrow(/"options" argument/);
    expect(() => childProcess.spawnSync(node, 'x' as never)).toThrow(/"args" argument/);
  });
});
