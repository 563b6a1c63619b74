import { fingerprint } from '../../lib/model/fingerprint.ts';
import { badRelease } from '../../lib/rules/bad-release.ts';
import type { Release } from '../../lib/rules/release.ts';
import { at, holding, lockOf, locksOf, ownerOf, place, refOf, stateOf } from './scene.ts';

const [p, q] = [ownerOf('p', 1), ownerOf('q', 2)];
const PLAIN = { owner: p, held: [], holder: undefined, lastReleased: null, exact: true } as const;

describe('bad-release', () => {
  it('reports a release of what nobody holds', () => {
    const state = stateOf();
    const [a, b] = locksOf(state, ['a', 'b']);
    const event: Release = { ...PLAIN, lock: a, held: [holding(p, b, { line: 3 })], site: at(5) };
    expect(badRelease(state, event)).toEqual([
      {
        rule: 'bad-release',
        severity: 'error',
        confidence: 'certain',
        fingerprint: fingerprint('bad-release', ['a', '/app/main.ts#work#5:1']),
        count: 1,
        message: 'p releases a, which nobody holds.',
        owner: 'p',
        process: '42/1',
        sites: [place(5)],
        held: [{ lock: refOf('b'), mode: 'exclusive', site: place(3) }],
        lock: refOf('a'),
        released: place(5),
        holder: null,
        lastTaken: null,
        lastReleased: null,
        mismatch: null,
        act: 'releases',
      },
    ]);
  });

  it('names where the lock was released before', () => {
    const state = stateOf();
    const event: Release = { ...PLAIN, lock: lockOf(state, 'a'), site: at(5), lastReleased: at(4) };
    expect(badRelease(state, event)[0]).toMatchObject({ sites: [place(5), place(4)], lastReleased: place(4) });
  });

  it('reports a counting resource of which no unit is out', () => {
    const state = stateOf();
    const event: Release = { ...PLAIN, lock: lockOf(state, 'pool', 'semaphore', 3), site: at(5) };
    expect(badRelease(state, event)).toHaveLength(1);
  });

  it('is certain even where the owner is only inferred: nobody at all holds the lock', () => {
    const state = stateOf();
    const event: Release = { ...PLAIN, lock: lockOf(state, 'a'), site: at(5), exact: false };
    expect(badRelease(state, event)[0]).toMatchObject({ severity: 'error', confidence: 'certain' });
  });

  it('reports a release in another mode than that in which the owner holds the lock', () => {
    const state = stateOf();
    const lock = lockOf(state, 'a', 'rwlock');
    const modes = ['exclusive', 'shared', 'recursive-shared'] as const;
    const wrong = modes.flatMap((taken) => {
      const entry = holding(p, lock, { mode: taken });
      const own = { ...PLAIN, lock, held: [entry], entry, holder: entry, site: at(5) };
      return modes.filter((mode) => badRelease(state, { ...own, mode }).length > 0).map((mode) => [taken, mode]);
    });
    expect(wrong).toEqual([
      ['exclusive', 'shared'],
      ['exclusive', 'recursive-shared'],
      ['shared', 'exclusive'],
      ['recursive-shared', 'exclusive'],
    ]);
  });

  it('is quiet about what the owner holds, unless the code that it interrupted took it', () => {
    const state = stateOf();
    const lock = lockOf(state, 'a');
    const entry = holding(p, lock, { line: 4 });
    const own = { ...PLAIN, lock, held: [entry], entry, holder: entry, site: at(5) };
    expect(badRelease(state, own)).toEqual([]);
    expect(badRelease(state, { ...own, isInterrupted: true })).toMatchObject([
      { mismatch: 'interrupted', holder: { owner: 'p', site: place(4) } },
    ]);
  });

  it('leaves a lock that somebody holds to wrong-owner-release', () => {
    const state = stateOf();
    const lock = lockOf(state, 'a');
    expect(badRelease(state, { ...PLAIN, lock, holder: holding(q, lock), site: at(5) })).toEqual([]);
  });
});
