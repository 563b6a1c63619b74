/**
 * What the locks cost, as tables of at most 110 columns: per class, per level where there are any, and then the places.
 */
import type { ContendedSite } from '../../model/stats.ts';
import type { Place } from '../report.ts';
import type { ClassRow, Counted, Durations, LevelRow, ReportStats } from '../stats.ts';
import { wrap } from './columns.ts';
import { type NameOf, namesAmong, place } from './names.ts';
import { siteColumns, siteRows } from './sites.ts';
import type { Style } from './style.ts';
import { type Column, tableLines } from './table.ts';
import { compactCount, count, digits, shortTime } from './words.ts';

const MOST_ROWS = 20;
const MOST_SITES = 8;
const MOST_HOLDS = 5;
const WIDEST_NAME = 20;

const NOTHING = 'nobody waited for a lock';
const NOT_TIMED =
  'How long locks were held was not measured: use `lockdep run --stats`, LOCKDEP_STATS=1, or createLockdep({ stats: true }).';

/** The lines of the section. */
export function statsLines(stats: ReportStats, style: Style): readonly string[] {
  const nameOf = namesAmong(stats.classes);
  const shown = stats.classes.slice(0, MOST_ROWS);
  const isTimed = stats.classes.some(({ hold }) => hold !== null);
  return [
    ...(shown.length === 0 ? [style.strong(`  ${NOTHING}`)] : painted(classTable(shown, nameOf), style)),
    ...restLines(stats),
    ...(stats.levels.length === 0 ? [] : ['', ...painted(levelTable(stats.levels), style)]),
    ...waitLines(shown, nameOf, style),
    ...holdLines(shown, nameOf, style),
    ...(isTimed ? [] : ['', ...wrap(NOT_TIMED, { indent: '  ' })]),
  ];
}

function painted([head = '', ...rows]: readonly string[], style: Style): readonly string[] {
  return [style.strong(head), ...rows];
}

function classTable(rows: readonly ClassRow[], nameOf: NameOf): readonly string[] {
  const name: Column<ClassRow> = { head: 'class', cell: nameOf, most: WIDEST_NAME };
  return tableLines([name, ...columnsOf(rows)], rows);
}

function levelTable(levels: readonly LevelRow[]): readonly string[] {
  const rows = levels.slice(0, MOST_ROWS);
  const own: readonly Column<LevelRow>[] = [
    { head: 'level', cell: ({ level }) => String(level) },
    { head: 'classes', cell: ({ classes }) => classes.join(', '), most: WIDEST_NAME - 7 },
  ];
  const more = levels.length - rows.length;
  return [
    ...tableLines([...own, ...columnsOf(rows)], rows),
    ...(more > 0 ? [`  and ${count(more, 'more level')}`] : []),
  ];
}

/** Columns in which nothing would stand are left out. */
function columnsOf(rows: readonly Counted[]): readonly Column<Counted>[] {
  const time =
    (of: 'wait' | 'hold', what: keyof Durations): Column<Counted>['cell'] =>
    (row) =>
      row[of] === null ? '–' : shortTime(row[of][what]);
  return [
    { head: 'acquired', cell: ({ acquisitions }) => compactCount(acquisitions) },
    { head: 'waits', cell: ({ contentions }) => compactCount(contentions) },
    ...(rows.some(({ spins }) => spins > 0)
      ? [{ head: 'spins', cell: ({ spins }: Counted) => compactCount(spins) }]
      : []),
    ...(rows.some(({ wait }) => wait !== null)
      ? [
          { head: 'waited', cell: time('wait', 'total'), gap: 3 },
          { head: 'p50', cell: time('wait', 'p50') },
          { head: 'p99', cell: time('wait', 'p99') },
          { head: 'max', cell: time('wait', 'max') },
        ]
      : []),
    ...(rows.some(({ hold }) => hold !== null)
      ? [
          { head: 'held', cell: time('hold', 'total'), gap: 3 },
          { head: 'p99', cell: time('hold', 'p99') },
          { head: 'max', cell: time('hold', 'max') },
        ]
      : []),
  ];
}

function restLines({ classes, quiet }: ReportStats): readonly string[] {
  const more = classes.length - MOST_ROWS;
  return [
    ...(more > 0 ? [`  and ${count(more, 'more class', 'more classes')}: see --format json`] : []),
    ...(quiet.classes > 0 && classes.length > 0
      ? [
          `  and ${count(quiet.classes, 'class', 'classes')} for which nobody waited, acquired ${digits(quiet.acquisitions)}×`,
        ]
      : []),
  ];
}

interface Contended {
  readonly row: ClassRow;
  readonly at: ContendedSite;
}

function waitLines(rows: readonly ClassRow[], nameOf: NameOf, style: Style): readonly string[] {
  const all = rows.flatMap((row) => row.sites.map((at): Contended => ({ row, at })));
  const worst = all.sort((one, other) => other.at.waitMs - one.at.waitMs).slice(0, MOST_SITES);
  if (worst.length === 0) {
    return [];
  }
  const places = worst.map((one) => contendedPlace(one, nameOf));
  const columns = siteColumns(places);
  const lines = worst.flatMap(({ at }, index) => [
    ...siteRows(places.slice(index, index + 1), style, columns),
    ...holderLines(at),
  ]);
  const about = worst.some(({ row }) => row.sampled) ? ' (~ drawn from a sample)' : '';
  return ['', style.strong(`  waited longest in all${about}`), ...lines];
}

function contendedPlace({ row, at: { site, waits, waitMs } }: Contended, nameOf: NameOf): Place {
  const about = row.sampled ? '~' : '';
  return { label: `${nameOf(row)}  ${about}${compactCount(waits)}× ${about}${shortTime(waitMs)}`, site };
}

function holderLines({ waitedFor }: ContendedSite): readonly string[] {
  if (waitedFor.length === 0) {
    return [];
  }
  const holders = waitedFor.map(({ owner, site, waits }) => {
    return `${owner}${site === null ? '' : ` (${place(site)})`} ${compactCount(waits)}×`;
  });
  return wrap(`for ${holders.join(', ')}`, { indent: '          ' });
}

function holdLines(rows: readonly ClassRow[], nameOf: NameOf, style: Style): readonly string[] {
  const held = rows.flatMap((row) => (row.longestHold === null ? [] : [{ row, hold: row.longestHold }]));
  const longest = held.sort((one, other) => other.hold.ms - one.hold.ms).slice(0, MOST_HOLDS);
  if (longest.length === 0) {
    return [];
  }
  const places = longest.map(({ row, hold }) => ({ label: `${nameOf(row)}  ${shortTime(hold.ms)}`, site: hold.site }));
  return ['', style.strong('  held longest, taken'), ...siteRows(places, style)];
}
