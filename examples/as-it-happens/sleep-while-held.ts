// A lock whose waiters spin is held across an `await`: whoever spins for it keeps the thread busy, and its holder never goes on.
import { checker, others, print } from './report.ts';

const lockdep = checker();
const ring = lockdep.lock('ring', { kind: 'spin' });
const producer = lockdep.owner('producer');

async function main(): Promise<void> {
  producer.acquire(ring);
  await others();
  producer.release(ring);
  print(lockdep);
}

void main();
