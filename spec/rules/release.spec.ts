import { describeRelease } from '../../lib/rules/release.ts';
import { at, holding, lockOf, ownerOf, place, stateOf } from './scene.ts';

const [p, q] = [ownerOf('p', 1), ownerOf('q', 2)];

describe('a wrong release', () => {
  it('is one defect for each place that releases, whoever does', () => {
    const state = stateOf();
    const lock = lockOf(state, 'a');
    const plain = { lock, held: [], holder: undefined, lastReleased: null, exact: true };
    const fingerprints = [
      { owner: p, site: at(5) },
      { owner: q, site: at(5) },
      { owner: p, site: at(6) },
    ].map((event) => describeRelease(state, { ...plain, ...event }, { rule: 'bad-release' })[0]?.fingerprint);
    expect(fingerprints[0]).toBe(fingerprints[1]);
    expect(fingerprints[0]).not.toBe(fingerprints[2]);
  });

  it('says what the owner does, and how it holds the lock where that is what is wrong', () => {
    const state = stateOf();
    const lock = lockOf(state, 'a', 'rwlock');
    const mine = holding(p, lock, { mode: 'shared', line: 2 });
    const plain = { owner: p, lock, held: [mine], site: at(1), lastReleased: null, exact: true };
    const own = { ...plain, entry: mine, holder: mine, mode: 'exclusive' } as const;
    const said = [
      describeRelease(state, { ...plain, holder: undefined, verb: 'downgrades' }, { rule: 'bad-release' }),
      describeRelease(state, own, { rule: 'bad-release', mismatch: 'mode' }),
      describeRelease(state, own, { rule: 'bad-release', mismatch: 'interrupted' }),
    ].flat();
    expect(said.map(({ message, act, mismatch }) => [message, act, mismatch])).toEqual([
      ['p downgrades a, which nobody holds.', 'downgrades', null],
      ['p releases a, which it holds as shared, not as exclusive.', 'releases', 'mode'],
      ['p releases a, which the code that it interrupted holds.', 'releases', 'interrupted'],
    ]);
  });

  it('names where it was last taken and given back, if that is known', () => {
    const state = stateOf();
    const plain = { owner: p, lock: lockOf(state, 'a'), held: [], holder: undefined, exact: true };
    const event = { ...plain, site: at(1), lastTaken: at(2), lastReleased: at(3) };
    const [found] = describeRelease(state, event, { rule: 'bad-release' });
    expect(found).toMatchObject({ sites: [place(1), place(3), place(2)], lastTaken: place(2), lastReleased: place(3) });
  });

  it('shows where it was released, where it was taken, and where it was released before', () => {
    const state = stateOf();
    const lock = lockOf(state, 'a');
    const holder = holding(q, lock, { line: 2 });
    const event = { owner: p, lock, held: [], holder, site: at(1), lastReleased: at(3), exact: true };
    const [found] = describeRelease(state, event, { rule: 'wrong-owner-release' });
    expect(found?.sites).toEqual([place(1), place(2), place(3)]);
  });
});
