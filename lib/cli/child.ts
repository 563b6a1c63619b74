/**
 * Starts the command and waits for it. No shell in between: arguments arrive as they were given.
 */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import os from 'node:os';
import { codeOf, inWords, KnownError } from './problem.ts';

export interface ChildOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stdio: StdioOptions;
}

/** How the command ended: with a code, or by a signal. */
export interface Ending {
  /** Its own code; for a signal 128 and the number of it, as shells do. */
  readonly code: number;
  readonly signal: NodeJS.Signals | null;
}

const FORWARDED: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs the command to its end. Signals that ask this process to stop are passed on, and the report still follows.
 * @throws KnownError if it cannot be started
 */
export async function runChild(command: readonly string[], options: ChildOptions): Promise<Ending> {
  const [file = '', ...args] = command;
  let child: ChildProcess | undefined;
  const forward = (signal: NodeJS.Signals): void => {
    if (!isGivenToGroup(signal)) {
      child?.kill(signal);
    }
  };
  for (const signal of FORWARDED) {
    process.on(signal, forward);
  }
  try {
    child = spawn(file, args, { ...options });
    return await ended(child);
  } catch (error) {
    throw new KnownError(`cannot start '${file}': ${reason(error)}`);
  } finally {
    for (const signal of FORWARDED) {
      process.off(signal, forward);
    }
  }
}

/** Ctrl-C in a terminal reaches the whole group of processes; a second one would make many programs give up their clean-up. */
function isGivenToGroup(signal: NodeJS.Signals): boolean {
  return signal === 'SIGINT' && process.stdin.isTTY === true;
}

function ended(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      // A signal that could not be delivered is an error, too; the command goes on then.
      if (child.pid === undefined) {
        reject(error);
      }
    });
    child.once('exit', (code, signal) => {
      resolve({ code: signal === null ? (code ?? 0) : 128 + os.constants.signals[signal], signal });
    });
  });
}

function reason(error: unknown): string {
  switch (codeOf(error)) {
    case 'ENOENT':
      return 'not found; check its spelling, or start a script of package.json with npm run';
    case 'EACCES':
      return 'it is not executable; start it by its interpreter, such as node';
    default:
      return inWords(error);
  }
}
