/**
 * Simple against ticket (seed 001, 27.2 and 27.3): more threads than processors want one lock all the time, until they have had it so
 * often in all. A simple lock goes to whoever looks at the right moment, which is mostly the one who has just given it back; a ticket
 * lock goes to all in turn. Being fair has its price: the turn of a thread that has no processor just now is waited for by all.
 *
 *     npm run build && npx ts-node examples/seeds/001-kernel-locks/fairness.ts
 */
import { availableParallelism } from 'node:os';
import type { SharedLockHandle } from '../../../lib/index.ts';
import { built } from '../built.ts';
import { hands, sharedWords } from './jobs.ts';

const { SpinLock, TicketLock } = built;
const THREADS = availableParallelism() + 2;
const GRANTS = 30 * THREADS;

async function measure(title: string, handle: SharedLockHandle): Promise<void> {
  const words = sharedWords(2 + THREADS);
  await Promise.all(hands(THREADS, { job: 'grab', handles: [handle], words, times: GRANTS }).map(({ done }) => done));
  const grants = [...words.subarray(2)];
  const [most, least] = [Math.max(...grants), Math.min(...grants)];
  console.log(`${title.padEnd(8)} ${grants.join(' ')}   most ${most}, least ${least}`);
}

async function main(): Promise<void> {
  console.log(`${GRANTS} grants, ${THREADS} threads, ${availableParallelism()} processors\n`);
  await measure('simple', new SpinLock('simple').handle);
  await measure('ticket', new TicketLock('ticket').handle);
}

void main();
