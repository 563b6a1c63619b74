/**
 * The block of a lock whose holder has ended: who that was, and what becomes of the lock and of what it protects.
 */
import { actorOf } from '../../model/actor.ts';
import type { Site } from '../../model/lock.ts';
import type { OwnerDiedViolation } from '../../model/violation.ts';
import { wrap } from '../part/columns.ts';
import { place } from '../part/names.ts';
import { type Block, heldLines, type Page, tryLines } from '../part/page.ts';
import { placesOf } from '../part/places.ts';
import { siteRows } from '../part/sites.ts';

/** Everything below the headline and the sentence. */
export function ownerDiedBlock(violation: OwnerDiedViolation, page: Page): Block {
  const [taken, ...others] = placesOf(violation, page.nameOf);
  const mark = 'never released';
  return [
    siteRows([...(taken ? [{ ...taken, mark }] : []), ...others], page.style),
    wrap(consequence(violation, page.nameOf(violation.lock)), { indent: '  ' }),
    [...heldLines(violation, page), ...tryLines(remedy(violation), page)],
  ];
}

function consequence({ mode, dead }: OwnerDiedViolation, name: string): string {
  return mode === 'shared'
    ? `Its share of ${name} was given back for it, so that writers go on; what ${actorOf(dead)} was about to do is never done.`
    : `Nobody releases ${name} any more: whoever waits or asks for it gets an OwnerDiedError, until somebody takes it over.`;
}

function remedy({ mode, asked }: OwnerDiedViolation): string {
  const ending = 'end workers by a message that they answer when they hold nothing, instead of terminate()';
  if (mode === 'shared') {
    return `nothing was written under it, so nothing is to be repaired; ${ending}.`;
  }
  return `what it protects may be half-written: catch the OwnerDiedError${at(asked)}, repair the data, and call recover() on the lock; and ${ending}.`;
}

function at(site: Site | null): string {
  return site === null ? '' : ` at ${place(site)}`;
}
