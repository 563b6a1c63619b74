import fc from 'fast-check';
import { Histogram, RELATIVE_ERROR } from '../../lib/model/histogram.ts';

/** From a nanosecond to a day, as often small as large. */
const durations = fc.array(
  fc.double({ min: -20, max: 26, noNaN: true }).map((octave) => 2 ** octave),
  { minLength: 1, maxLength: 300 },
);

function of(values: readonly number[]): Histogram {
  const made = new Histogram();
  for (const value of values) made.add(value);
  return made;
}

/** The slow and obvious one. */
function percentileOf(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(1, Math.ceil((percent / 100) * sorted.length)) - 1] as number;
}

describe('a histogram', () => {
  it('has count, sum, least, greatest and mean as they are', () => {
    fc.assert(
      fc.property(durations, (values) => {
        const all = of(values);
        const sum = values.reduce((total, value) => total + value, 0);
        expect(all).toMatchObject({ count: values.length, min: Math.min(...values), max: Math.max(...values), sum });
        expect(all.mean).toBe(sum / values.length);
      }),
    );
  });

  it('has every percentile within its relative error of the sorted list', () => {
    fc.assert(
      fc.property(durations, fc.double({ min: 0, max: 100, noNaN: true }), (values, percent) => {
        const [found, exact] = [of(values).percentile(percent), percentileOf(values, percent)];
        expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact * RELATIVE_ERROR * 1.000_001);
      }),
      { numRuns: 500 },
    );
    expect(RELATIVE_ERROR).toBeLessThan(0.045);
  });

  it('has the least and the greatest as percentiles 0 and 100', () => {
    const all = of([0.3, 7, 1000.1]);
    expect([all.percentile(0), all.percentile(100)]).toEqual([0.3, 1000.1]);
  });

  it('is the same after it was written and read', () => {
    fc.assert(
      fc.property(durations, (values) => {
        const all = of(values);
        expect(Histogram.from(JSON.parse(JSON.stringify(all))).toJSON()).toEqual(all.toJSON());
      }),
    );
  });

  it('that takes in another one is that of both', () => {
    fc.assert(
      fc.property(durations, durations, (some, others) => {
        const merged = of(some);
        merged.merge(of(others).toJSON());
        const { sum, ...rest } = of([...some, ...others]).toJSON();
        expect(merged.toJSON()).toMatchObject(rest);
        expect(merged.sum).toBeCloseTo(sum, 6);
      }),
    );
  });

  it('takes nothing, less than nothing and weeks', () => {
    const all = of([0, -5, Number.NaN, 2 ** 40]);
    expect(all).toMatchObject({ count: 4, min: 0, max: 2 ** 40 });
    expect(all.percentile(50)).toBe(0);
  });

  it('writes only the buckets that are not empty, in their order', () => {
    const { buckets } = of([1000, 1, 1, 1e-6]).toJSON();
    expect(buckets.map(([, count]) => count)).toEqual([1, 2, 1]);
    expect(buckets.map(([bucket]) => bucket)).toEqual(buckets.map(([bucket]) => bucket).toSorted((a, b) => a - b));
  });

  it('of nothing is all zeros', () => {
    const none = new Histogram();
    expect([none.min, none.max, none.mean, none.percentile(99)]).toEqual([0, 0, 0, 0]);
    none.merge(new Histogram().toJSON());
    expect(none.toJSON()).toEqual({ count: 0, sum: 0, min: 0, max: 0, buckets: [] });
  });

  it.each([-1, 101, Number.NaN])('has no percentile %d', (percent) => {
    expect(() => of([1]).percentile(percent)).toThrow(RangeError);
  });
});
