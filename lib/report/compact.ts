/**
 * The report for editors and grep: one line per violation, `file:line:column severity rule locks (other place) [fingerprint]`.
 * A violation without a place begins with `-`. A clean run gives no line.
 */
import { actorOf } from '../model/actor.ts';
import type { Violation } from '../model/violation.ts';
import { isAssertion, isMisuse, isOrderRule, type LoneViolation } from './part/family.ts';
import { type NameOf, namesIn, place } from './part/names.ts';
import { placesOf } from './part/places.ts';
import { printable } from './part/printable.ts';
import { titleOf } from './part/title.ts';
import { usagePlace, usagesOf } from './part/usage.ts';
import type { Place, Report } from './report.ts';

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
  const other = otherPlace(violation, nameOf);
  const beside = other?.site == null || place(other.site) === where ? '' : ` (${other.label} ${place(other.site)})`;
  return `${where} ${violation.severity} ${violation.rule} ${titleOf(violation, nameOf)}${beside} [${violation.fingerprint}]`;
}

/** The place to compare with: where the order was established, or where the lock was taken. */
function otherPlace(violation: Violation, nameOf: NameOf): Place | undefined {
  if (isMisuse(violation)) {
    return violation.places.slice(1).find(({ site }) => site !== null);
  }
  if (isOrderRule(violation)) {
    return { label: 'taken', site: violation.taken };
  }
  if (isAssertion(violation)) {
    return { label: 'taken', site: violation.holder?.site ?? null };
  }
  const lone: LoneViolation = violation;
  switch (lone.rule) {
    case 'order-cycle': {
      const established = lone.edges.find((edge) => !edge.attempted)?.witness.asked;
      return { label: 'established', site: established ?? null };
    }
    case 'recursion':
    case 'pool-nesting':
      return { label: 'taken', site: lone.taken };
    case 'irq-inconsistent':
    case 'irq-order':
    case 'irq-inversion': {
      const hasStep = lone.rule !== 'irq-inconsistent' && lone.path.some((edge) => edge.attempted);
      const other = usagesOf(lone)[hasStep ? 0 : 1];
      return other && usagePlace(other, nameOf);
    }
    case 'wait-context':
    case 'sleep-while-held':
      return { label: 'taken', site: lone.limit.taken };
    case 'bad-release':
    case 'wrong-owner-release':
      return [
        { label: 'taken', site: lone.holder?.site ?? null },
        { label: 'released', site: lone.lastReleased },
      ].find(({ site }) => site !== null);
    case 'deadlock': {
      const holder = lone.waits.at(-1)?.holders[0];
      return holder && { label: `taken by ${actorOf(holder)}`, site: holder.site };
    }
    case 'split-key':
      return { label: lone.other.act === 'holds' ? 'taken' : 'asked', site: lone.other.site };
    case 'lease-expired':
      return { label: 'taken', site: lone.successor?.site ?? lone.taken };
    case 'long-wait':
      return { label: 'taken', site: lone.holders[0]?.site ?? null };
    case 'owner-died':
      return { label: 'asked', site: lone.asked };
    case 'priority-inversion':
    case 'starvation':
      return { label: 'taken', site: lone.holder?.site ?? null };
    case 'long-hold':
    case 'held-at-exit':
    case 'stalled':
      return undefined;
  }
}
