/**
 * Read-write spinlocks (seed 001, 27.5): readers come in together, a writer comes in alone. Two words are the same whenever nobody writes.
 *
 *     npm run build && npx ts-node examples/seeds/001-kernel-locks/read-write.ts
 */
import { built } from '../built.ts';
import { hands, sharedWords } from './jobs.ts';

const { RwSpinLock } = built;
const READERS = 3;
const WRITERS = 2;
const READS = 2_000;
const WRITES = 500;

async function main(): Promise<void> {
  const lock = new RwSpinLock('routes');
  const words = sharedWords(6);
  words[5] = READERS;
  const common = { handles: [lock.handle], words };
  const threads = [
    ...hands(READERS, { ...common, job: 'read', times: READS }),
    ...hands(WRITERS, { ...common, job: 'write', times: WRITES }),
  ];
  await Promise.all(threads.map(({ done }) => done));
  console.log(
    `${READERS} readers, ${READS} reads each: ${words[3]} readers at a time, ${words[4]} reads of something half-written`,
  );
  console.log(`${WRITERS} writers, ${WRITES} writes each: ${words[0]} and ${words[1]}`);
}

void main();
