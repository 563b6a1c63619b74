/**
 * The formats by name. A new format is a new file and a new row.
 */
import { compact } from './compact.ts';
import { json } from './json.ts';
import type { Reporter } from './report.ts';
import { text } from './text.ts';

/** Name → reporter. A Map, because the name comes from a command line. */
export const REPORTERS: ReadonlyMap<string, Reporter> = new Map<string, Reporter>([
  ['text', text],
  ['json', json],
  ['compact', compact],
]);
