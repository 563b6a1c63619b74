/**
 * The report of snapshots for people, in one call.
 */
import type { Snapshot } from '../model/snapshot.ts';
import { merge } from './merge.ts';
import { text } from './text.ts';

/**
 * What `lockdep report` prints of these snapshots, all together: text of at most 100 columns, unless a path is longer.
 * @param snapshots one, or those of several checkers, processes or runs
 */
export function textReport(...snapshots: readonly Snapshot[]): string {
  return text(merge(snapshots));
}
