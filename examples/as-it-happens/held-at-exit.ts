// A request leaves early, past the release of its lock. Nobody asks for the lock any more, so nothing waits; it is found when nothing is left to run.
import { type Guard, Mutex } from '../../lib/index.ts';
import { checker, printAtEnd } from './report.ts';

const lockdep = checker();
const cache = new Mutex('cache', { lockdep });
/** Somebody still has them, so that they are not garbage. */
const open = new Set<Guard>();

async function fill(value: string | undefined): Promise<void> {
  const guard = await cache.acquire();
  open.add(guard);
  if (value === undefined) {
    return;
  }
  open.delete(guard);
  guard.release();
}

printAtEnd(lockdep);
void lockdep.task('request', () => fill(undefined));
