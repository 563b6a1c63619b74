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
    ].map((event) => describeRelease(state, { ...plain, ...event }, 'bad-release')[0]?.fingerprint);
    expect(fingerprints[0]).toBe(fingerprints[1]);
    expect(fingerprints[0]).not.toBe(fingerprints[2]);
  });

  it('shows where it was released, where it was taken, and where it was released before', () => {
    const state = stateOf();
    const lock = lockOf(state, 'a');
    const holder = holding(q, lock, { line: 2 });
    const event = { owner: p, lock, held: [], holder, site: at(1), lastReleased: at(3), exact: true };
    const [found] = describeRelease(state, event, 'wrong-owner-release');
    expect(found?.sites).toEqual([place(1), place(2), place(3)]);
  });
});
