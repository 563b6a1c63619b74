import { heldRef, takenAt } from '../../lib/state/held.ts';
import { firstFrame } from '../../lib/state/site.ts';
import { at, holding, lockOf, ownerOf, place, refOf, stateOf } from '../rules/scene.ts';

const lock = lockOf(stateOf(), 'ledger', 'rwlock');
const p = ownerOf('p');

describe('where a held lock was taken', () => {
  it('is its own site if it has one', () => {
    const held = holding(p, lock, { line: 3 });
    held.chain.site = at(9);
    expect(takenAt(held)?.resolve(firstFrame)).toEqual(place(3));
  });

  it('is else the place where its chain was first gone', () => {
    const held = holding(p, lock);
    held.chain.site = at(9);
    expect(takenAt(held)?.resolve(firstFrame)).toEqual(place(9));
  });

  it('is unknown where neither is', () => {
    expect(takenAt(holding(p, lock))).toBeNull();
  });
});

describe('a held lock as data', () => {
  it('says class, mode and site', () => {
    const held = holding(p, lock, { mode: 'shared', line: 3 });
    expect(heldRef(held, firstFrame)).toEqual({ lock: refOf('ledger', 'rwlock'), mode: 'shared', site: place(3) });
  });

  it('has no site where none was captured', () => {
    expect(heldRef(holding(p, lock), firstFrame)).toEqual({
      lock: refOf('ledger', 'rwlock'),
      mode: 'exclusive',
      site: null,
    });
  });
});
