/**
 * How async requests take a lock that is one word.
 */
import type { AsyncRequest } from '../base/async-request.ts';
import type { SleepPlace } from '../base/async-sleep.ts';
import { Row } from './layout.ts';
import type { Space } from './space.ts';
import { SLEEPERS, tryWord } from './word.ts';

/** Takes it for the request if it is free, else says where to sleep. */
export function attemptWord(
  { words, space }: { readonly words: Int32Array; readonly space: Space },
  at: number,
  { hasSlept }: AsyncRequest,
): 'taken' | SleepPlace {
  const { threads } = space;
  const debt = threads.row + Row.DEBT;
  // From here on the lock may name this thread.
  (threads.words[debt] as number)++;
  if (tryWord(words, at, hasSlept ? threads.own | SLEEPERS : threads.own)) {
    return 'taken';
  }
  (threads.words[debt] as number)--;
  const state = Atomics.load(words, at);
  // A word that is free now differs from what the sleeper expects, and is tried again.
  if (state !== 0 && (state & SLEEPERS) === 0) {
    Atomics.compareExchange(words, at, state, state | SLEEPERS);
  }
  return { at, value: state | SLEEPERS };
}
