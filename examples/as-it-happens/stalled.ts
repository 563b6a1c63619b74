// A reader waits for a lock that its writer never gives back. Nothing is left to run then, and Node ends without a word: the report is printed
// at that moment.
import { type Guard, Mutex } from '../../lib/index.ts';
import { checker, printAtEnd } from './report.ts';

const lockdep = checker();
const cache = new Mutex('cache', { lockdep });
/** Somebody still has them, so that they are not garbage. */
const kept: Guard[] = [];

async function write(): Promise<void> {
  kept.push(await cache.acquire());
}

async function read(): Promise<void> {
  await cache.run(() => console.log('read'));
}

printAtEnd(lockdep);
void write();
void read();
