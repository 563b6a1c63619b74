import { nestNotHeld } from '../../lib/rules/nest-not-held.ts';
import { asking, holding, locksOf, ownerOf, place, stateOf } from './scene.ts';

const [p, q] = [ownerOf('p', 1), ownerOf('q', 2)];

describe('nest-not-held', () => {
  it('is reported where the guard is not held, however often the lock is', () => {
    const state = stateOf();
    const [a, guard] = locksOf(state, ['a', 'guard']);
    const attempt = { ...asking(p, a, { line: 5, held: [holding(p, a)] }), nest: guard };
    expect(nestNotHeld(state, attempt)).toMatchObject([
      { message: 'p takes a as nested under guard, which it does not hold.', sites: [place(5)] },
    ]);
    expect(nestNotHeld(state, { ...attempt, isRetaken: true })[0]?.message).toContain('still holds a as nested');
  });

  it('is quiet where it is held, or none is named', () => {
    const state = stateOf();
    const [a, guard] = locksOf(state, ['a', 'guard']);
    expect(nestNotHeld(state, { ...asking(p, a, { held: [holding(p, guard)] }), nest: guard })).toEqual([]);
    expect(nestNotHeld(state, { ...asking(q, a), nest: null })).toEqual([]);
    expect(nestNotHeld(state, asking(q, a))).toEqual([]);
  });
});
