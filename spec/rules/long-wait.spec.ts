import { fingerprint } from '../../lib/model/fingerprint.ts';
import { longWait } from '../../lib/rules/long-wait.ts';
import type { Wait } from '../../lib/rules/stalled.ts';
import { at, holding, lockOf, locksOf, NOW, ownerOf, place, refOf, stateOf } from './scene.ts';

const state = stateOf();
const [a, b] = locksOf(state, ['a', 'b']);
const [p, q, r, s] = ['p', 'q', 'r', 's'].map((name, id) => ownerOf(name, id + 1));

function wait(more: Partial<Wait> = {}): Wait {
  const owner = p ?? ownerOf('p');
  const holders = [holding(q ?? owner, b, { line: 4 })];
  return { owner, lock: b, held: [holding(owner, a, { line: 3 })], holders, site: at(5), since: NOW - 250, ...more };
}

describe('long-wait', () => {
  it('reports how long it was, the limit, where the lock was asked for, and who held it', () => {
    expect(longWait(state, { wait: wait(), ms: 250, limitMs: 200 })).toEqual([
      {
        rule: 'long-wait',
        severity: 'warning',
        confidence: 'certain',
        fingerprint: fingerprint('long-wait', ['b', '/app/main.ts#work#5:1']),
        count: 1,
        message: 'p waited for b for 250 ms (the limit is 200 ms); q held it.',
        owner: 'p',
        process: '42/1',
        sites: [place(5), place(4)],
        held: [{ lock: refOf('a'), mode: 'exclusive', site: place(3) }],
        lock: refOf('b'),
        ms: 250,
        limitMs: 200,
        site: place(5),
        waiters: 0,
        holders: [{ owner: 'q', site: place(4) }],
      },
    ]);
  });

  it('counts the holders, each owner once', () => {
    const pool = lockOf(state, 'pool', 'semaphore', 4);
    const by = (...owners: readonly (typeof p)[]): string | undefined => {
      const holders = owners.flatMap((owner) => (owner === undefined ? [] : [holding(owner, pool)]));
      return longWait(state, { wait: wait({ lock: pool, holders }), ms: 250, limitMs: 200 })[0]?.message;
    };
    expect(by(q, q)).toMatch(/; q held it\.$/);
    expect(by(q, r)).toMatch(/; q and 1 other held it\.$/);
    expect(by(q, r, s)).toMatch(/; q and 2 others held it\.$/);
    expect(by()).toBe('p waited for pool for 250 ms (the limit is 200 ms).');
  });

  it('is quiet below the limit', () => {
    expect(longWait(state, { wait: wait(), ms: 199.9, limitMs: 200 })).toEqual([]);
    expect(longWait(state, { wait: wait(), ms: 200, limitMs: 200 })).toHaveLength(1);
  });
});
