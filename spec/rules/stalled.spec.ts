import { fingerprint } from '../../lib/model/fingerprint.ts';
import { stalled, type Wait } from '../../lib/rules/stalled.ts';
import { at, holding, locksOf, NOW, ownerOf, place, refOf, stateOf } from './scene.ts';

const [p, q, r] = [ownerOf('p', 1), ownerOf('q', 2), ownerOf('r', 3)];

describe('stalled', () => {
  it('reports who still waits, for what, for how long, and who holds it', () => {
    const state = stateOf();
    const [a, b] = locksOf(state, ['a', 'b']);
    const held = [holding(p, a, { line: 3 })];
    const holders = [holding(q, b, { line: 4 })];
    const wait: Wait = { owner: p, lock: b, held, holders, site: at(5), since: NOW - 250 };
    expect(stalled(state, { waits: [wait], severity: 'error' })).toEqual([
      {
        rule: 'stalled',
        severity: 'error',
        confidence: 'certain',
        fingerprint: fingerprint('stalled', ['b']),
        count: 1,
        message: 'The process ended while p still waited for b.',
        owner: 'p',
        process: '42/1',
        sites: [place(5), place(4)],
        held: [{ lock: refOf('a'), mode: 'exclusive', site: place(3) }],
        waits: [
          {
            owner: 'p',
            lock: refOf('b'),
            asked: place(5),
            waited: 250,
            held: [{ lock: refOf('a'), mode: 'exclusive', site: place(3) }],
            holders: [{ owner: 'q', site: place(4) }],
          },
        ],
      },
    ]);
  });

  it('is one finding for all who wait, whoever comes first', () => {
    const state = stateOf();
    const [a, b] = locksOf(state, ['a', 'b']);
    const waits: Wait[] = [
      { owner: p, lock: b, held: [holding(p, a)], holders: [holding(q, b)], site: at(5), since: NOW },
      { owner: q, lock: a, held: [holding(q, b)], holders: [holding(p, a)], site: at(6), since: NOW },
      { owner: r, lock: a, held: [], holders: [holding(p, a)], site: at(7), since: NOW },
    ];
    const [found, ...others] = stalled(state, { waits, severity: 'error' });
    const [turned] = stalled(state, { waits: waits.toReversed(), severity: 'error' });
    expect(others).toEqual([]);
    expect(found).toMatchObject({ message: 'The process ended while 3 owners still waited for locks.', owner: 'p' });
    expect(turned?.fingerprint).toBe(found?.fingerprint);
  });

  it('is a warning, and no more than possible, where the end came from outside', () => {
    const state = stateOf();
    const [a] = locksOf(state, ['a']);
    const wait: Wait = { owner: p, lock: a, held: [], holders: [], site: at(5), since: NOW };
    const [found] = stalled(state, { waits: [wait], severity: 'warning' });
    expect(found).toMatchObject({ severity: 'warning', confidence: 'possible', sites: [place(5)] });
  });

  it('is quiet where nobody waits', () => {
    expect(stalled(stateOf(), { waits: [], severity: 'error' })).toEqual([]);
  });
});
