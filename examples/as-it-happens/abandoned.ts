// The guard of a lock is dropped without a release. It is found when the garbage collector takes it, which is called here; nobody asks for the
// lock meanwhile, so nothing waits yet.
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Mutex } from '../../lib/index.ts';
import { checker, print } from './report.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const lockdep = checker();
const cache = new Mutex('cache', { lockdep });

async function fill(value: string | undefined): Promise<void> {
  const guard = await cache.acquire();
  if (value === undefined) {
    return;
  }
  guard.release();
}

async function main(): Promise<void> {
  await fill(undefined);
  while (lockdep.violations.length === 0) {
    await setTimeout(10);
    collectGarbage();
  }
  print(lockdep);
}

void main();
