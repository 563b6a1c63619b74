import { declaredOrder, declaredTooLate } from '../../lib/rules/declared-order.ts';
import { asking, depend, holding, locksOf, ownerOf, place, stateOf } from './scene.ts';

const p = ownerOf('p');

describe('declared-order', () => {
  it('is reported at the first acquire against it', () => {
    const state = stateOf();
    const [a, b] = locksOf(state, ['a', 'b']);
    const attempt = asking(p, a, { held: [holding(p, b, { line: 3 })], line: 5 });
    expect(declaredOrder(state, attempt)).toEqual([]);
    state.declared.add(['a', 'x', 'b']);
    expect(declaredOrder(state, attempt)).toMatchObject([
      { rule: 'declared-order', declared: ['a', 'x', 'b'], sites: [place(5), place(3)] },
    ]);
    expect(declaredOrder(state, { ...attempt, try: true })).toEqual([]);
    expect(declaredOrder(state, asking(p, b, { held: [holding(p, a)] }))).toEqual([]);
  });

  it('is reported of what was seen before', () => {
    const state = stateOf();
    const [a, b, c] = locksOf(state, ['a', 'b', 'c']);
    depend(state, b, a, { lines: [3, 5] });
    depend(state, b, c);
    state.declared.add(['a', 'b']);
    expect(declaredTooLate(state, { names: ['a', 'b'] })).toMatchObject([
      { owner: 'earlier', declared: ['a', 'b'], sites: [place(5), place(3)] },
    ]);
  });
});
