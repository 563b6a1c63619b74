import { createLockdep, Lockdep } from '../lib/lockdep.ts';
import type { OwnerSource } from '../lib/owner.ts';
import { findings, locks, nest, only } from './state/world.ts';

describe('a checker', () => {
  it('has seen nothing at first', () => {
    const ld = createLockdep();
    expect(ld).toBeInstanceOf(Lockdep);
    expect([ld.violations, ld.failure, ld.ownerCount, ld.refuted]).toEqual([[], null, 0, 0]);
  });

  it('shares nothing with another one', () => {
    const [ld, other] = [createLockdep(), createLockdep()];
    const [a, b] = locks(ld, ['a', 'b']);
    const [x, y] = locks(other, ['a', 'b']);
    nest(ld.owner('p'), [a, b]);
    nest(other.owner('p'), [y, x]);
    expect([ld.violations, other.violations]).toEqual([[], []]);
    expect(ld.owner('p')).not.toBe(other.owner('p'));
  });

  it('tells of what is new: classes, dependencies and findings, and nothing that was known', () => {
    const ld = createLockdep();
    let news = 0;
    ld.onNews = () => {
      news++;
    };
    const counts: number[] = [];
    const [a, b] = locks(ld, ['a', 'b']);
    counts.push(news);
    ld.lock('a');
    nest(ld.owner('p'), [a, b]);
    counts.push(news);
    for (const name of ['p', 'q']) nest(ld.owner(name), [a, b]);
    counts.push(news);
    nest(ld.owner('p'), [b, a]);
    counts.push(news);
    nest(ld.owner('p'), [b, a]);
    counts.push(news);
    expect(counts).toEqual([2, 3, 3, 5, 5]);
  });
});

describe('a class', () => {
  it('is named by the name of its locks: two calls give two instances', () => {
    const ld = createLockdep();
    const [one, other] = locks(ld, ['a', 'a']);
    expect(one).not.toBe(other);
    expect(one.class).toBe(other.class);
    expect(ld.snapshot().classes).toEqual([
      { key: 'a', name: 'a', kind: 'mutex', capacity: 1, instances: 2, acquisitions: 0 },
    ]);
  });

  it('is what the rules decide over: an order of other instances counts', () => {
    const ld = createLockdep();
    const [a1, a2, b1, b2] = locks(ld, ['a', 'a', 'b', 'b']);
    nest(ld.owner('p'), [a1, b1]);
    nest(ld.owner('q'), [b2, a2]);
    expect(findings(ld)).toEqual(['order-cycle possible ×1']);
  });

  it('can be known by something else than the name that is found late', () => {
    const ld = createLockdep();
    let asked = 0;
    const source = {
      key: 'main.ts:3:7',
      identity: () => {
        asked++;
        return { key: 'ledger@main.ts', name: 'ledger', site: { file: 'main.ts', line: 3, column: 7 } };
      },
    };
    const [one, other] = [ld.lockOf(source), ld.lockOf(source)];
    expect([one.class === other.class, asked]).toEqual([true, 0]);
    expect([one.name, one.class.ref.key, asked]).toEqual(['ledger', 'ledger@main.ts', 1]);
  });

  it('has one kind', () => {
    const ld = createLockdep();
    ld.lock('a', { kind: 'rwlock' });
    expect(() => ld.lock('a', { kind: 'mutex' })).toThrow(TypeError);
    expect(() => ld.lock('a', { kind: 'mutex' })).toThrow("class 'a' is of kind 'rwlock', not 'mutex'");
    const locksOfIt = [ld.lock('a', { kind: 'rwlock' }), ld.lock('a')];
    expect(locksOfIt.map((lock) => lock.class.ref)).toEqual([
      { key: 'a', name: 'a', kind: 'rwlock', capacity: 1 },
      { key: 'a', name: 'a', kind: 'rwlock', capacity: 1 },
    ]);
    expect(ld.snapshot().classes).toMatchObject([{ key: 'a', instances: 3 }]);
  });
});

describe('an owner', () => {
  it('is one and the same for a name until it exits', () => {
    const ld = createLockdep();
    const p = ld.owner('p');
    expect([ld.owner('p') === p, ld.owner('q') === p]).toEqual([true, false]);
    p.exit();
    expect(ld.owner('p')).not.toBe(p);
    expect(ld.ownerCount).toBe(3);
  });

  it('that has exited is not taken for its successor of the same name', () => {
    const ld = createLockdep();
    const [a] = locks(ld, ['a']);
    const p = ld.owner('p');
    p.exit();
    const successor = ld.owner('p');
    successor.acquire(a);
    p.exit();
    expect(ld.owner('p')).toBe(successor);
    expect(ld.holdersOf(a)).toHaveLength(1);
  });
});

describe('the holders of a lock', () => {
  it('are all owners that hold it, and those that a tracker knows', () => {
    const ld = createLockdep();
    const [r, s] = locks(ld, ['r', 's'], { kind: 'rwlock' });
    for (const name of ['p', 'q']) ld.owner(name).acquire(r, { mode: 'shared' });
    ld.owner('q').acquire(s);
    const [tracked] = ld.holdersOf(s);
    const source: OwnerSource = { current: () => undefined, holders: () => (tracked ? [tracked] : []) };
    expect(ld.holdersOf(r).map(({ owner }) => owner.name)).toEqual(['p', 'q']);
    ld.sources.add(source);
    expect(ld.holdersOf(s)).toHaveLength(2);
    expect(ld.holdersOf(r)).toHaveLength(2);
  });

  it('are none once it is released', () => {
    const ld = createLockdep();
    const [a] = locks(ld, ['a']);
    ld.owner('p').acquire(a);
    ld.owner('p').release(a);
    expect(ld.holdersOf(a)).toEqual([]);
  });
});

describe('the owner of the running flow', () => {
  it('is unknown where nobody tracks flows', () => {
    expect(() => createLockdep().currentOwner()).toThrow('no owner is known here');
  });

  it('is the first that a tracker knows', () => {
    const ld = createLockdep();
    const flow = { id: 9, name: 'transfer#9', held: [] };
    ld.sources.add({ current: () => undefined, holders: () => [] });
    expect(() => ld.currentOwner()).toThrow('no owner is known here');
    ld.sources.add({ current: () => flow, holders: () => [] });
    expect(ld.currentOwner()).toBe(flow);
  });
});

describe('a defect', () => {
  it('is found once and counted', () => {
    const ld = createLockdep();
    const [a, b] = locks(ld, ['a', 'b']);
    nest(ld.owner('p'), [a, b]);
    for (let turn = 0; turn < 5; turn++) nest(ld.owner('q'), [b, a]);
    expect(findings(ld)).toEqual(['order-cycle possible ×5']);
  });

  it('counts once for an acquire, however many ways of the owner lead to it', () => {
    const ld = createLockdep();
    const [a, b, c] = locks(ld, ['a', 'b', 'b']);
    const p = ld.owner('p');
    nest(p, [a, b]);
    p.acquire(b, { try: true });
    p.acquire(c, { try: true });
    p.acquire(a);
    expect(only(ld, 'order-cycle').count).toBe(1);
  });

  it('counts once for an acquire, however often the owner holds the lock', () => {
    const ld = createLockdep();
    const [r] = locks(ld, ['r'], { kind: 'rwlock' });
    const p = ld.owner('p');
    p.acquire(r, { mode: 'shared' });
    p.acquire(r, { mode: 'recursive-shared' });
    p.acquire(r);
    expect(only(ld, 'recursion').count).toBe(1);
  });

  it('stands behind those that were found before it', () => {
    const ld = createLockdep();
    const [a, b] = locks(ld, ['a', 'b']);
    const p = ld.owner('p');
    p.release(a);
    nest(p, [a, a]);
    nest(p, [a, b]);
    nest(p, [b, a]);
    expect(ld.violations.map(({ rule }) => rule)).toEqual(['bad-release', 'recursion', 'order-cycle']);
  });

  it('does not stop the checker: the next one is found too', () => {
    const ld = createLockdep();
    const [a, b, c] = locks(ld, ['a', 'b', 'c']);
    for (const order of [
      [a, b],
      [b, a],
      [b, c],
      [c, b],
      [a, c],
      [c, a],
    ])
      nest(ld.owner('p'), order);
    expect(findings(ld)).toEqual(Array(3).fill('order-cycle weak ×1'));
  });
});
