import { assertNoneHeld } from '../../lib/rules/assert-none-held.ts';
import { at, holding, locksOf, ownerOf, place, stateOf, TASK } from './scene.ts';

const p = ownerOf('p');
const CLAIM = { owner: p, situation: TASK, site: at(5) };

describe('assert-none-held', () => {
  it('names all that is held, and where the last was taken', () => {
    const state = stateOf();
    const [a, b] = locksOf(state, ['a', 'b']);
    const held = [holding(p, a, { line: 2 }), holding(p, b, { line: 3 })];
    expect(assertNoneHeld(state, { ...CLAIM, held })).toMatchObject([
      { rule: 'assert-none-held', message: 'p holds a, b.', sites: [place(5), place(3)] },
    ]);
  });

  it('is quiet where nothing is', () => {
    expect(assertNoneHeld(stateOf(), { ...CLAIM, held: [] })).toEqual([]);
  });
});
