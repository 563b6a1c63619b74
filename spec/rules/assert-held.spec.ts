import { fingerprint } from '../../lib/model/fingerprint.ts';
import { assertHeld } from '../../lib/rules/assert-held.ts';
import { at, holding, lockOf, locksOf, ownerOf, place, refOf, stateOf } from './scene.ts';

const [p, q] = [ownerOf('p', 1), ownerOf('q', 2)];

describe('assert-held', () => {
  it('is quiet if the owner holds the lock, in any mode and at any depth', () => {
    const state = stateOf();
    const [a, b, r] = [...locksOf(state, ['a', 'b']), lockOf(state, 'r', 'rwlock')];
    for (const mode of ['exclusive', 'shared', 'recursive-shared'] as const) {
      const mine = holding(p, r, { mode });
      const held = [holding(p, a), mine, holding(p, b)];
      expect(assertHeld(state, { owner: p, lock: r, held, holder: mine, site: at(5) })).toEqual([]);
    }
  });

  it('fails if nobody holds the lock', () => {
    const state = stateOf();
    const lock = lockOf(state, 'a');
    expect(assertHeld(state, { owner: p, lock, held: [], holder: undefined, site: at(5) })).toEqual([
      {
        rule: 'assert-held',
        severity: 'error',
        confidence: 'certain',
        fingerprint: fingerprint('assert-held', ['a', '/app/main.ts#work#5:1']),
        count: 1,
        message: 'p does not hold a.',
        owner: 'p',
        process: '42/1',
        sites: [place(5)],
        held: [],
        lock: refOf('a'),
        asserted: place(5),
        holder: null,
      },
    ]);
  });

  it('names who else holds it, and where it was taken', () => {
    const state = stateOf();
    const [a, b] = locksOf(state, ['a', 'b']);
    const held = [holding(p, b, { line: 3 })];
    const holder = holding(q, a, { line: 4 });
    const [found] = assertHeld(state, { owner: p, lock: a, held, holder, site: at(5) });
    expect(found).toMatchObject({
      message: 'p does not hold a; q holds it.',
      sites: [place(5), place(4)],
      held: [{ lock: refOf('b'), mode: 'exclusive', site: place(3) }],
      holder: { owner: 'q', site: place(4) },
    });
  });

  it('takes another lock of the class for another lock', () => {
    const state = stateOf();
    const [one, other] = locksOf(state, ['a', 'a']);
    const held = [holding(p, one)];
    expect(assertHeld(state, { owner: p, lock: other, held, holder: undefined, site: at(5) })).toHaveLength(1);
  });
});
