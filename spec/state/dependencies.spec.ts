import type { DependencyKind } from '../../lib/model/lock.ts';
import type { LockClass } from '../../lib/state/classes.ts';
import { type DependencyTable, dependencyKind, type RawWitness } from '../../lib/state/dependencies.ts';
import { depend, locksOf, ownerOf, stateOf, witness } from '../rules/scene.ts';

const [p, q, r] = [ownerOf('p', 1), ownerOf('q', 2), ownerOf('r', 3)];

function by(kind: DependencyKind, owner = p): RawWitness {
  return witness({ kind, owner });
}

function scene(): { table: DependencyTable; a: LockClass; b: LockClass; c: LockClass; d: LockClass } {
  const state = stateOf();
  const [a, b, c, d] = locksOf(state, ['a', 'b', 'c', 'd']);
  return { table: state.dependencies, a: a.class, b: b.class, c: c.class, d: d.class };
}

describe('the kind of a dependency', () => {
  it.each([
    ['exclusive', 'exclusive', 'EN'],
    ['exclusive', 'shared', 'EN'],
    ['exclusive', 'recursive-shared', 'ER'],
    ['shared', 'exclusive', 'SN'],
    ['shared', 'shared', 'SN'],
    ['shared', 'recursive-shared', 'SR'],
    ['recursive-shared', 'exclusive', 'SN'],
    ['recursive-shared', 'shared', 'SN'],
    ['recursive-shared', 'recursive-shared', 'SR'],
  ] as const)('of a lock held %s and one wanted %s is %s', (held, wanted, kind) => {
    expect(dependencyKind(held, wanted)).toBe(kind);
  });
});

describe('the table of dependencies', () => {
  it('knows a dependency in the direction in which it was seen', () => {
    const { table, a, b } = scene();
    const added = table.record(a, b, by('EN'));
    expect([table.find(a, b), table.find(b, a), table.size]).toEqual([added, undefined, 1]);
    expect(table.record(a, b, by('EN', q))).toBe(added);
    expect([table.size, [...table]]).toEqual([1, [added]]);
  });

  it('finds the cycle that a dependency would close, in forward order', () => {
    const { table, a, b, c } = scene();
    const way = [table.record(a, b, by('EN')), table.record(b, c, by('EN'))];
    expect(table.cycle(c, a, 'EN')?.map(({ dependency }) => dependency)).toEqual(way);
    expect([table.cycle(a, c, 'EN'), table.isProved(a, b, 'EN'), table.isProved(c, a, 'EN')]).toEqual([
      undefined,
      true,
      false,
    ]);
  });

  it('finds the shortest of several cycles', () => {
    const { table, a, b, c, d } = scene();
    table.record(a, b, by('EN'));
    table.record(b, c, by('EN'));
    table.record(c, d, by('EN'));
    const short = table.record(b, d, by('EN'));
    expect(table.cycle(d, a, 'EN')?.map(({ dependency }) => dependency)).toEqual([table.find(a, b), short]);
  });

  it('keeps what closes a cycle, and keeps it out of the order', () => {
    const { table, a, b, c } = scene();
    table.record(a, b, by('EN'));
    const refused = table.record(b, a, by('EN'));
    expect([table.find(b, a), table.isProved(b, a, 'EN'), table.size]).toEqual([refused, false, 2]);
    expect(table.cycle(b, a, 'EN')?.map(({ dependency }) => dependency)).toEqual([table.find(a, b)]);
    // Only a path through the refused dependency leads from b to c.
    table.record(a, c, by('EN'));
    expect(table.cycle(c, b, 'EN')).toBeUndefined();
  });

  it('proves each kind by itself', () => {
    const { table, a, b } = scene();
    table.record(a, b, by('ER'));
    table.record(b, a, by('SN'));
    expect([table.isProved(a, b, 'ER'), table.isProved(a, b, 'EN'), table.isProved(b, a, 'SN')]).toEqual([
      true,
      false,
      true,
    ]);
    expect(table.cycle(b, a, 'EN')?.map(({ dependency }) => dependency)).toEqual([table.find(a, b)]);
    expect(table.cycle(b, a, 'SR')).toBeUndefined();
  });
});

describe('a dependency', () => {
  it('keeps the first witness of each kind, and the first one of a second owner', () => {
    const { table, a, b } = scene();
    const given = [by('EN', p), by('EN', p), by('SN', p), by('EN', q), by('SN', q), by('EN', r), by('ER', r)];
    for (const one of given) table.record(a, b, one);
    expect(table.find(a, b)?.witnesses).toEqual([given[0], given[2], given[3], given[6]]);
  });

  it('is of one owner until a second one has gone that way', () => {
    const { table, a, b } = scene();
    const dependency = table.record(a, b, by('EN', p));
    expect(dependency.isOfOneOwner).toBe(true);
    dependency.witness(by('ER', p));
    expect(dependency.isOfOneOwner).toBe(true);
    dependency.witness(by('ER', q));
    expect(dependency.isOfOneOwner).toBe(false);
  });

  it('was seen as often as the chains that prove it were gone, and at least once', () => {
    const state = stateOf();
    const [a, b] = locksOf(state, ['a', 'b']);
    depend(state, a, b);
    const dependency = state.dependencies.find(a.class, b.class);
    expect(dependency?.count).toBe(1);
    for (const hits of [2, 3]) {
      const chain = state.chains.add(state.chains.root, hits, b.class);
      chain.hits = hits;
      dependency?.chains.add(chain);
    }
    expect(dependency?.count).toBe(5);
  });
});
