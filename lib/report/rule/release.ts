/**
 * The blocks of locks that are released by the wrong hand, or never.
 */
import type { HeldAtExitViolation, ReleaseViolation } from '../../model/violation.ts';
import { place } from '../part/names.ts';
import { type Block, heldLines, type Page, tryLines } from '../part/page.ts';
import { placesOf } from '../part/places.ts';
import { siteRows } from '../part/sites.ts';

/** Everything below the headline and the sentence. */
export function releaseBlock(violation: ReleaseViolation, page: Page): Block {
  const places = placesOf(violation, page.nameOf).map((one, at) =>
    at === 0 ? { ...one, mark: violation.rule === 'bad-release' ? 'nobody holds it' : 'not its holder' } : one,
  );
  return [
    siteRows(places, page.style),
    [...heldLines(violation, page), ...tryLines(releaseRemedy(violation, page.nameOf(violation.lock)), page)],
  ];
}

function releaseRemedy({ rule, lock, owner, released, lastReleased, holder }: ReleaseViolation, name: string): string {
  if (rule === 'wrong-owner-release') {
    const who = holder === null ? 'the owner that took it' : holder.owner;
    const counting = lock.capacity > 1 ? ', or declare it as one that any owner may release' : '';
    return `let ${who} release ${name}, or hand it over to ${owner} explicitly${counting}.`;
  }
  if (lastReleased !== null) {
    const both = released ? ` ${place(released)} and ${place(lastReleased)}` : '';
    return `release ${name} once: keep one of the two releases${both}, best in a finally block or with runExclusive.`;
  }
  return `release ${name} only where it was taken: a release of a free lock can let two owners in at once.`;
}

/** Everything below the headline and the sentence. */
export function heldAtExitBlock(violation: HeldAtExitViolation, page: Page): Block {
  const name = page.nameOf(violation.lock);
  const where = violation.taken ? ` taken at ${place(violation.taken)}` : '';
  const remedy =
    `release ${name}${where} on every path out: in a finally block, with \`await using\`, or with a method that ` +
    'runs a function under the lock. Whoever asks for it next can wait for ever.';
  return [
    siteRows(
      placesOf(violation, page.nameOf).map((one) => ({ ...one, mark: 'never released' })),
      page.style,
    ),
    tryLines(remedy, page),
  ];
}
