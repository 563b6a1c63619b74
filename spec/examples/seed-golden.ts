/**
 * What the programs of examples/seeds print, compared byte for byte with spec/golden/examples: `UPDATE_GOLDEN=1 npx jest spec/examples`
 * writes the texts anew.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ProcessResult, ROOT } from '../support/run.ts';
import { partsOf, rulesIn } from '../support/seeds.ts';

const GOLDEN = join(ROOT, 'spec/golden/examples');

/** Title of a part of a program, and the rules that it reports. */
export type Part = readonly [title: string, rules: readonly string[]];

export function reportedParts(result: ProcessResult): readonly Part[] {
  return [...partsOf(result)].map(([title, text]) => [title, rulesIn(text)]);
}

/** What a part printed. */
export function textOf(result: ProcessResult, title: string): string {
  return partsOf(result).get(title) ?? `(there is no part '${title}')`;
}

/** The text that a program is to print. */
export function golden(folder: string, printed: string): string {
  const file = join(GOLDEN, `seeds-${folder}.txt`);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    writeFileSync(file, printed);
  }
  return existsSync(file) ? readFileSync(file, 'utf8') : `(there is no golden text ${file})`;
}
