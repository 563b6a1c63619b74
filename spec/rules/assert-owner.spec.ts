import { assertOwner } from '../../lib/rules/assert-owner.ts';
import { at, ownerOf, place, stateOf, TASK } from './scene.ts';

const CLAIM = { owner: ownerOf('p'), held: [], situation: TASK, site: at(5) };

describe('assert-owner', () => {
  it('is reported of another one', () => {
    expect(assertOwner(stateOf(), { ...CLAIM, expected: 'q' })).toMatchObject([
      { rule: 'assert-owner', message: 'p runs what only q may.', asserted: place(5), holder: null, lock: null },
    ]);
  });

  it('is quiet of the one that is meant', () => {
    expect(assertOwner(stateOf(), { ...CLAIM, expected: 'p' })).toEqual([]);
  });
});
