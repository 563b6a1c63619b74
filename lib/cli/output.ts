/**
 * Where the report goes, and what the exit code says.
 */
import { closeSync, openSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { REPORTERS } from '../report/index.ts';
import { count } from '../report/part/words.ts';
import type { Report, Verdict } from '../report/report.ts';
import { inWords, KnownError } from './problem.ts';

export interface OutputOptions {
  readonly format: string;
  /** A file to write to, instead of the stream. */
  readonly output?: string | undefined;
}

/** The stream that a report goes to where no file is named. */
export interface Stream {
  readonly write: (text: string) => void;
  readonly color: boolean;
}

const EXIT_CODES: Readonly<Record<Verdict, number>> = { clean: 0, violations: 1, 'could-not-check': 2 };

/** 0 clean, 1 errors, 2 could not check. */
export function exitCodeOf(report: Report): number {
  return EXIT_CODES[report.verdict];
}

const FORMATS_WITH_STATS: readonly string[] = ['text', 'json'];

/** @throws KnownError where the format has no place for what the locks cost, and that was asked for */
export function checkStats(stats: boolean, name: string): void {
  if (stats && !FORMATS_WITH_STATS.includes(name)) {
    throw new KnownError(`the format '${name}' has no place for --stats; choose ${FORMATS_WITH_STATS.join(' or ')}`);
  }
}

/** The text of the report in this format. */
export function format(report: Report, { format: name, output }: OutputOptions, color: boolean): string {
  const reporter = REPORTERS.get(name);
  if (reporter === undefined) {
    throw new KnownError(`no format '${name}'; there are ${[...REPORTERS.keys()].join(', ')}`);
  }
  return reporter(report, { color: color && output === undefined });
}

/**
 * Writes the report to its file, or else to the stream. Gives the line to show instead of it, if it went to a file.
 * @throws KnownError if the file cannot be written
 */
export function deliver(report: Report, options: OutputOptions, stream: Stream): string {
  const text = format(report, options, stream.color);
  if (options.output === undefined) {
    stream.write(text);
    return '';
  }
  try {
    writeFileSync(options.output, text);
  } catch (error) {
    throw unwritable(options.output, error);
  }
  const { errors, warnings } = report.counts;
  const verdict = report.verdict === 'could-not-check' ? 'could not check, ' : '';
  return `${verdict}${count(errors, 'error')}, ${count(warnings, 'warning')}; see ${options.output}`;
}

/**
 * Proves that the file can be written, before the command is run for nothing. What it holds stays until the report is there.
 * @throws KnownError if it cannot
 */
export function proveOutput(output: string | undefined): void {
  if (output === undefined) {
    return;
  }
  try {
    closeSync(openSync(output, 'a'));
  } catch (error) {
    throw unwritable(output, error);
  }
}

/** The file of `--output`, seen from the folder in which the command was given. */
export function resolveOutput(output: string | undefined, cwd: string): string | undefined {
  return output === undefined ? undefined : path.resolve(cwd, output);
}

/** As short as it can be while it still leads there. */
export function nearPath(file: string, cwd: string): string {
  const relative = path.relative(cwd, file);
  return relative === '' || relative.startsWith('..') ? file : relative;
}

function unwritable(output: string, error: unknown): KnownError {
  return new KnownError(`cannot write the report to ${output}: ${inWords(error)}; choose another file with --output`);
}
