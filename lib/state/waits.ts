/**
 * What an owner may wait for: the least of what its context allows and what each lock that it holds there allows.
 */
import type { WaitType } from '../model/kind.ts';
import { type Context, limitOf, type Situation } from './contexts.ts';
import type { HeldLock } from './held.ts';
import { inSection } from './links.ts';

const RANKS: Readonly<Record<WaitType, number>> = { unchecked: 0, free: 1, spin: 2, config: 3, sleep: 4 };

/** How strong a wait is. Where no real-time kernel is meant, `config` is a spinning lock like any other. */
export function rankOf(type: WaitType, isRealtime: boolean): number {
  return type === 'config' && !isRealtime ? RANKS.spin : RANKS[type];
}

/** What sets the limit: a lock, a context, or nothing. */
export interface Limit {
  readonly type: WaitType;
  readonly held: HeldLock | null;
  readonly context: Context | null;
}

/** The limit on what an owner that holds `held` may wait for. The innermost that is strict enough is named. */
export function waitLimit(held: readonly HeldLock[], situation: Situation, isRealtime: boolean): Limit {
  const rank = (limit: Limit): number => rankOf(limit.type, isRealtime);
  let least: Limit = { type: 'sleep', held: null, context: null };
  for (const context of situation.inside) {
    const limit = { type: limitOf(situation, context), held: null, context };
    least = rank(limit) <= rank(least) && limit.type !== 'sleep' ? limit : least;
  }
  for (const one of inSection(held, situation)) {
    const { inner, overridesWait } = one.class.kind;
    const limit = { type: inner, held: one, context: null };
    if (inner !== 'unchecked' && (overridesWait || rank(limit) <= rank(least))) {
      least = limit;
    }
  }
  return least;
}
