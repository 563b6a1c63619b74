import { fingerprint } from '../../lib/model/fingerprint.ts';
import { longHold } from '../../lib/rules/long-hold.ts';
import { holding, lockOf, ownerOf, place, refOf, stateOf } from './scene.ts';

const state = stateOf();
const held = holding(ownerOf('p'), lockOf(state, 'a'), { line: 3 });

describe('long-hold', () => {
  it('reports how long the lock was held, the limit, where it was taken, and how many waited', () => {
    expect(longHold(state, { held, ms: 250.4, limitMs: 200, waiters: 2 })).toEqual([
      {
        rule: 'long-hold',
        severity: 'warning',
        confidence: 'certain',
        fingerprint: fingerprint('long-hold', ['a', '/app/main.ts#work#3:1']),
        count: 1,
        message: 'p held a for 250 ms (the limit is 200 ms); 2 others waited for it.',
        owner: 'p',
        process: '42/1',
        sites: [place(3)],
        held: [{ lock: refOf('a'), mode: 'exclusive', site: place(3) }],
        lock: refOf('a'),
        ms: 250.4,
        limitMs: 200,
        site: place(3),
        waiters: 2,
        holders: [],
      },
    ]);
  });

  it.each([
    [0, 'nobody waited for it.'],
    [1, '1 other waited for it.'],
  ])('counts %d that waited', (waiters, end) => {
    expect(longHold(state, { held, ms: 250, limitMs: 200, waiters })[0]?.message).toMatch(end);
  });

  it('is one defect for each place, however long it was', () => {
    const named = (ms: number): string | undefined =>
      longHold(state, { held, ms, limitMs: 200, waiters: 0 })[0]?.fingerprint;
    expect(named(9000)).toBe(named(250));
  });

  it('is quiet below the limit', () => {
    expect(longHold(state, { held, ms: 199, limitMs: 200, waiters: 5 })).toEqual([]);
    expect(longHold(state, { held, ms: 200, limitMs: 200, waiters: 5 })).toHaveLength(1);
  });
});
