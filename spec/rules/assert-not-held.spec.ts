import { fingerprint } from '../../lib/model/fingerprint.ts';
import { assertNotHeld } from '../../lib/rules/assert-not-held.ts';
import { at, holding, locksOf, ownerOf, place, refOf, stateOf } from './scene.ts';

const [p, q] = [ownerOf('p', 1), ownerOf('q', 2)];

describe('assert-not-held', () => {
  it('is quiet if the owner does not hold the lock, whoever else does', () => {
    const state = stateOf();
    const [a, b] = locksOf(state, ['a', 'b']);
    const held = [holding(p, b)];
    expect(assertNotHeld(state, { owner: p, lock: a, held, holder: undefined, site: at(5) })).toEqual([]);
    expect(assertNotHeld(state, { owner: p, lock: a, held, holder: holding(q, a), site: at(5) })).toEqual([]);
  });

  it('fails if the owner holds the lock, at any depth', () => {
    const state = stateOf();
    const [a, b] = locksOf(state, ['a', 'b']);
    const mine = holding(p, a, { line: 4 });
    const found = assertNotHeld(state, { owner: p, lock: a, held: [mine, holding(p, b)], holder: mine, site: at(5) });
    expect(found).toEqual([
      {
        rule: 'assert-not-held',
        severity: 'error',
        confidence: 'certain',
        fingerprint: fingerprint('assert-not-held', ['a', '/app/main.ts#work#5:1']),
        count: 1,
        message: 'p holds a.',
        owner: 'p',
        process: '42/1',
        sites: [place(5), place(4)],
        held: [
          { lock: refOf('a'), mode: 'exclusive', site: place(4) },
          { lock: refOf('b'), mode: 'exclusive', site: null },
        ],
        lock: refOf('a'),
        asserted: place(5),
        holder: { owner: 'p', site: place(4) },
      },
    ]);
  });

  it('takes another lock of the class for another lock', () => {
    const state = stateOf();
    const [one, other] = locksOf(state, ['a', 'a']);
    const held = [holding(p, one)];
    expect(assertNotHeld(state, { owner: p, lock: other, held, holder: undefined, site: at(5) })).toEqual([]);
  });
});
