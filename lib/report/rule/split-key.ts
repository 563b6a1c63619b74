/**
 * The block of a key that has two locks at once.
 */
import type { SplitKeyViolation } from '../../model/violation.ts';
import { wrap } from '../part/columns.ts';
import { type Block, heldLines, type Page, tryLines } from '../part/page.ts';
import { placesOf } from '../part/places.ts';
import { siteRows } from '../part/sites.ts';

/** Everything below the headline and the sentence. */
export function splitKeyBlock(violation: SplitKeyViolation, page: Page): Block {
  const name = page.nameOf(violation.lock);
  const [asked, first] = placesOf(violation, page.nameOf);
  const rows = [...(first ? [first] : []), ...(asked ? [{ ...asked, mark: 'another lock' }] : [])];
  const remedy =
    `remove the lock of a key of ${name} from its map only when nobody holds it and nobody waits for it: count both, ` +
    'and remove the entry at the release that leaves none; or keep the entries.';
  return [
    siteRows(rows, page.style),
    wrap(consequence(violation, name), { indent: '  ' }),
    [...heldLines(violation, page), ...tryLines(remedy, page)],
  ];
}

function consequence({ lockKey }: SplitKeyViolation, name: string): string {
  return `${name} has two locks for '${lockKey}' now: neither of them keeps out whoever gets the other.`;
}
