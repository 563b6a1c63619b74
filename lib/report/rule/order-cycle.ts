/**
 * The block of a lock-order cycle: both places of every step, how it locks up, and which step to change.
 */
import type { ClassRef } from '../../model/lock.ts';
import type { CycleEdge, OrderCycleViolation } from '../../model/violation.ts';
import { cells, cut, pad, wrap } from '../part/columns.ts';
import { heldAs, type NameOf, place, processName, wantedAs } from '../part/names.ts';
import { type Block, heldLines, type Page, tryLines } from '../part/page.ts';
import { inReadingOrder } from '../part/places.ts';
import { type Actor, scenario } from '../part/scenario.ts';
import { type SiteColumns, siteColumns, siteRows } from '../part/sites.ts';
import { duration, times } from '../part/words.ts';
import type { Place } from '../report.ts';

/** Everything below the headline and the sentence. */
export function orderCycleBlock(violation: OrderCycleViolation, page: Page): Block {
  return [
    evidence(violation, page),
    [...scenario(actorsOf(violation, page.nameOf), page.style), ...conditions(violation, page.nameOf)],
    [...heldLines(violation, page), ...tryLines(remedy(violation, page.nameOf), page)],
  ];
}

interface Table {
  readonly pair: number;
  readonly sites: SiteColumns;
  readonly several: boolean;
  readonly now: number;
}

const WORD = 13;
const WIDEST_PAIR = 40;

function evidence({ edges }: OrderCycleViolation, page: Page): readonly string[] {
  const table: Table = {
    pair: Math.min(WIDEST_PAIR, Math.max(...edges.map((edge) => cells(pairOf(edge, page.nameOf))))),
    sites: siteColumns(edges.flatMap((edge) => placesOf(edge, page.nameOf))),
    several: new Set(edges.map((edge) => edge.witness.process)).size > 1,
    now: edges.find((edge) => edge.attempted)?.witness.at ?? 0,
  };
  return inReadingOrder(edges).flatMap((edge) => [
    ...headOf(edge, table, page),
    ...siteRows(placesOf(edge, page.nameOf), page.style, table.sites),
  ]);
}

function headOf(edge: CycleEdge, table: Table, { style, nameOf }: Page): readonly string[] {
  const word = edge.attempted ? 'attempted' : 'established';
  const pair = pairOf(edge, nameOf);
  const history = [`by ${edge.witness.owner}`];
  if (table.several) {
    history.push(`process ${processName(edge.witness.process)}`);
  }
  history.push(times(edge.count));
  const earlier = table.now - edge.witness.at;
  if (!edge.attempted && earlier > 0) {
    history.push(`first ${duration(earlier)} earlier`);
  }
  const head = `  ${style.strong(pad(word, WORD))}`;
  const blank = ' '.repeat(WORD + 2);
  if (cells(pair) > table.pair) {
    return [head + cut(pair, 84), ...wrap(history.join(', '), { indent: blank })];
  }
  const [first = '', ...rest] = wrap(history.join(', '), { indent: `${blank}${pad(pair, table.pair)}   ` });
  return [head + first.slice(blank.length), ...rest.map((line) => blank + line.trimStart())];
}

function pairOf({ from, to }: CycleEdge, nameOf: NameOf): string {
  return `${nameOf(from)} → ${nameOf(to)}`;
}

function placesOf({ from, to, witness, attempted }: CycleEdge, nameOf: NameOf): readonly Place[] {
  const asked = { label: `${nameOf(to)} asked${wantedAs(witness.kind)}`, site: witness.asked };
  return [
    { label: `${nameOf(from)} taken${heldAs(witness.kind)}`, site: witness.taken },
    attempted ? { ...asked, mark: 'closes the cycle' } : asked,
  ];
}

/** One owner that was seen doing two steps cannot do both at once: others like it can. */
const ORDINALS = ['', 'another ', 'a third '];

function actorsOf({ edges }: OrderCycleViolation, nameOf: NameOf): readonly Actor[] {
  const seen = new Map<string, number>();
  return inReadingOrder(edges).map(({ from, to, witness }) => {
    const same = seen.get(witness.owner) ?? 0;
    seen.set(witness.owner, same + 1);
    return {
      name: (ORDINALS[same] ?? 'one more ') + witness.owner,
      takes: `takes ${isCounting(from) ? 'the last unit of ' : ''}${nameOf(from)}${heldAs(witness.kind)}`,
      waits: `waits for ${nameOf(to)}`,
    };
  });
}

/** What the play does not show: a counting resource blocks only when all its units are held, and nobody was seen to play it. */
function conditions({ edges, confidence }: OrderCycleViolation, nameOf: NameOf): readonly string[] {
  const counting = edges.filter(({ from }) => isCounting(from));
  const sentences = counting.map(({ from, witness }) => {
    const others =
      from.capacity === 2 ? 'the other is held by an owner that does' : 'the others are held by owners that do';
    return `${nameOf(from)} has ${from.capacity} units: ${others} as ${witness.owner} does.`;
  });
  if (confidence === 'weak') {
    sentences.push('Only one owner was seen to go all these ways. It takes several, at the same time.');
  }
  return sentences.flatMap((sentence) => wrap(sentence, { indent: '      ' }));
}

function isCounting({ capacity }: ClassRef): boolean {
  return capacity > 1 && Number.isFinite(capacity);
}

/** The rarest step is the one to change: most of the code already agrees with the others. */
function remedy({ edges }: OrderCycleViolation, nameOf: NameOf): string {
  const ordered = inReadingOrder(edges);
  const rare = ordered.reduce((least, edge) => (edge.count < least.count ? edge : least));
  const others = ordered.filter((edge) => edge !== rare);
  const often = Math.min(...others.map((edge) => edge.count));
  const first = nameOf(rare.from);
  const second = nameOf(rare.to);
  const taken = rare.witness.taken ? ` at ${place(rare.witness.taken)}` : '';
  const asked = rare.witness.asked ? ` at ${place(rare.witness.asked)}` : '';
  const release = `or release ${first} before asking for ${second}${asked}.`;
  if (edges.length > 2) {
    const why = rare.count < often ? `the rarest step, seen ${times(rare.count)}` : 'the step that closed the cycle';
    return `take ${second} before ${first}${taken} (${why}), ${release}`;
  }
  const why =
    rare.count < often
      ? `this order was seen ${times(rare.count)}, the other ${times(often)}`
      : `both orders were seen ${times(often)}`;
  return `take ${second} before ${first}${taken} (${why}), ${release}`;
}
