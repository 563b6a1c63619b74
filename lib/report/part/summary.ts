/**
 * The end of the text report: the verdict with its counts, what was watched, and everything that a reader must not miss.
 */
import type { AdapterStatus, SnapshotAdapter } from '../../model/snapshot.ts';
import type { Reason, Report } from '../report.ts';
import { wrap } from './columns.ts';
import type { Style } from './style.ts';
import { count } from './words.ts';

/** The last lines of the report. */
export function summary(report: Report, style: Style): readonly string[] {
  return [
    ...verdictLines(report, style),
    ...watchedLines(report, style),
    ...report.limits.flatMap((limit) => remark('limit', limit, style.warning)),
    ...report.notes.flatMap((note) => remark('note', note, style.faint)),
  ];
}

function verdictLines(report: Report, style: Style): readonly string[] {
  const facts = ` · ${factsOf(report).join(' · ')}`;
  switch (report.verdict) {
    case 'could-not-check':
      return [
        ...report.reasons.flatMap((reason) => reasonLines(reason, style)),
        ...(report.totals.processes > 0 ? paint(countsOf(report) + facts, { sign: '  ' }) : []),
      ];
    case 'clean':
      return paint((report.counts.warnings > 0 ? countsOf(report) : 'no violations') + facts, {
        sign: '✓ ',
        style: style.good,
      });
    case 'violations':
      return [
        ...paint(countsOf(report) + facts, { sign: '✗ ', style: style.error }),
        ...report.reasons.flatMap((reason) => reasonLines(reason, style)),
      ];
  }
}

function countsOf({ counts }: Report): string {
  return `${count(counts.errors, 'error')}, ${count(counts.warnings, 'warning')}`;
}

function factsOf({ counts, totals }: Report): readonly string[] {
  const seen = [
    count(totals.classes, 'class', 'classes'),
    count(totals.dependencies, 'dependency', 'dependencies'),
    count(totals.acquisitions, 'acquisition'),
  ];
  const who = [count(totals.processes, 'process', 'processes')];
  if (totals.threads > 0) {
    who.push(count(totals.threads, 'worker'));
  }
  const suppressed = [];
  if (counts.guarded > 0) {
    suppressed.push(`${count(counts.guarded, 'finding')} guarded, not shown`);
  }
  if (totals.refuted > 0) {
    suppressed.push(`${count(totals.refuted, 'finding')} refuted`);
  }
  return [seen.join(', '), who.join(', '), ...suppressed];
}

/** Why it could not be checked, and what to do: the same form whether or not there are errors besides. */
function reasonLines({ why, remedy }: Reason, style: Style): readonly string[] {
  return paint(`could not check · ${why} · ${remedy}`, { sign: '? ', style: style.warning });
}

const UNWATCHED: ReadonlyMap<AdapterStatus, string> = new Map([
  ['unsupported-version', 'version not known'],
  ['loaded-before', 'loaded before lockdep: import lockdep/register first'],
  ['no-adapter', 'no adapter'],
  ['failed', 'its adapter failed'],
]);

/** What was watched and how much of it, and what was loaded and not watched: silence must not look like a clean run. */
function watchedLines({ adapters, totals }: Report, style: Style): readonly string[] {
  const named = ({ name, version }: SnapshotAdapter): string => `${name} ${version}`;
  const watched = adapters.filter(({ status }) => status === 'watched').map(named);
  const seen = `${count(totals.instances, 'lock')}, ${count(totals.owners, 'owner')}`;
  const unwatched = adapters
    .filter(({ status }) => UNWATCHED.has(status))
    .map((adapter) => `${named(adapter)} (${UNWATCHED.get(adapter.status)})`);
  return [
    ...(watched.length === 0 ? [] : remark('watched', `${watched.join(', ')} · ${seen}`, style.faint)),
    ...(unwatched.length === 0 ? [] : remark('limit', `not watched: ${unwatched.join(', ')}`, style.warning)),
  ];
}

function remark(word: string, text: string, style: (text: string) => string): readonly string[] {
  const indent = `  ${word.padEnd(7)}  `;
  const [first = '', ...rest] = wrap(text, { indent });
  return [style(first.slice(0, indent.length)) + first.slice(indent.length), ...rest];
}

function paint(text: string, { sign, style }: { sign: string; style?: (text: string) => string }): readonly string[] {
  const [first = '', ...rest] = wrap(text, { indent: sign });
  const end = first.indexOf(' · ') < 0 ? first.length : first.indexOf(' · ');
  return [(style ?? String)(first.slice(0, end)) + first.slice(end), ...rest];
}
