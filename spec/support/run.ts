/**
 * Runs `lockdep run` as a user does: the built command in a real child process, with its own snapshot folder.
 * The temporary folders are removed after the last test of the file that made them.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Snapshot } from '../../lib/model/snapshot.ts';

/** Root of the project, whatever the working directory is. */
export const ROOT: string = resolve(__dirname, '../..');

/** Folder of the program fixtures. */
export const FIXTURES: string = join(ROOT, 'spec/fixtures');

const COMMAND = join(ROOT, 'dist/cjs/cli/main.js');

export interface RunOptions {
  /** The node binary that runs the command and, through its arguments, the program. @default process.execPath */
  readonly node?: string;
  /** @default the project root */
  readonly cwd?: string;
  /** Added to the environment of this process; `undefined` removes a variable. */
  readonly env?: NodeJS.ProcessEnv;
  /** After this many milliseconds the whole process group is killed and the promise rejects. @default 30000 */
  readonly timeoutMs?: number;
}

export interface RunResult {
  /** `null` when a signal ended the command. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The snapshot folder of this run. */
  readonly dir: string;
  /** The snapshots as they are now on disk, in the order of their file names. */
  snapshots(): Snapshot[];
}

/** Runs `lockdep run --dir <fresh> <args…>`: pass further options and `--` with the command yourself. */
export function lockdepRun(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  if (!existsSync(COMMAND)) throw new Error(`${COMMAND} does not exist: run \`npm run build\` before these specs`);
  const dir = freshDir();
  return run([COMMAND, 'run', '--dir', dir, ...args], options).then((result) => ({
    ...result,
    dir,
    snapshots: () => readSnapshots(dir),
  }));
}

/** What a child process printed and how it ended. */
export type ProcessResult = Pick<RunResult, 'code' | 'signal' | 'stdout' | 'stderr'>;

/** Runs node with these arguments and nothing else: the plain run that a watched one is compared with. */
export function run(args: readonly string[], options: RunOptions = {}): Promise<ProcessResult> {
  const { node = process.execPath, cwd = ROOT, env, timeoutMs = 30_000 } = options;
  return new Promise((done, fail) => {
    // Its own group, so that a time-out also ends the processes that the program started.
    const child = spawn(node, args, { cwd, env: childEnv(env), stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let stdout = '';
    let stderr = '';
    let expired = false;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const timer = setTimeout(() => {
      expired = true;
      killGroup(child.pid);
    }, timeoutMs);
    child.once('error', (error) => {
      clearTimeout(timer);
      fail(error);
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      if (expired) fail(new Error(`no end after ${timeoutMs} ms: ${args.join(' ')}\n${stdout}\n${stderr}`));
      else done({ code, signal, stdout, stderr });
    });
  });
}

/**
 * The environment without what a test runner puts into it: NODE_ENV and LOCKDEP switch the checker, NODE_OPTIONS would
 * preload things into the program, colours would break comparisons.
 */
function childEnv(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const name of Object.keys(env)) {
    if (/^(LOCKDEP(?!_SPEC_).*|NODE_ENV|NODE_OPTIONS|FORCE_COLOR|GITHUB_ACTIONS|JEST_WORKER_ID)$/.test(name))
      delete env[name];
  }
  const merged: NodeJS.ProcessEnv = { ...env, NO_COLOR: '1', ...extra };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined));
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It ended between the time-out and here.
  }
}

function readSnapshots(dir: string): Snapshot[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(dir, name), 'utf8')) as Snapshot);
}

const dirs: string[] = [];

function freshDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'lockdep-spec-'));
  dirs.push(dir);
  return dir;
}

// Not process.on('exit'): jest hands a sandboxed process to the specs, on which it never fires.
afterAll(() => {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});
