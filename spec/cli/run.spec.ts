import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { newRun } from '../../lib/cli/run-id.ts';
import { lock } from '../report/support/build.ts';
import { bankCycle, recursion } from '../report/support/violations.ts';
import { asProcess, removeWorlds, seenBy, snapshotsIn, world, write } from './support/world.ts';

afterEach(removeWorlds);

const node = process.execPath;
const broken = JSON.stringify({ violations: [bankCycle()] });
const warned = JSON.stringify({ violations: [recursion(false, { severity: 'warning' })], classes: [] });

describe('the exit code of run', () => {
  test.each<[string, string, NodeJS.ProcessEnv, number]>([
    ['a clean run', '', {}, 0],
    ['warnings alone', '', { STUB_SNAPSHOT: warned }, 0],
    ['errors', '', { STUB_SNAPSHOT: broken }, 1],
    ['nothing watched', '', { STUB_SNAPSHOT: '{"adapters":[],"classes":[]}' }, 2],
    ['a library of locks, and no lock', '', { STUB_SNAPSHOT: '{"classes":[]}' }, 2],
    ['no snapshot', '', { STUB_WRITES: 'none' }, 2],
    ['a snapshot cut off', '', { STUB_WRITES: 'broken' }, 2],
    ['a process that could not write', '', { STUB_WRITES: 'failed' }, 2],
    ['a checker that gave up', '', { STUB_SNAPSHOT: '{"failure":"TypeError"}' }, 2],
    ['a command that fails by itself', 'process.exit(3)', {}, 3],
    ['a command that fails, with errors', 'process.exit(3)', { STUB_SNAPSHOT: broken }, 3],
    ['a command that throws', 'throw 1', {}, 1],
    ['a command that is killed', 'process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000)', {}, 143],
  ])('%s', async (_, code, env, expected) => {
    expect(await world(env).lockdep('run', node, '-e', code)).toBe(expected);
  });
});

describe('the report of run', () => {
  test('goes to standard error and leaves standard output alone', async () => {
    const at = world({ STUB_SNAPSHOT: broken });
    await at.lockdep('run', node, '-e', '0');
    expect(at.out).toBe('');
    expect(at.err).toContain('✗ order-cycle   orders → ledger → orders');
    expect(at.err).toContain('· 1 process\n');
  });

  test('unites all processes and workers that the command starts', async () => {
    const at = world();
    const child = `require('child_process').execFileSync(process.execPath, ['-e', '0'])`;
    const worker = `new (require('worker_threads').Worker)('0', { eval: true })`;
    expect(await at.lockdep('run', node, '-e', `${child}; ${worker}`)).toBe(0);
    expect(at.err).toContain('2 processes, 1 worker');
  });

  test('says by which signal the command ended, and that its end was not seen', async () => {
    const at = world();
    await at.lockdep('run', node, '-e', 'process.kill(process.pid, "SIGKILL")');
    expect(at.err).toContain('lockdep: the command was ended by SIGKILL\n');
    expect(at.err.replaceAll(/\s+/g, ' ')).toMatch(/note Process \d+ .* was killed or terminated/);
  });

  test.each(['text', 'json', 'compact'])('can be written to a file as %s', async (format) => {
    const at = world({ STUB_SNAPSHOT: broken });
    expect(await at.lockdep('run', '--format', format, '--output', 'report', node, '-e', '0')).toBe(1);
    expect(readFileSync(path.join(at.folder, 'report'), 'utf8')).toContain('order-cycle');
    expect(at.err).toContain(`lockdep: 1 error, 0 warnings; see ${path.join(at.folder, 'report')}\n`);
  });

  test('is not begun where its file cannot be written', async () => {
    const at = world();
    expect(await at.lockdep('run', '--output', 'no/such/folder', node, '-e', write('1'))).toBe(2);
    expect(at.err).toMatch(/^lockdep: cannot write the report to .*: not found; choose another file with --output\n$/);
    expect(existsSync(path.join(at.folder, 'seen'))).toBe(false);
  });

  test('says that LOCKDEP=off is set', async () => {
    const at = world({ LOCKDEP: 'off', STUB_WRITES: 'none' });
    await at.lockdep('run', node, '-e', '0');
    expect(at.err).toContain('LOCKDEP=off is set');
  });
});

describe('the command under run', () => {
  test('gets its arguments as they are', async () => {
    const args = ['a b', '"', "'", '$HOME', '*', '', '--flag', '--', '-d', '--help'];
    const seen = await seenBy(world(), [node, '-e', write('JSON.stringify(process.argv.slice(1))'), '--', ...args]);
    expect(JSON.parse(seen)).toEqual(args);
  });

  test.each([[['--']], [[]]])('may follow %j', async (dashes) => {
    const at = world();
    writeFileSync(path.join(at.folder, 'app.js'), write('process.argv.slice(2)'));
    expect(await seenBy(at, [...dashes, node, 'app.js', '--output', 'x'])).toBe('--output,x');
    expect(existsSync(path.join(at.folder, 'x'))).toBe(false);
  });

  test('keeps its NODE_OPTIONS and gets the preload once', async () => {
    const at = world({ NODE_OPTIONS: '--stack-trace-limit=7' });
    expect(await seenBy(at, [node, '-e', write('[Error.stackTraceLimit, globalThis.stubLoads]')])).toBe('7,1');
  });

  test('is told the folder, the run and the root of the project', async () => {
    const at = world();
    const { LOCKDEP_DIR, LOCKDEP_RUN, LOCKDEP_ROOT } = JSON.parse(
      await seenBy(at, [node, '-e', write('JSON.stringify(process.env)')]),
    );
    expect([LOCKDEP_DIR, LOCKDEP_ROOT]).toEqual([path.join(at.folder, '.lockdep'), at.folder]);
    expect(LOCKDEP_RUN).toMatch(/^[a-z0-9]+$/);
  });

  test('is told the nearest folder with a package.json as the root', async () => {
    const { folder } = world();
    const cwd = path.join(folder, 'deep/er');
    writeFileSync(path.join(folder, 'package.json'), '{}');
    mkdirSync(cwd, { recursive: true });
    await world({}, { cwd }).lockdep('run', node, '-e', write('process.env.LOCKDEP_ROOT'));
    expect(readFileSync(path.join(cwd, 'seen'), 'utf8')).toBe(folder);
  });

  test.each<NodeJS.Signals>(['SIGTERM', 'SIGINT', 'SIGHUP'])('gets a %s and is waited for', async (signal) => {
    const code = `process.on('${signal}', () => process.exit(9)); setTimeout(() => {}, 30000); console.log('up')`;
    const ended = await asProcess(world(), ['run', node, '-e', code], (lockdep) => lockdep.kill(signal));
    expect(ended).toMatchObject({ code: 9, out: 'up\n', err: expect.stringContaining('✓ no violations') });
  });

  test('that a signal ends is reported on, too', async () => {
    const at = world({ STUB_SNAPSHOT: broken });
    const code = `setTimeout(() => {}, 30000); console.log('up')`;
    const ended = await asProcess(at, ['run', node, '-e', code], (lockdep) => lockdep.kill('SIGTERM'));
    expect(ended.code).toBe(143);
    expect(ended.err).toMatch(/^lockdep: the command was ended by SIGTERM\n✗ order-cycle/);
  });

  test('that cannot be started is one line', async () => {
    const at = world();
    expect(await at.lockdep('run', 'no-such-command', 'x')).toBe(2);
    expect(at.err).toMatch(/^lockdep: cannot start 'no-such-command': not found; .*\n$/);
    writeFileSync(path.join(at.folder, 'script'), 'echo', { mode: 0o644 });
    expect(await at.lockdep('run', './script')).toBe(2);
    expect(at.err).toMatch(/lockdep: cannot start '.\/script': it is not executable; .*\n$/);
    expect(await at.lockdep('run', '')).toBe(2);
  });
});

describe('a run inside a run', () => {
  test('leaves the report to the outer one', async () => {
    const outer = { LOCKDEP_RUN: newRun(Date.now(), process.ppid), LOCKDEP_DIR: '/outer' };
    const at = world({ ...outer, STUB_SNAPSHOT: broken });
    expect(await at.lockdep('run', node, '-e', `${write('process.env.LOCKDEP_DIR')}; process.exitCode = 4`)).toBe(4);
    expect(at.err).toBe('lockdep: inside another lockdep run, which will report on this command, too\n');
    expect(readFileSync(path.join(at.folder, 'seen'), 'utf8')).toBe('/outer');
  });

  test('is a run of its own where the outer one has ended', async () => {
    const at = world({ LOCKDEP_RUN: newRun(Date.now(), 2 ** 22 + 7), LOCKDEP_DIR: '/outer' });
    expect(await at.lockdep('run', node, '-e', '0')).toBe(0);
    expect(snapshotsIn(at)).toHaveLength(1);
  });
});

test('a package without its preload says so', async () => {
  const at = world({}, { preload: '/nowhere.js' });
  expect(await at.lockdep('run', node, '-e', '0')).toBe(2);
  expect(at.err).toBe('lockdep: its own file /nowhere.js is missing; install lockdep again\n');
});

test('lock classes of the snapshots are counted', async () => {
  const at = world({
    STUB_SNAPSHOT: JSON.stringify({ classes: [{ ...lock('a'), instances: 1, acquisitions: 1 }] }),
  });
  await at.lockdep('run', node, '-e', '0');
  expect(at.err).toContain('✓ no violations · 1 class, 0 dependencies');
});
