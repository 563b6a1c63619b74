/**
 * The block of two locks in an order that is forbidden by itself, without a second witness.
 */
import type { OrderRuleViolation } from '../../model/violation.ts';
import { wrap } from '../part/columns.ts';
import { type NameOf, place } from '../part/names.ts';
import { type Block, heldLines, type Page, tryLines } from '../part/page.ts';
import { placesOf } from '../part/places.ts';
import { siteRows } from '../part/sites.ts';

/** Everything below the headline and the sentence. */
export function orderRuleBlock(violation: OrderRuleViolation, page: Page): Block {
  // The place to change comes first for the short forms; in time it comes last.
  const [asked, taken] = placesOf(violation, page.nameOf);
  const rows = [...(taken ? [taken] : []), ...(asked ? [{ ...asked, mark: markOf(violation, page.nameOf) }] : [])];
  return [
    siteRows(rows, page.style),
    wrap(consequence(violation), { indent: '  ' }),
    [...heldLines(violation, page), ...tryLines(remedy(violation, page.nameOf), page)],
  ];
}

function markOf({ rule, other, levels }: OrderRuleViolation, nameOf: NameOf): string {
  switch (rule) {
    case 'level-order':
      return levels === null ? 'its level is too low' : `level ${levels.lock}, must be above ${levels.other}`;
    case 'declared-order':
      return 'against the declared order';
    case 'release-order':
      return `${nameOf(other)} is still held`;
  }
}

function consequence({ rule, levels }: OrderRuleViolation): string {
  switch (rule) {
    case 'level-order':
      return levels !== null && levels.lock === levels.other
        ? 'Locks of one level have no order: owners that take them in opposite orders can block each other for ever.'
        : 'Levels only rise: an owner that goes up and one that goes down can block each other for ever.';
    case 'declared-order':
      return 'Code that keeps to the declared order and this code can block each other for ever.';
    case 'release-order':
      return 'This rule wants the lock that was taken last to be released first. Any other order is legal, but can be an oversight.';
  }
}

function remedy(violation: OrderRuleViolation, nameOf: NameOf): string {
  const [name, held] = [nameOf(violation.lock), nameOf(violation.other)];
  const asked = violation.asked === null ? '' : ` at ${place(violation.asked)}`;
  const taken = violation.taken === null ? '' : ` at ${place(violation.taken)}`;
  switch (violation.rule) {
    case 'level-order':
      return levelRemedy(violation, { name, held, asked, taken });
    case 'declared-order':
      return (
        `take ${name} before ${held}${taken}, as declared, or release ${held} before asking for ${name}${asked}; ` +
        `or, if this way is the right one, change what is declared of ${violation.declared.join(' → ')}.`
      );
    case 'release-order':
      return (
        `release ${held}${taken === '' ? '' : ` (taken${taken})`} before ${name}${asked}; ` +
        "or, if the order does not matter here, leave the rule off: rules: { 'release-order': 'off' }."
      );
  }
}

interface Words {
  readonly name: string;
  readonly held: string;
  readonly asked: string;
  readonly taken: string;
}

function levelRemedy({ levels }: OrderRuleViolation, { name, held, asked, taken }: Words): string {
  const release = `release ${held} before asking for ${name}${asked}`;
  if (levels !== null && levels.lock === levels.other) {
    return `${release}, or give one of the two another level than ${levels.lock} and take that of the lower level first.`;
  }
  const raise = levels === null ? `give ${name} a higher level` : `give ${name} a level above ${levels.other}`;
  return `take ${name} before ${held}${taken}, or ${release}; or, if this way is the right one, ${raise}.`;
}
