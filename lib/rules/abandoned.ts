/**
 * `abandoned`: a lock is held, and nobody is left who could release it. Its guard was garbage-collected, or it was granted to somebody
 * who had given up before. Unlike `held-at-exit` this is seen while the program runs.
 */
import { isPool, shareOf } from '../model/unit.ts';
import type { MisuseViolation } from '../model/violation.ts';
import { type HeldLock, takenAt } from '../state/held.ts';
import type { State } from '../state/state.ts';
import { describeMisuse } from './misuse.ts';

export interface Abandonment {
  readonly held: HeldLock;
  /** `collected`: the guard was garbage-collected. `granted-to-nobody`: who had asked for it had given up when it was granted. */
  readonly how: 'collected' | 'granted-to-nobody';
}

export function abandoned(state: State, { held, how }: Abandonment): readonly MisuseViolation[] {
  const { owner } = held;
  const { ref } = held.class;
  const what = shareOf(ref);
  const isLost = how === 'collected';
  return [
    describeMisuse(state, {
      rule: 'abandoned',
      owner,
      held: [held],
      class: held.class,
      message: isLost
        ? `${owner.name} lost ${isPool(ref) ? what : `the guard of ${what}`} before its release: it was garbage-collected.`
        : `${isPool(ref) ? `A connection of ${ref.name}` : what} was granted to ${owner.name}, which had given up waiting for it.`,
      places: [{ label: isLost ? 'taken' : 'asked', site: takenAt(held) }],
      detail: how,
    }),
  ];
}
