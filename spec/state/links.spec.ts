import { linkedHolders } from '../../lib/state/links.ts';
import { asking, holding, lockOf, locksOf, ownerOf, stateOf } from '../rules/scene.ts';

const state = stateOf();
const p = ownerOf('p');
const [a, b, c] = locksOf(state, ['a', 'b', 'c']);
const [r, s] = [lockOf(state, 'r', 'rwlock'), lockOf(state, 'r', 'rwlock')];
const names = (held: ReturnType<typeof linkedHolders>): string[] => held.map(({ lock }) => lock.name);

describe('the holders that a wanted lock depends on', () => {
  it('are none where nothing is held', () => {
    expect(linkedHolders(asking(p, a))).toEqual([]);
  });

  it('are none for a try, which never waits', () => {
    expect(linkedHolders(asking(p, b, { held: [holding(p, a)], try: true }))).toEqual([]);
  });

  it('end with the first that could have waited: the deeper ones are linked through it', () => {
    expect(names(linkedHolders(asking(p, c, { held: [holding(p, a), holding(p, b)] })))).toEqual(['b']);
  });

  it('are all that were tried, and one more', () => {
    const held = [holding(p, r), holding(p, a), holding(p, b, { try: true })];
    expect(names(linkedHolders(asking(p, c, { held })))).toEqual(['b', 'a']);
  });

  it('go on below a recursive reader, which links nothing that a reader holds', () => {
    const held = [holding(p, a), holding(p, b), holding(p, r, { mode: 'recursive-shared' })];
    expect(names(linkedHolders(asking(p, c, { held })))).toEqual(['r', 'b']);
  });

  it('end with a plain reader, which was wanted like a writer', () => {
    const held = [holding(p, a), holding(p, r, { mode: 'shared' })];
    expect(names(linkedHolders(asking(p, c, { held })))).toEqual(['r']);
  });

  it('are not of the class of the wanted lock, and end with one of it all the same', () => {
    expect(names(linkedHolders(asking(p, s, { held: [holding(p, a), holding(p, r)] })))).toEqual([]);
    expect(names(linkedHolders(asking(p, s, { held: [holding(p, a), holding(p, r, { try: true })] })))).toEqual(['a']);
  });
});
