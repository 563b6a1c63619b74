/**
 * What is left of the flows when a process ends.
 */
import { EXIT_RULES, STALL_RULES } from '../rules/index.ts';
import type { Wait } from '../rules/stalled.ts';
import { LONG_MS, stuckForConnections, waitsInCircles } from './circles.ts';
import { heldIn } from './context.ts';
import { mayWaitFor } from './dependencies.ts';
import type { FlowJudge } from './judge.ts';
import type { LiveLocks } from './lock-tickets.ts';
import type { Ticket } from './ticket.ts';

/** So many waits, and holders of each, are told of: more would be longer than what anybody reads. */
const MOST_WAITS = 50;
const MOST_HOLDERS = 20;
const TOO_MANY_WAITS = `More than ${MOST_WAITS} waits had not ended: the first ones are listed, each with at most ${MOST_HOLDERS} holders.`;

/**
 * Judges the waits that did not end and the locks that were not given back.
 * @param isDrained whether nothing was left to run: then a wait is known never to end
 */
export function judgeEnd(judge: FlowJudge, live: LiveLocks, isDrained: boolean): void {
  const severity = isDrained ? 'error' : 'warning';
  const waiting = live.waiting.filter(isKeptWaiting);
  judge.limit(waiting.length > MOST_WAITS, TOO_MANY_WAITS);
  const held = live.held.filter(({ isLost, leased }) => !isLost && !leased);
  for (const ticket of isDrained ? waiting : []) {
    judge.wait(ticket, false);
  }
  judge.announce(STALL_RULES, { waits: waiting.slice(0, MOST_WAITS).map(waitOf), severity });
  const stuck = new Set(waiting.map(({ asker }) => asker));
  const under = new Set(waiting.flatMap(({ base }) => heldIn(base, live)));
  // A lock held by somebody who waits, or for whom somebody waits, is part of the stall, and no finding of its own.
  const left = held.filter((one) => !stuck.has(one.owner) && !under.has(one));
  judge.announce(EXIT_RULES, { held: left, severity });
  // Nobody released these, so nothing is known of what their release would have waited for: they count, but for those that were
  // left behind, and that is told: whoever went on may not even know of them.
  for (const nesting of live.held.flatMap((one) => (left.includes(one) ? [] : (one.inner ?? [])))) {
    if (!nesting.inSameLock) {
      judge.confirm(nesting);
    }
  }
}

// Nobody keeps a request waiting that would fit: a limiter that is paused, or a pool that is still connecting. And nobody waits for
// a promise that he has not looked at.
function isKeptWaiting({ lock, units, tickets, isToldLate, isHeard }: Ticket): boolean {
  if (isToldLate && !isHeard) {
    return false;
  }
  const taken = tickets.held.reduce((sum, held) => sum + held.units, 0);
  return !lock.class.kind.counting || lock.capacity - taken < units;
}

/** Judges waits that began before `deadline` and may never end, in case the process does not live to say so. */
export function judgeOld(
  judge: FlowJudge,
  { waiting }: LiveLocks,
  { deadline, now }: { deadline: number; now: number },
): void {
  for (const ticket of stuckForConnections(waiting, now)) {
    judge.wait(ticket, false);
  }
  for (const ticket of waitsInCircles(waiting.filter(({ since }) => since <= deadline))) {
    judge.wait(ticket, true);
  }
}

/**
 * Judges a wait for what other threads hold too, once it is long: who of them waits for what is not known here. Left out where
 * whoever has what the flow holds is known to wait for something else, and so may give it back.
 */
export function judgeLong(judge: FlowJudge, ticket: Ticket, now: number): void {
  const { state, isExplicit, ends, judged, since, base, tickets } = ticket;
  if (state !== 'waiting' || isExplicit || ends || judged || now - since < LONG_MS) {
    return;
  }
  if (heldIn(base, tickets.live).every((holder) => mayWaitFor(holder, ticket))) {
    judge.wait(ticket, true);
  }
}

/** A wait as the rules see it. */
export function waitOf({ asker, lock, place, since, base, tickets }: Ticket): Wait {
  const holders = tickets.held.slice(0, MOST_HOLDERS);
  return { owner: asker, lock, site: place, since, held: heldIn(base, tickets.live), holders };
}
