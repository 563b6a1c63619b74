/**
 * A private folder and the outside world of one command line: what it prints is kept, its commands get the stub preload.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { main } from '../../../lib/cli/command.ts';
import type { Io } from '../../../lib/cli/io.ts';

export interface World {
  readonly folder: string;
  readonly io: Io;
  out: string;
  err: string;
  /** Runs one command line in this world. */
  lockdep(...argv: string[]): Promise<number>;
}

const folders: string[] = [];

/** The `env` is added to that of this process; `io` takes the place of what is made here. */
export function world(env: NodeJS.ProcessEnv = {}, io: Partial<Io> = {}): World {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'lockdep spec-')));
  folders.push(folder);
  const made: World = {
    folder,
    out: '',
    err: '',
    io: {
      out: (text) => {
        made.out += text;
      },
      err: (text) => {
        made.err += text;
      },
      color: { out: false, err: false },
      cwd: folder,
      env: { ...withoutChecker(process.env), ...env },
      preload: path.join(__dirname, 'preload.cjs'),
      version: '1.2.3',
      stdio: 'ignore',
      ...io,
    },
    lockdep: (...argv) => main(argv, made.io),
  };
  return made;
}

/** These specs may themselves run under a checker, or with options for Node. */
function withoutChecker(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const ours = ([name]: [string, unknown]): boolean => name.startsWith('LOCKDEP') || name === 'NODE_OPTIONS';
  return Object.fromEntries(Object.entries(env).filter((entry) => !ours(entry)));
}

/** How a process of the command ended, and what it printed. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command as a process of its own; `meet` is given that process when its command has printed something. */
export function asProcess(at: World, argv: readonly string[], meet?: (lockdep: ChildProcess) => void): Promise<Ended> {
  const program = path.join(__dirname, 'program.cjs');
  const child = spawn(process.execPath, [program, ...argv], { cwd: at.folder, env: at.io.env });
  const ended = { out: '', err: '' };
  child.stdout.on('data', (data) => {
    ended.out += data;
  });
  child.stdout.once('data', () => meet?.(child));
  child.stderr.on('data', (data) => {
    ended.err += data;
  });
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code, ...ended }));
  });
}

/** JavaScript that writes what it finds into the file `seen`. */
export function write(expression: string): string {
  return `require('fs').writeFileSync('seen', String(${expression}))`;
}

export function snapshotsIn({ folder }: World, dir = '.lockdep'): readonly string[] {
  return readdirSync(path.join(folder, dir)).filter((name) => name.endsWith('.json'));
}

/** Runs JavaScript that writes what it finds into a file, and gives that back. */
export async function seenBy(at: World, command: readonly string[], file = 'seen'): Promise<string> {
  await at.lockdep('run', ...command);
  return readFileSync(path.join(at.folder, file), 'utf8');
}

export function removeWorlds(): void {
  for (const folder of folders.splice(0)) {
    rmSync(folder, { recursive: true, force: true });
  }
}
