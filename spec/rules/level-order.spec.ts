import { levelOrder } from '../../lib/rules/level-order.ts';
import { type LockInstance, NO_TRAITS } from '../../lib/state/classes.ts';
import type { State } from '../../lib/state/state.ts';
import { asking, holding, lockOf, ownerOf, place, stateOf } from './scene.ts';

const p = ownerOf('p');

function levelled(state: State, name: string, level: number | null): LockInstance {
  const lock = lockOf(state, name);
  lock.class.traits = { ...NO_TRAITS, level };
  return lock;
}

describe('level-order', () => {
  it.each([
    [2, 1, 1],
    [2, 2, 1],
    [1, 2, 0],
    [null, 1, 0],
    [1, null, 0],
  ])('level %p held, %p wanted: %i findings', (outer, inner, count) => {
    const state = stateOf();
    const held = [holding(p, levelled(state, 'a', outer), { line: 3 })];
    const wanted = levelled(state, 'b', inner);
    const found = levelOrder(state, asking(p, wanted, { held, line: 5 }));
    expect(found).toHaveLength(count);
    for (const one of found)
      expect([one.levels, one.sites]).toEqual([{ lock: inner, other: outer }, [place(5), place(3)]]);
    expect(levelOrder(state, asking(p, wanted, { held, try: true }))).toEqual([]);
  });
});
