/**
 * How long an explicit owner holds a lock, where that is asked for: two readings of a clock for each hold, and nothing else
 * where it stays below its limits. Locks that are folded into one entry are one hold.
 */
import { HOLD_RULES } from '../rules/index.ts';
import { takenAt } from '../state/held.ts';
import type { Engine } from './engine.ts';
import type { Entry } from './entry.ts';

/** Where no clock runs. */
export const UNTIMED = -1;

/** When a hold that begins now began, as far as that is to be known. */
export function holdStart({ profile }: Engine): number {
  return profile.isTimed ? profile.now() : UNTIMED;
}

/** True where a known step is timed, and has nothing more to it. */
export function timesPlain({ profile, sites, events, isOff }: Engine): boolean {
  return profile.isTimed && sites === 'new' && !events && !isOff;
}

/**
 * A hold is over, and so is the entry.
 * @throws what the policy threw, where it was longer than is allowed
 */
export function endHold(engine: Engine, entry: Entry): void {
  const { profile } = engine;
  // It may have begun before holds were timed.
  if (entry.since < 0) {
    return;
  }
  const ms = profile.now() - entry.since;
  entry.since = UNTIMED;
  profile.held(entry.class, ms, takenAt(entry));
  const budgetMs = profile.budgetOf(entry.class);
  const isOverBudget = ms > budgetMs;
  const limitMs = isOverBudget ? budgetMs : profile.longHoldMs;
  if (ms > limitMs) {
    const held = { ...entry };
    engine.during(() => engine.judge(HOLD_RULES, { held, ms, limitMs, isBudget: isOverBudget, waiters: null }));
  }
}
