/**
 * What is left of the flows when a process ends.
 */
import { EXIT_RULES, STALL_RULES } from '../rules/index.ts';
import type { Wait } from '../rules/stalled.ts';
import type { HeldTickets } from './held-tickets.ts';
import type { FlowJudge } from './judge.ts';
import { heldIn, type Ticket } from './ticket.ts';

export interface Left {
  readonly waiting: readonly Ticket[];
  readonly held: HeldTickets;
}

/**
 * Judges the waits that did not end and the locks that were not given back.
 * @param isDrained whether nothing was left to run: then a wait is known never to end
 */
export function judgeEnd(judge: FlowJudge, { waiting, held }: Left, isDrained: boolean): void {
  const severity = isDrained ? 'error' : 'warning';
  for (const ticket of isDrained ? waiting : []) {
    judge.wait(ticket, false);
  }
  judge.tell(STALL_RULES, { waits: waiting.map((ticket) => waitOf(ticket, held)), severity });
  const stuck = new Set(waiting.map(({ asker }) => asker));
  // A lock held by somebody who waits is part of the stall, and no finding of its own.
  judge.tell(EXIT_RULES, { held: [...held].filter(({ owner }) => !stuck.has(owner)), severity });
  // Nobody released these, so nothing is known of what their release would have waited for: they count.
  for (const nesting of [...held].flatMap(({ inner }) => inner)) {
    if (!nesting.inSameLock) {
      judge.confirm(nesting);
    }
  }
}

function waitOf({ asker, lock, site, since, base }: Ticket, held: HeldTickets): Wait {
  return { owner: asker, lock, site, since, held: heldIn(base), holders: [...held.of(lock)] };
}
