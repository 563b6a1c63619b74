import { cycleFingerprint } from '../../lib/model/fingerprint.ts';
import type { DependencyKind, Mode } from '../../lib/model/lock.ts';
import { orderCycle } from '../../lib/rules/order-cycle.ts';
import { asking, at, depend, holding, locksOf, NOW, ownerOf, place, refOf, stateOf, witness } from './scene.ts';

const [p, q] = [ownerOf('p', 1), ownerOf('q', 2)];

describe('order-cycle', () => {
  it('reports a lock asked for under one that was asked for under it', () => {
    const state = stateOf();
    const [a, b] = locksOf(state, ['a', 'b']);
    depend(state, b, a, { owner: q, lines: [21, 22] });
    const held = [holding(p, a, { line: 11 })];
    expect(orderCycle(state, asking(p, b, { held, line: 12 }))).toEqual([
      {
        rule: 'order-cycle',
        severity: 'error',
        confidence: 'possible',
        fingerprint: cycleFingerprint(['a', 'b']),
        count: 1,
        message: 'p asks for b while holding a; q went the other way round.',
        owner: 'p',
        process: '42/1',
        sites: [place(12), place(11), place(22), place(21)],
        held: [{ lock: refOf('a'), mode: 'exclusive', site: place(11) }],
        edges: [
          {
            from: refOf('a'),
            to: refOf('b'),
            witness: { kind: 'EN', owner: 'p', taken: place(11), asked: place(12), at: NOW, process: '42/1' },
            count: 1,
            attempted: true,
          },
          {
            from: refOf('b'),
            to: refOf('a'),
            witness: { kind: 'EN', owner: 'q', taken: place(21), asked: place(22), at: NOW, process: '42/1' },
            count: 1,
            attempted: false,
          },
        ],
      },
    ]);
  });

  it('leads from each class of a longer cycle to the next and back to the first', () => {
    const state = stateOf();
    const [a, b, c, d] = locksOf(state, ['a', 'b', 'c', 'd']);
    for (const [from, to] of [
      [a, b],
      [b, c],
      [c, d],
    ] as const)
      depend(state, from, to, { owner: q });
    const [found] = orderCycle(state, asking(p, a, { held: [holding(p, d)] }));
    expect(found?.edges.map(({ from, to, attempted }) => [from.name, to.name, attempted])).toEqual([
      ['d', 'a', true],
      ['a', 'b', false],
      ['b', 'c', false],
      ['c', 'd', false],
    ]);
  });

  it('names everybody else who went a part of the cycle, once', () => {
    const state = stateOf();
    const [a, b, c] = locksOf(state, ['a', 'b', 'c']);
    depend(state, a, b, { owner: q });
    depend(state, b, c, { owner: q });
    const [found] = orderCycle(state, asking(p, a, { held: [holding(p, c)] }));
    expect(found?.message).toBe('p asks for a while holding c; q went the other way round.');
  });

  it('shows another owner where there is one', () => {
    const state = stateOf();
    const [a, b] = locksOf(state, ['a', 'b']);
    depend(state, b, a, { owner: p });
    depend(state, b, a, { owner: q });
    const [found] = orderCycle(state, asking(p, b, { held: [holding(p, a)] }));
    expect(found?.edges[1]?.witness.owner).toBe('q');
  });

  it('judges every lock that the owner holds by tries, and one more', () => {
    const state = stateOf();
    const [a, b, c, d] = locksOf(state, ['a', 'b', 'c', 'd']);
    for (const lock of [a, b, c]) depend(state, d, lock, { owner: q });
    const held = [holding(p, a), holding(p, b), holding(p, c, { try: true })];
    const found = orderCycle(state, asking(p, d, { held }));
    expect(found.map(({ edges }) => edges[0]?.from.name)).toEqual(['c', 'b']);
  });

  it('changes nothing', () => {
    const state = stateOf();
    const [a, b] = locksOf(state, ['a', 'b']);
    depend(state, b, a);
    const ask = asking(p, b, { held: [holding(p, a)] });
    expect(orderCycle(state, ask)).toEqual(orderCycle(state, ask));
    expect([state.dependencies.size, state.dependencies.find(a.class, b.class)]).toEqual([1, undefined]);
  });

  it('is quiet where nothing is held, and in an order that was used before', () => {
    const state = stateOf();
    const [a, b, c] = locksOf(state, ['a', 'b', 'c']);
    depend(state, a, b);
    depend(state, b, c);
    expect(orderCycle(state, asking(p, a))).toEqual([]);
    for (const [outer, inner] of [
      [a, b],
      [b, c],
      [a, c],
    ] as const) {
      expect(orderCycle(state, asking(p, inner, { held: [holding(p, outer)] }))).toEqual([]);
    }
  });

  it('is quiet about a try, which never waits', () => {
    const state = stateOf();
    const [a, b] = locksOf(state, ['a', 'b']);
    depend(state, b, a);
    expect(orderCycle(state, asking(p, b, { held: [holding(p, a)], try: true }))).toEqual([]);
  });

  it('is quiet about two locks of one class', () => {
    const state = stateOf();
    const [one, other] = locksOf(state, ['a', 'a']);
    expect(orderCycle(state, asking(p, other, { held: [holding(p, one)] }))).toEqual([]);
  });
});

describe('a cycle of readers and writers', () => {
  const wanted = (kind: DependencyKind): Mode => (kind.endsWith('R') ? 'recursive-shared' : 'exclusive');
  const holds = (kind: DependencyKind): Mode => (kind.startsWith('S') ? 'shared' : 'exclusive');
  const kinds: readonly DependencyKind[] = ['EN', 'ER', 'SN', 'SR'];
  const blocks = (arrives: DependencyKind, leaves: DependencyKind): boolean =>
    !(arrives.endsWith('R') && leaves.startsWith('S'));

  it.each(kinds.flatMap((there) => kinds.map((back) => [there, back] as const)))(
    'of %s there and %s back is judged by who blocks whom',
    (there, back) => {
      const state = stateOf();
      const [a, b] = locksOf(state, ['a', 'b']);
      depend(state, b, a, { kind: there });
      const held = [holding(p, a, { mode: holds(back) })];
      const found = orderCycle(state, asking(p, b, { held, mode: wanted(back) }));
      expect(found.length).toBe(blocks(there, back) && blocks(back, there) ? 1 : 0);
      expect(found[0]?.edges.map(({ witness }) => witness.kind)).toEqual(found[0] && [back, there]);
    },
  );

  it('shows how each step of the cycle was gone, not how else it was', () => {
    const state = stateOf();
    const [a, b] = locksOf(state, ['a', 'b']);
    depend(state, b, a, { kind: 'SR', owner: q, lines: [31, 32] });
    depend(state, b, a, { kind: 'EN', owner: q, lines: [41, 42] });
    const [found] = orderCycle(state, asking(p, b, { held: [holding(p, a, { mode: 'shared' })] }));
    expect(found?.edges[1]?.witness).toMatchObject({ kind: 'EN', taken: place(41), asked: place(42) });
  });
});

describe('the order of the sites', () => {
  it('is where each lock was asked for and then where the one before was taken, those of now first', () => {
    const state = stateOf();
    const [a, b, c] = locksOf(state, ['a', 'b', 'c']);
    depend(state, a, b, { lines: [1, 2] });
    depend(state, b, c, { lines: [3, 4] });
    const held = [holding(p, c, { line: 5 })];
    expect(orderCycle(state, asking(p, a, { held, line: 6 }))[0]?.sites.map(({ line }) => line)).toEqual([
      6, 5, 2, 1, 4, 3,
    ]);
  });

  it('leaves out what was not captured', () => {
    const state = stateOf();
    const [a, b] = locksOf(state, ['a', 'b']);
    state.dependencies.record(b.class, a.class, witness({ owner: q, asked: at(2) }));
    const [found] = orderCycle(state, asking(p, b, { held: [holding(p, a)], line: 6 }));
    expect(found?.sites.map(({ line }) => line)).toEqual([6, 2]);
    expect(found?.edges.map(({ witness: { taken } }) => taken)).toEqual([null, null]);
  });
});
