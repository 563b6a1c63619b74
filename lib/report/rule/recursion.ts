/**
 * The block of a lock that its holder asks for again.
 */
import { isPool } from '../../model/unit.ts';
import type { RecursionViolation } from '../../model/violation.ts';
import { wrap } from '../part/columns.ts';
import { place } from '../part/names.ts';
import { type Block, heldLines, type Page, tryLines } from '../part/page.ts';
import { passDown } from '../part/pools.ts';
import { isReadAgain } from '../part/readers.ts';
import { play, scenario } from '../part/scenario.ts';
import { siteRows } from '../part/sites.ts';

/** Everything below the headline and the sentence. */
export function recursionBlock(violation: RecursionViolation, page: Page): Block {
  const name = page.nameOf(violation.lock);
  const again = isReadAgain(violation);
  const sites = siteRows(
    [
      { label: `${name} taken${violation.upgrade || again ? ' (shared)' : ''}`, site: violation.taken },
      { label: `${name} asked${again ? ' (shared)' : ''}`, site: violation.asked, mark: markOf(violation) },
    ],
    page.style,
  );
  return [
    sites,
    consequence(violation, page),
    [...heldLines(violation, page), ...tryLines(remedy(violation, name), page)],
  ];
}

function markOf(violation: RecursionViolation): string {
  if (violation.upgrade) {
    return 'as the writer';
  }
  if (violation.interruptedBy !== null) {
    return `in ${violation.interruptedBy}`;
  }
  if (isReadAgain(violation)) {
    return 'while it is read';
  }
  return violation.againstOrder ? 'against the declared order' : 'while it is held';
}

function consequence(violation: RecursionViolation, page: Page): readonly string[] {
  if (violation.upgrade && violation.confidence !== 'certain') {
    return twoReaders(violation, page);
  }
  if (isReadAgain(violation)) {
    return behindWriter(violation, page);
  }
  if (!violation.sameInstance) {
    return oneAnother(violation, page);
  }
  return violation.interruptedBy !== null ? inHandler(violation, page) : itself(violation, page);
}

/** The writer comes between the two reads, and whoever reads waits behind it. */
function behindWriter({ owner, lock, interruptedBy }: RecursionViolation, { nameOf, style }: Page): readonly string[] {
  const name = nameOf(lock);
  const turns = [
    { actor: 0, text: `takes ${name} (shared)` },
    { actor: 1, text: `waits to write ${name}` },
    ...(interruptedBy === null ? [] : [{ actor: 0, text: `is interrupted by ${interruptedBy}` }]),
    { actor: 0, text: `waits to read ${name} again, behind the writer` },
  ];
  return play({ names: [owner, 'another owner'], turns }, style);
}

function inHandler(
  { owner, lock, upgrade, interruptedBy }: RecursionViolation,
  { nameOf, style }: Page,
): readonly string[] {
  const name = nameOf(lock);
  const texts = [
    `takes ${name}${upgrade ? ' (shared)' : ''}`,
    `is interrupted by ${interruptedBy}`,
    `runs the handler, which waits for ${name}: ${owner} itself holds it`,
  ];
  return play({ names: [owner], turns: texts.map((text) => ({ actor: 0, text })), end: 'it cannot go on' }, style);
}

function twoReaders({ owner, lock }: RecursionViolation, { nameOf, style }: Page): readonly string[] {
  const takes = `takes ${nameOf(lock)} (shared)`;
  const waits = 'waits for the other to leave';
  return scenario(
    [
      { name: owner, takes, waits },
      { name: 'another owner', takes, waits },
    ],
    style,
  );
}

function itself({ owner, lock }: RecursionViolation, { nameOf }: Page): readonly string[] {
  const name = nameOf(lock);
  if (isPool(lock)) {
    return wrap(
      `${owner} waits for the connection that it holds itself: unless the wait is given up, ${name} never has one free again.`,
      { indent: '  ' },
    );
  }
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

function remedy(violation: RecursionViolation, name: string): string {
  const { sameInstance, upgrade, againstOrder, asked, taken } = violation;
  const where = asked ? ` at ${place(asked)}` : '';
  if (violation.interruptedBy !== null) {
    return handlerRemedy(violation, name);
  }
  if (isReadAgain(violation)) {
    return (
      `do not ask to read ${name} again${where}: move the work into a function that expects it to be read, and call ` +
      `that one from both places; or, if ${name} lets readers in past a waiting writer, say so in its kind ` +
      "(readers: 'always')."
    );
  }
  if (upgrade) {
    const first = taken ? ` at ${place(taken)}` : '';
    return (
      `ask for ${name} as a writer from the start${first}, or release it as a reader before asking for it as a ` +
      `writer${where}, and look again at what was read: others can have been in between.`
    );
  }
  if (sameInstance && isPool(violation.lock)) {
    return `${passDown(violation, name)}. More connections only hide it until as many owners do so at once.`;
  }
  if (sameInstance) {
    return (
      `do not ask for ${name} again${where}: move the work into a function that expects it to be held, ` +
      'and call that one from both places.'
    );
  }
  if (againstOrder) {
    return (
      `take the locks of ${name}${where} in the order that is declared for them: sort them by the same comparison before ` +
      'the first is taken; or, if the comparison is wrong, or does not tell these two apart, change it.'
    );
  }
  return (
    `take the locks of ${name} in one fixed order, such as by id,${where} and everywhere else, and declare that order; ` +
    'or take both under a lock that guards the pair, and name it.'
  );
}

/** The function that was called is no way out: the handler runs in the middle of whatever the holder does. */
function handlerRemedy({ sameInstance, interruptedBy, asked, taken }: RecursionViolation, name: string): string {
  const outside = taken ? ` (taken at ${place(taken)})` : '';
  const where = asked ? ` at ${place(asked)}` : '';
  const what = sameInstance ? name : `the locks of ${name}`;
  return (
    `take ${what} with ${interruptedBy} disabled outside its handlers${outside}, and keep it disabled until ` +
    `the release; or do not take ${sameInstance ? name : 'one of them'} in ${interruptedBy}${where}: hand that work to a task.`
  );
}
