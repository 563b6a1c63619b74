/**
 * The report for programs. Fields are only added within a schema; anything else changes its name.
 */
import type { Report } from './report.ts';

/** Name of this version of the format. */
export const REPORT_SCHEMA = 'lockdep-report/1';

/** The whole report as JSON, with a line break at its end. */
export function json(report: Report): string {
  return `${JSON.stringify({ schema: REPORT_SCHEMA, ...report }, null, 2)}\n`;
}
