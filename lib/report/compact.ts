/**
 * The report for editors and grep: one line per violation, `file:line:column severity rule locks (other place) [fingerprint]`.
 * A violation without a place begins with `-`. A clean run gives no line.
 */
import type { Violation } from '../model/violation.ts';
import { namesIn, place } from './part/names.ts';
import { placesOf } from './part/places.ts';
import { printable } from './part/printable.ts';
import { titleOf } from './part/title.ts';
import type { Report } from './report.ts';

/** The lines, each with a line break. */
export function compact(report: Report): string {
  const fit = printable(report);
  const reasons = fit.reasons.map(({ why, remedy }) => `- could-not-check ${why} (${remedy})`);
  return [...fit.violations.map(lineOf), ...reasons].map((line) => `${line}\n`).join('');
}

function lineOf(violation: Violation): string {
  const nameOf = namesIn(violation);
  const known = placesOf(violation, nameOf).flatMap(({ site }) => (site === null ? [] : [site]));
  const [at] = known;
  const where = at === undefined ? '-' : place(at);
  return `${where} ${violation.severity} ${violation.rule} ${titleOf(violation, nameOf)}${otherPlace(violation)} [${violation.fingerprint}]`;
}

/** The place to compare with: where the order was established, or where the lock was taken. */
function otherPlace(violation: Violation): string {
  switch (violation.rule) {
    case 'order-cycle': {
      const established = violation.edges.find((edge) => !edge.attempted)?.witness.asked;
      return established ? ` (established ${place(established)})` : '';
    }
    case 'recursion':
    case 'pool-nesting':
      return violation.taken ? ` (taken ${place(violation.taken)})` : '';
    case 'bad-release':
    case 'wrong-owner-release': {
      const other = violation.holder?.site ?? violation.lastReleased;
      return other ? ` (${violation.holder?.site ? 'taken' : 'released'} ${place(other)})` : '';
    }
    case 'assert-held':
    case 'assert-not-held':
      return violation.holder?.site ? ` (taken ${place(violation.holder.site)})` : '';
    case 'held-at-exit':
    case 'stalled':
      return '';
  }
}
