/**
 * The shape of what was measured of a class.
 */
import { owner, place } from './lock-shape.ts';
import { flag, listOf, nullable, number, record, type Shape, text } from './shape.ts';

const durations = record({
  count: number,
  sum: number,
  min: number,
  max: number,
  buckets: listOf(listOf(number, 2)),
});

const contendedSite = record({
  site: place,
  waits: number,
  waitMs: number,
  waitedFor: listOf(record({ ...owner, waits: number })),
});

export const stats: Shape = record({
  contentions: number,
  spins: number,
  wait: nullable(durations),
  hold: nullable(durations),
  longestHold: nullable(record({ ms: number, site: place, process: text })),
  sites: listOf(contendedSite),
  otherWaits: number,
  sampled: flag,
});
