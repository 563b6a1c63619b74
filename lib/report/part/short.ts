/**
 * A violation in two or three lines: how warnings are shown.
 */
import type { Violation } from '../../model/violation.ts';
import { WIDTH, wrap } from './columns.ts';
import { headline } from './headline.ts';
import { place } from './names.ts';
import type { Page } from './page.ts';
import { placesOf } from './places.ts';

const MOST_PLACES = 2;

/** Headline, sentence, and the places that matter most. */
export function shortForm(violation: Violation, page: Page): readonly string[] {
  return [...headline(violation, page), ...wrap(violation.message, { indent: '  ' }), ...placeLines(violation, page)];
}

function placeLines(violation: Violation, { nameOf, style }: Page): readonly string[] {
  const known = placesOf(violation, nameOf).flatMap(({ label, site }) =>
    site === null ? [] : [{ plain: `${label} ${place(site)}`, painted: `${label} ${style.place(place(site))}` }],
  );
  const shown = known.slice(0, MOST_PLACES);
  const more = known.length > shown.length ? ` · and ${known.length - shown.length} more` : '';
  const line = `  ${shown.map(({ plain }) => plain).join(' · ')}${more}`;
  if (shown.length === 0) {
    return [];
  }
  return [...line].length <= WIDTH
    ? [`  ${shown.map(({ painted }) => painted).join(' · ')}${more}`]
    : shown.map(({ painted }) => `  ${painted}`);
}
