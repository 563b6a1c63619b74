/** What the examples share that let a kernel's checker look on: the checker, its report as `lockdep report` prints it, and threads. */
import { once } from 'node:events';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Lockdep, LockdepOptions, Snapshot } from '../../lib/index.ts';
import { nodeResolver } from '../../lib/preload/resolver.ts';
import { Sources } from '../../lib/preload/source.ts';
import { built } from './built.ts';

const ROOT = path.resolve(__dirname, '../..');

const resolver = nodeResolver({
  root: ROOT,
  own: path.join(ROOT, 'dist'),
  passOver: [],
  sources: new Sources(),
});

/** A checker that is as strict as the kernel's. It says neither when nor in which process something was seen: so each run prints the same. */
export function checker(options: LockdepOptions = {}): Lockdep {
  return built.createLockdep({ profile: 'kernel', resolver, now: () => 0, process: 'kernel', ...options });
}

/** What a checker saw, to be sent to another thread. */
export function snapshotOf(lockdep: Lockdep): Snapshot {
  return lockdep.snapshot({ ending: 'drained' });
}

/** Everything that a checker found. */
export function reportOf(lockdep: Lockdep): string {
  return built.textReport(snapshotOf(lockdep));
}

/** Prints a part of an example: what it is, what happened, and what was found. */
export function print(title: string, ...lines: readonly string[]): void {
  console.log(`── ${title}\n`);
  for (const line of lines) {
    console.log(line);
  }
}

/** What is thrown, in one line, or that nothing is. */
export function thrownBy(work: () => void): string {
  try {
    work();
    return 'nothing is thrown';
  } catch (error) {
    return `thrown: ${(error as Error).name}`;
  }
}

/** Each thread compiles what it runs. Its types are checked with all others. */
export const QUICK: Readonly<Record<string, string>> = {
  TS_NODE_TRANSPILE_ONLY: 'true',
  TS_NODE_COMPILER_OPTIONS: JSON.stringify({ isolatedDeclarations: false, rootDir: ROOT }),
};

/** Starts a thread that runs a program of an example. */
export function startThread(file: string, workerData: unknown): Worker {
  const execArgv = ['--require', require.resolve('ts-node/register')];
  return new Worker(file, { workerData, execArgv, env: { ...process.env, ...QUICK } });
}

/** The next thing that a thread says. @throws what the thread threw */
export async function said<What>(thread: Worker): Promise<What> {
  const [message] = await once(thread, 'message');
  return message as What;
}
