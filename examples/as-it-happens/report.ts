/** What the programs of this folder share: a checker whose report says the same each time, and that report as `lockdep report` prints it. */
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { createLockdep, type Lockdep, type LockdepOptions, textReport } from '../../lib/index.ts';
import { flowsOf } from '../../lib/owner/flows.ts';
import { nodeResolver } from '../../lib/preload/resolver.ts';
import { Sources } from '../../lib/preload/source.ts';

const ROOT = path.resolve(__dirname, '../..');

/** The time stands still unless a program moves it. */
export const clock = { now: 0 };

/** A checker that names places by their path in this project. */
export function checker(options: LockdepOptions = {}): Lockdep {
  const resolver = nodeResolver({
    root: ROOT,
    own: path.join(ROOT, 'lib'),
    passOver: [],
    sources: new Sources(),
  });
  return createLockdep({ sites: 'all', resolver, now: () => clock.now, ...options });
}

/** Prints everything that the checker found so far. */
export function print(lockdep: Lockdep): void {
  process.stdout.write(textReport(lockdep.snapshot({ ending: 'drained' })));
}

/** Prints it when nothing is left to run, with what still waits and is still held: what `lockdep run` does for a whole program. */
export function printAtEnd(lockdep: Lockdep): void {
  process.once('exit', () => {
    flowsOf(lockdep).finish(true);
    print(lockdep);
  });
}

/** Lets everybody run who can. */
export async function others(): Promise<void> {
  await setImmediate();
}
