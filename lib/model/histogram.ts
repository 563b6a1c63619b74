/**
 * Durations in milliseconds on a logarithmic scale, from a nanosecond to weeks, with 8 buckets in each octave.
 * To add one costs a logarithm and one store; memory is taken only when a duration falls outside of what was seen so far.
 * A percentile is wrong by less than 4.5 % of its value (`RELATIVE_ERROR`); count, sum, least and greatest are exact.
 */
import type { DurationStats } from './stats.ts';

const PER_OCTAVE = 8;
/** Half a bucket: its middle stands for all that is in it. */
export const RELATIVE_ERROR: number = 2 ** (1 / (2 * PER_OCTAVE)) - 1;
/** Below 2^-20 ms, a nanosecond, no clock tells anything: that, and zero, is the first bucket. */
const LOWEST = -20 * PER_OCTAVE - 1;
/** From 2^32 ms, seven weeks, all are in the last one. */
const HIGHEST = 32 * PER_OCTAVE;
/** Buckets are added in such portions. */
const PORTION = 4 * PER_OCTAVE;

export class Histogram {
  #count = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;
  /** The counts of the buckets from `#first` on. */
  #counts = new Float64Array(0);
  #first = 0;

  /** A histogram with what was written of another one. */
  static from(data: DurationStats): Histogram {
    const made = new Histogram();
    made.merge(data);
    return made;
  }

  get count(): number {
    return this.#count;
  }

  /** Milliseconds, all durations together. */
  get sum(): number {
    return this.#sum;
  }

  /** 0 where there is none. */
  get min(): number {
    return this.#count === 0 ? 0 : this.#min;
  }

  get max(): number {
    return this.#max;
  }

  /** 0 where there is none. */
  get mean(): number {
    return this.#count === 0 ? 0 : this.#sum / this.#count;
  }

  /** Adds a duration. What is below zero, as after a clock was put back, counts as zero. */
  add(milliseconds: number): void {
    const ms = Math.max(0, milliseconds) || 0;
    this.#put(bucketOf(ms), 1);
    this.#count++;
    this.#sum += ms;
    if (ms < this.#min) {
      this.#min = ms;
    }
    if (ms > this.#max) {
      this.#max = ms;
    }
  }

  /** Adds all that was written of another histogram. */
  merge({ count, sum, min, max, buckets }: DurationStats): void {
    if (count === 0) {
      return;
    }
    for (const [bucket, more] of buckets) {
      this.#put(clamp(Math.floor(bucket)), more);
    }
    this.#count += count;
    this.#sum += sum;
    this.#min = Math.min(this.#min, min);
    this.#max = Math.max(this.#max, max);
  }

  /**
   * The least duration that at least `percent` of all do not exceed, within `RELATIVE_ERROR` for what takes a nanosecond or more.
   * Exact for 0 and 100; 0 where there is none.
   * @throws RangeError for what is no number from 0 to 100
   */
  percentile(percent: number): number {
    if (!(percent >= 0 && percent <= 100)) {
      throw new RangeError(`percent: expected a number from 0 to 100, got ${percent}`);
    }
    const rank = Math.max(1, Math.ceil((percent / 100) * this.#count));
    if (percent === 0 || rank === 1) {
      return this.min;
    }
    if (rank >= this.#count) {
      return this.#max;
    }
    let seen = 0;
    const at = this.#counts.findIndex((count) => {
      seen += count;
      return seen >= rank;
    });
    return at < 0 ? this.#max : Math.min(this.#max, Math.max(this.#min, middleOf(this.#first + at)));
  }

  toJSON(): DurationStats {
    const buckets = [...this.#counts].flatMap((count, at): [number, number][] =>
      count === 0 ? [] : [[this.#first + at, count]],
    );
    return { count: this.#count, sum: this.#sum, min: this.min, max: this.#max, buckets };
  }

  #put(bucket: number, more: number): void {
    const at = this.#room(bucket);
    this.#counts[at] = (this.#counts[at] ?? 0) + more;
  }

  /** Where the bucket stands; there is room for it from here on. */
  #room(bucket: number): number {
    const at = bucket - this.#first;
    if (at >= 0 && at < this.#counts.length) {
      return at;
    }
    const isEmpty = this.#counts.length === 0;
    const from = Math.floor(bucket / PORTION) * PORTION;
    const first = isEmpty ? from : Math.min(this.#first, from);
    const end = Math.max(isEmpty ? from : this.#first + this.#counts.length, from + PORTION);
    const counts = new Float64Array(end - first);
    counts.set(this.#counts, isEmpty ? 0 : this.#first - first);
    this.#counts = counts;
    this.#first = first;
    return bucket - first;
  }
}

function bucketOf(ms: number): number {
  return ms === 0 ? LOWEST : clamp(Math.floor(Math.log2(ms) * PER_OCTAVE));
}

function clamp(bucket: number): number {
  return Math.min(HIGHEST, Math.max(LOWEST, bucket));
}

/** The geometric middle: as far from both ends, in proportion. */
function middleOf(bucket: number): number {
  return bucket === LOWEST ? 0 : 2 ** ((bucket + 0.5) / PER_OCTAVE);
}
