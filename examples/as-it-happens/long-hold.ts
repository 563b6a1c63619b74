// A download under the lock of a cache: three readers wait as long as it takes. The clock is that of the program, so that it says the same each time.
import { Mutex } from '../../lib/index.ts';
import { checker, clock, others, print } from './report.ts';

const lockdep = checker({ longHoldMs: 200, rules: { 'long-wait': 'off' } });
const cache = new Mutex('cache', { lockdep });

async function download(): Promise<void> {
  await others();
  clock.now += 1250;
}

async function refresh(): Promise<void> {
  using _guard = await cache.acquire();
  await download();
}

async function main(): Promise<void> {
  const refreshing = lockdep.task('refresh', refresh);
  const readers = ['a', 'b', 'c'].map((name) => lockdep.task(`reader ${name}`, () => cache.run(() => {})));
  await Promise.all([refreshing, ...readers]);
  print(lockdep);
}

void main();
