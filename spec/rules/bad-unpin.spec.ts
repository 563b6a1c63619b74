import { badUnpin } from '../../lib/rules/bad-unpin.ts';
import { pinnedRelease } from '../../lib/rules/pinned-release.ts';
import { releaseOrder } from '../../lib/rules/release-order.ts';
import { at, holding, locksOf, ownerOf, place, stateOf } from './scene.ts';

const p = ownerOf('p');

describe('bad-unpin', () => {
  it.each(['not-held', 'not-pinned', 'other-cookie'] as const)('is reported: %s', (fault) => {
    const state = stateOf();
    const [lock] = locksOf(state, ['a']);
    const event = { owner: p, lock, held: [], site: at(5), act: 'unpins', pinned: null } as const;
    expect(badUnpin(state, { ...event, fault })).toMatchObject([{ rule: 'bad-unpin', sites: [place(5)] }]);
    expect(badUnpin(state, { ...event, fault: null })).toEqual([]);
  });
});

describe('a release', () => {
  const state = stateOf();
  const [a, b] = locksOf(state, ['a', 'b']);
  const [first, last] = [holding(p, a, { line: 2 }), holding(p, b, { line: 3 })];
  const held = [first, last];
  const event = { owner: p, held, lastReleased: null, exact: true, site: at(5) };

  it('of a pinned lock is reported', () => {
    const pinned = { ...event, lock: b, entry: last, holder: last };
    expect(pinnedRelease(state, { ...pinned, pin: at(4) })).toMatchObject([
      { message: 'p releases b while it is pinned.', sites: [place(5), place(4), place(3)] },
    ]);
    expect(pinnedRelease(state, pinned)).toEqual([]);
  });

  it('before one that was taken later is reported', () => {
    expect(releaseOrder(state, { ...event, lock: a, entry: first, holder: first })).toMatchObject([
      { rule: 'release-order', message: 'p releases a before b, which it took later.', sites: [place(5), place(3)] },
    ]);
    expect(releaseOrder(state, { ...event, lock: b, entry: last, holder: last })).toEqual([]);
    expect(releaseOrder(state, { ...event, lock: b, holder: undefined })).toEqual([]);
  });
});
