/**
 * The block of a counting resource that is asked for by an owner that holds some of it already.
 */
import { isPool, unitOf } from '../../model/unit.ts';
import type { PoolNestingViolation } from '../../model/violation.ts';
import { wrap } from '../part/columns.ts';
import { place } from '../part/names.ts';
import { type Block, heldLines, type Page, tryLines } from '../part/page.ts';
import { passDown } from '../part/pools.ts';
import { type Actor, scenario } from '../part/scenario.ts';
import { siteRows } from '../part/sites.ts';
import { count, digits } from '../part/words.ts';

/** Everything below the headline and the sentence. */
export function poolNestingBlock(violation: PoolNestingViolation, page: Page): Block {
  const name = page.nameOf(violation.lock);
  const sites = siteRows(
    [
      { label: `${name} taken`, site: violation.taken },
      { label: `${name} asked`, site: violation.asked, mark: 'one more' },
    ],
    page.style,
  );
  return [
    [...sites, ...wrap(bound(violation, name), { indent: '  ' })],
    scenario(actorsOf(violation), page.style),
    [...heldLines(violation, page), ...tryLines(remedy(violation, name), page)],
  ];
}

function bound({ lock, capacity, ownersNeeded, owner }: PoolNestingViolation, name: string): string {
  const has = `${name} has ${count(capacity, unitOf(lock))}`;
  return ownersNeeded === 1
    ? `${has}, and ${owner} alone can hold all of them: it then waits for itself.`
    : `${has}: ${digits(ownersNeeded)} owners that do this at once can wait for each other for ever.`;
}

const MOST_ACTORS = 3;
const NAMES = ['another owner', 'a third owner'];

function actorsOf({ owner, lock, ownersNeeded, capacity }: PoolNestingViolation): readonly Actor[] {
  const word = unitOf(lock);
  const unit = ownersNeeded === capacity ? `a ${word}` : `its ${word}s`;
  const waits = 'waits for one more';
  if (ownersNeeded === 1) {
    return [{ name: owner, takes: `takes its ${word}s`, waits }];
  }
  const first = { name: owner, takes: `takes ${unit}`, waits };
  const others = ownersNeeded - 1;
  if (ownersNeeded > MOST_ACTORS) {
    return [first, { name: `${digits(others)} others`, takes: 'take all the rest', waits: 'wait for one more' }];
  }
  const last = ownersNeeded === capacity ? 'takes the last' : 'takes the rest';
  return [
    first,
    ...NAMES.slice(0, others).map((name, at) => ({
      name,
      takes: at === others - 1 ? last : `takes ${unit}`,
      waits,
    })),
  ];
}

function remedy(violation: PoolNestingViolation, name: string): string {
  const { lock, asked } = violation;
  if (isPool(lock)) {
    return `${passDown(violation, name)}; or give the inner level a pool of its own.`;
  }
  const where = asked ? ` at ${place(asked)}` : '';
  return (
    `do not wait for ${name} inside work that ${name} runs${where}: hand the unit that is held down to the inner work, ` +
    'take all units at once, or give the inner level a resource of its own.'
  );
}
