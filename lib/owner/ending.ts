/**
 * What is left of the flows when a process ends.
 */
import { EXIT_RULES, STALL_RULES } from '../rules/index.ts';
import type { Wait } from '../rules/stalled.ts';
import { heldIn } from './context.ts';
import type { FlowJudge } from './judge.ts';
import type { LiveLocks } from './lock-tickets.ts';
import type { Ticket } from './ticket.ts';

/**
 * Judges the waits that did not end and the locks that were not given back.
 * @param isDrained whether nothing was left to run: then a wait is known never to end
 */
export function judgeEnd(judge: FlowJudge, live: LiveLocks, isDrained: boolean): void {
  const severity = isDrained ? 'error' : 'warning';
  const waiting = live.waiting.filter(isKeptWaiting);
  const held = live.held.filter(({ isLost, leased }) => !isLost && !leased);
  for (const ticket of isDrained ? waiting : []) {
    judge.wait(ticket, false);
  }
  judge.announce(STALL_RULES, { waits: waiting.map(waitOf), severity });
  const stuck = new Set(waiting.map(({ asker }) => asker));
  const under = new Set(waiting.flatMap(({ base }) => heldIn(base, live)));
  // A lock held by somebody who waits, or for whom somebody waits, is part of the stall, and no finding of its own.
  const left = held.filter((one) => !stuck.has(one.owner) && !under.has(one));
  judge.announce(EXIT_RULES, { held: left, severity });
  // Nobody released these, so nothing is known of what their release would have waited for: they count.
  for (const nesting of live.held.flatMap(({ inner }) => inner ?? [])) {
    if (!nesting.inSameLock) {
      judge.confirm(nesting);
    }
  }
}

// Nobody keeps a request waiting that would fit: a limiter that is paused, or a pool that is still connecting.
function isKeptWaiting({ lock, units, tickets }: Ticket): boolean {
  const taken = tickets.held.reduce((sum, held) => sum + held.units, 0);
  return !lock.class.kind.counting || lock.capacity - taken < units;
}

/** A wait as the rules see it. */
export function waitOf({ asker, lock, place, since, base, tickets }: Ticket): Wait {
  return { owner: asker, lock, site: place, since, held: heldIn(base, tickets.live), holders: tickets.held };
}
