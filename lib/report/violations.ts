/**
 * One defect, one violation: the same fingerprint from several processes is the same defect.
 */
import type { Snapshot } from '../model/snapshot.ts';
import type { Confidence, Violation } from '../model/violation.ts';

const BY_CONFIDENCE: readonly Confidence[] = ['certain', 'possible', 'weak', 'guarded'];

/** All violations of the snapshots, counts summed. The most serious sighting is kept, among equals the first one's. */
export function uniteViolations(snapshots: readonly Snapshot[]): readonly Violation[] {
  const byFingerprint = new Map<string, Violation>();
  for (const seen of snapshots.flatMap((snapshot) => snapshot.violations)) {
    const known = byFingerprint.get(seen.fingerprint);
    if (known === undefined) {
      byFingerprint.set(seen.fingerprint, { ...seen });
      continue;
    }
    const kept = compareSeriousness(seen, known) < 0 ? seen : known;
    byFingerprint.set(seen.fingerprint, { ...kept, count: known.count + seen.count });
  }
  // Who found it may have been ended before it was written down: then those who heard of it say so, and count nothing.
  return [...byFingerprint.values()].map((violation) => ({ ...violation, count: Math.max(violation.count, 1) }));
}

/** Errors before warnings, certain before possible before weak, the most frequent first. */
export function inReportOrder(violations: readonly Violation[]): readonly Violation[] {
  return [...violations].sort(
    (left, right) =>
      compareSeriousness(left, right) || right.count - left.count || (left.fingerprint < right.fingerprint ? -1 : 1),
  );
}

function compareSeriousness(left: Violation, right: Violation): number {
  const severity = Number(left.severity !== 'error') - Number(right.severity !== 'error');
  return severity || BY_CONFIDENCE.indexOf(left.confidence) - BY_CONFIDENCE.indexOf(right.confidence);
}
