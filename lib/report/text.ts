/**
 * The report for people: errors in full, warnings in short, then the verdict.
 * At most 100 columns wide, unless a path is longer. Severity can be read without colour: ✗ error, ! warning, ✓ clean, ? not checked.
 */
import type { Violation } from '../model/violation.ts';
import { wrap } from './part/columns.ts';
import { headline } from './part/headline.ts';
import { namesIn } from './part/names.ts';
import type { Page } from './part/page.ts';
import { printable } from './part/printable.ts';
import { shortForm } from './part/short.ts';
import { statsLines } from './part/stats.ts';
import { type Style, styleFor } from './part/style.ts';
import { summary } from './part/summary.ts';
import type { Report, ReporterOptions } from './report.ts';
import { adviceOf } from './rule/advice.ts';
import { blockOf } from './rule/index.ts';

/** The report as text, with a line break at its end. */
export function text(report: Report, options: ReporterOptions = {}): string {
  const style = styleFor(options.color ?? false);
  const fit = printable(report);
  const blocks = fit.violations.map((violation) => blockLines(violation, style));
  const stats = fit.stats === undefined ? [] : [statsLines(fit.stats, style)];
  return [...blocks, ...stats, summary(fit, style)].map((lines) => `${lines.join('\n')}\n`).join('\n');
}

/** One violation as text, as it is printed when it is found. */
export function violationText(violation: Violation, options: ReporterOptions = {}): string {
  return `${blockLines(printable(violation), styleFor(options.color ?? false)).join('\n')}\n`;
}

function blockLines(violation: Violation, style: Style): readonly string[] {
  const page: Page = { style, nameOf: namesIn(violation) };
  if (violation.severity === 'warning') {
    return [...shortForm(violation, page), ...adviceOf(violation, page)];
  }
  const paragraphs = [wrap(violation.message, { indent: '  ' }), ...blockOf(violation, page)];
  const body = paragraphs.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return [...headline(violation, page), body.join('\n\n')];
}
