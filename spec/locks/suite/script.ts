/**
 * Any sequence of steps put to something and to its model. A step is some commands with nothing between them; after it
 * everybody goes on who can, and the two are compared.
 */
import fc from 'fast-check';
import { idle } from './words.ts';

export interface Scripted<Command> {
  /** Puts a command to both. @throws if they answer differently at once */
  do(command: Command): void;
  /** @throws if they differ */
  check(): void;
}

const RUNS = 150;

/** @throws with the shortest script that tells the two apart */
export async function scriptsOf<Command>(
  command: fc.Arbitrary<Command>,
  begin: () => Scripted<Command>,
  runs: number = RUNS,
): Promise<void> {
  const script = fc.array(fc.array(command, { minLength: 1, maxLength: 4 }), { maxLength: 25, size: 'max' });
  const same = fc.asyncProperty(script, async (steps) => {
    const both = begin();
    for (const step of steps) {
      for (const one of step) {
        both.do(one);
      }
      await idle();
      both.check();
    }
  });
  await fc.assert(same, { numRuns: runs });
}

/** One of them, by a number that may be larger than there are. */
export function oneOf<Item>(items: readonly Item[], which: number): Item | undefined {
  return items[which % Math.max(1, items.length)];
}
