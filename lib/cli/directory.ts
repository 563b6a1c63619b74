/**
 * The folder of the snapshots: made and proved to be writable before the command starts, so that no run is wasted.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inWords, KnownError } from './problem.ts';
import { isGoingOn, runOf } from './run-id.ts';

/**
 * Makes the folder if it is not there.
 * @throws KnownError if it cannot be made or written to
 */
export function prepareDirectory(directory: string): void {
  try {
    const isNew = !existsSync(directory);
    mkdirSync(directory, { recursive: true });
    proveWritable(directory);
    if (isNew) {
      writeFileSync(path.join(directory, '.gitignore'), '*\n');
    }
  } catch (error) {
    throw new KnownError(
      `cannot write snapshots to ${directory}: ${inWords(error)}; free that name or choose another folder with --dir`,
    );
  }
}

/** Permissions alone do not tell: root passes them, and a read-only file system does not show in them. */
function proveWritable(directory: string): void {
  const probe = path.join(directory, `.probe-${process.pid}`);
  writeFileSync(probe, 'probe');
  rmSync(probe);
}

/** Removes the files of runs that have ended; anything that is not named like one of ours stays. */
export function removeFinishedRuns(directory: string): void {
  for (const name of readdirSync(directory)) {
    const run = runOf(name);
    if (run !== undefined && !isGoingOn(run)) {
      rmSync(path.join(directory, name), { force: true });
    }
  }
}

/** The nearest folder upward that holds a package.json, or the folder itself if none does. */
export function projectRoot(folder: string): string {
  for (let at = folder; ; at = path.dirname(at)) {
    if (existsSync(path.join(at, 'package.json'))) {
      return at;
    }
    if (at === path.dirname(at)) {
      return folder;
    }
  }
}
