import { fingerprint } from '../../lib/model/fingerprint.ts';
import type { Release } from '../../lib/rules/release.ts';
import { wrongOwnerRelease } from '../../lib/rules/wrong-owner-release.ts';
import { at, holding, lockOf, ownerOf, place, refOf, stateOf } from './scene.ts';

const [p, q] = [ownerOf('p', 1), ownerOf('q', 2)];
const PLAIN = { owner: p, held: [], holder: undefined, lastReleased: null, exact: true } as const;

describe('wrong-owner-release', () => {
  it('reports a release of what another owner holds, and names it', () => {
    const state = stateOf();
    const lock = lockOf(state, 'a');
    const event: Release = { ...PLAIN, lock, holder: holding(q, lock, { line: 4 }), site: at(5) };
    expect(wrongOwnerRelease(state, event)).toEqual([
      {
        rule: 'wrong-owner-release',
        severity: 'error',
        confidence: 'certain',
        fingerprint: fingerprint('wrong-owner-release', ['a', '/app/main.ts#work#5:1']),
        count: 1,
        message: 'p releases a, which q holds.',
        owner: 'p',
        process: '42/1',
        sites: [place(5), place(4)],
        held: [],
        lock: refOf('a'),
        released: place(5),
        holder: { owner: 'q', site: place(4) },
        lastTaken: null,
        lastReleased: null,
        mismatch: null,
        act: 'releases',
      },
    ]);
  });

  it('is no more than a warning where the owner is only inferred', () => {
    const state = stateOf();
    const lock = lockOf(state, 'a');
    const event: Release = { ...PLAIN, lock, holder: holding(q, lock), site: at(5), exact: false };
    expect(wrongOwnerRelease(state, event)[0]).toMatchObject({ severity: 'warning', confidence: 'possible' });
  });

  it('is quiet about a counting resource: another owner may give a unit back', () => {
    const state = stateOf();
    const pool = lockOf(state, 'pool', 'semaphore', 2);
    expect(wrongOwnerRelease(state, { ...PLAIN, lock: pool, holder: holding(q, pool), site: at(5) })).toEqual([]);
  });

  it('leaves a lock that nobody holds to bad-release', () => {
    const state = stateOf();
    expect(wrongOwnerRelease(state, { ...PLAIN, lock: lockOf(state, 'a'), site: at(5) })).toEqual([]);
  });
});
