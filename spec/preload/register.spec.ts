// A program that watches itself by `lockdep/register`, without the command.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { nodeVersions } from '../support/nodes.ts';
import { type ProcessResult, ROOT, run } from '../support/run.ts';

const PROGRAMS = path.join(__dirname, 'programs');
const REGISTER = path.join(ROOT, 'dist/cjs/preload/register.js');

describe.each(nodeVersions())('lockdep/register on Node $version', ({ path: node }) => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'lockdep-register-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const registered = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<ProcessResult> =>
    run(['--import', REGISTER, ...args], { node, cwd: PROGRAMS, env: { LOCKDEP_DIR: dir, ...env } });

  it('prints the report at the end, and fails', async () => {
    const { code, stdout, stderr } = await registered(['published-cycle.cjs']);
    expect(stdout).toBe('audited\n');
    expect(stderr).toMatch(/^✗ order-cycle +ledger → orders → ledger/);
    expect(stderr).toMatch(/✗ 1 error, 0 warnings/);
    expect(code).toBe(1);
  });

  it('is silent about nothing but what was checked where all is well', async () => {
    const { code, stderr } = await registered(['published-clean.cjs']);
    expect(stderr).toMatch(/^✓ no violations .*\n {2}watched {2}node:diagnostics_channel \S+ · 2 locks, 3 owners\n$/);
    expect(code).toBe(0);
  });

  it('takes the checker along into children, and reports on all', async () => {
    const { code, stdout, stderr } = await registered(['parent.cjs']);
    expect(stdout).toBe('child ended with 0\n');
    expect(stderr).toMatch(/order-cycle/);
    expect(stderr).toMatch(/2 processes/);
    expect(code).toBe(1);
  });

  it("keeps the program's own exit code where it failed by itself", async () => {
    const { code, stderr } = await registered(['parent.cjs'], { CODE: '7' });
    expect(stderr).toMatch(/order-cycle/);
    expect(code).toBe(7);
  });

  it('says that nothing was watched, and that this is not clean', async () => {
    const { code, stderr } = await registered(['--eval', '0']);
    expect(stderr).toMatch(/\? could not check/);
    expect(code).toBe(2);
  });

  it('does nothing where the checker is off', async () => {
    const { code, stdout, stderr } = await registered(['published-cycle.cjs'], { LOCKDEP: 'off' });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'audited\n', stderr: '' });
    expect(readdirSync(dir)).toEqual([]);
  });

  it('names a library that was loaded before it', async () => {
    const late = `require('async-mutex'); require(${JSON.stringify(REGISTER)});`;
    const { code, stderr } = await run(['--eval', late], { node, cwd: ROOT, env: { LOCKDEP_DIR: dir } });
    expect(stderr).toMatch(/no lock was watched: async-mutex 0\.5\.0 was loaded before lockdep/);
    expect(code).toBe(2);
  });

  it('says so where the package itself was loaded before it', async () => {
    const late = `require(${JSON.stringify(ROOT)}); require(${JSON.stringify(REGISTER)});`;
    const { code, stderr } = await run(['--eval', late], { node, cwd: ROOT, env: { LOCKDEP_DIR: dir } });
    expect(stderr).toBe('lockdep: nothing is watched: import lockdep/register before lockdep itself.\n');
    expect(code).toBe(0);
  });

  it('names a library of locks that has no adapter', async () => {
    const project = mkdtempSync(path.join(tmpdir(), 'lockdep-unwatched-'));
    const file = madePackage(project, 'mutexify');
    const { code, stderr } = await run(['--import', REGISTER, file], { node, cwd: project, env: { LOCKDEP_DIR: dir } });
    rmSync(project, { recursive: true, force: true });
    expect(stderr).toMatch(/no lock was watched: lockdep has no adapter for mutexify 9\.9\.9/);
    expect(stderr).toMatch(/limit +not watched: mutexify 9\.9\.9 \(no adapter\)/);
    expect(code).toBe(2);
  });

  it('names a library of a version that it does not know', async () => {
    const project = mkdtempSync(path.join(tmpdir(), 'lockdep-unknown-'));
    const file = madePackage(project, 'async-mutex');
    const { code, stderr } = await run(['--import', REGISTER, file], { node, cwd: project, env: { LOCKDEP_DIR: dir } });
    rmSync(project, { recursive: true, force: true });
    expect(stderr).toMatch(/limit +not watched: async-mutex 9\.9\.9 \(version not known\)/);
    expect(code).toBe(2);
  });
});

function madePackage(project: string, name: string): string {
  const folder = path.join(project, 'node_modules', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name, version: '9.9.9', main: 'index.js' }));
  writeFileSync(path.join(folder, 'index.js'), 'module.exports = () => {};\n');
  const file = path.join(project, 'main.cjs');
  writeFileSync(file, `require(${JSON.stringify(name)});\n`);
  return file;
}
