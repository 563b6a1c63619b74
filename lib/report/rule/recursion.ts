/**
 * The block of a lock that its holder asks for again.
 */
import type { RecursionViolation } from '../../model/violation.ts';
import { wrap } from '../part/columns.ts';
import { place } from '../part/names.ts';
import { type Block, heldLines, type Page, tryLines } from '../part/page.ts';
import { scenario } from '../part/scenario.ts';
import { siteRows } from '../part/sites.ts';

/** Everything below the headline and the sentence. */
export function recursionBlock(violation: RecursionViolation, page: Page): Block {
  const name = page.nameOf(violation.lock);
  const sites = siteRows(
    [
      { label: `${name} taken`, site: violation.taken },
      { label: `${name} asked`, site: violation.asked, mark: 'while it is held' },
    ],
    page.style,
  );
  return [
    sites,
    violation.sameInstance ? itself(violation, page) : oneAnother(violation, page),
    [...heldLines(violation, page), ...tryLines(remedy(violation, name), page)],
  ];
}

function itself({ owner, lock }: RecursionViolation, { nameOf }: Page): readonly string[] {
  const name = nameOf(lock);
  return wrap(
    `${owner} waits for a lock that only ${owner} can release: unless the wait is given up, ${name} is never free again.`,
    { indent: '  ' },
  );
}

function oneAnother({ owner, lock }: RecursionViolation, { nameOf, style }: Page): readonly string[] {
  const name = nameOf(lock);
  return scenario(
    [
      { name: owner, takes: `takes one ${name}`, waits: 'waits for the other' },
      { name: 'another owner', takes: `takes another ${name}`, waits: 'waits for the one' },
    ],
    style,
  );
}

function remedy({ sameInstance, asked }: RecursionViolation, name: string): string {
  const where = asked ? ` at ${place(asked)}` : '';
  if (sameInstance) {
    return (
      `do not ask for ${name} again${where}: move the work into a function that expects it to be held, ` +
      'and call that one from both places.'
    );
  }
  return (
    `take the locks of ${name} in one fixed order, such as by id,${where} and everywhere else, and declare that order; ` +
    'or take both under a lock that guards the pair, and name it.'
  );
}
