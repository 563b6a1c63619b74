/** What the programs of this folder share: a checker for kernels, and its report as `lockdep report` prints it. */
import path from 'node:path';
import { createLockdep, type Lockdep, type LockdepOptions, textReport } from '../../lib/index.ts';
import { nodeResolver } from '../../lib/preload/resolver.ts';
import { Sources } from '../../lib/preload/source.ts';

const ROOT = path.resolve(__dirname, '../..');

const resolve = nodeResolver({
  root: ROOT,
  own: path.join(ROOT, 'lib'),
  passOver: [],
  sources: new Sources(),
});

/** A checker that is as strict as the kernel's. A place is where a driver calls, not where the machine passes the call on. */
export function checker(options: LockdepOptions = {}): Lockdep {
  const resolver = (stack: string) => resolve(stack.replace(/^.*[\\/]machine\.ts:.*\n/gm, ''));
  return createLockdep({ profile: 'kernel', resolver, now: () => 0, ...options });
}

/** Prints everything that a checker found. */
export function print(title: string, lockdep: Lockdep): void {
  console.log(`── ${title}\n`);
  console.log(textReport(lockdep.snapshot({ ending: 'drained' })));
}
