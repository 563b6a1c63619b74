import { createLockdep, type Lockdep } from '../lib/lockdep.ts';
import type { LockInstance } from '../lib/state/classes.ts';
import { findings, heldNames, lineOf, locks, nest, only } from './state/world.ts';

function scene(capacity: number, kind = 'semaphore'): { ld: Lockdep; pool: LockInstance } {
  const ld = createLockdep();
  return { ld, pool: ld.lock('pool', { kind, capacity }) };
}

describe('a counting resource asked for by an owner that holds some of it', () => {
  it.each([
    { capacity: 2, held: 1, wanted: 1, owners: 2, confidence: 'possible' },
    { capacity: 10, held: 1, wanted: 1, owners: 10, confidence: 'possible' },
    { capacity: 10, held: 3, wanted: 2, owners: 3, confidence: 'possible' },
    { capacity: 10, held: 4, wanted: 7, owners: 1, confidence: 'certain' },
  ])('of $capacity units, $held held and $wanted wanted, blocks $owners owners', (demand) => {
    const { ld, pool } = scene(demand.capacity);
    const p = ld.owner('p');
    p.acquire(pool, { units: demand.held });
    p.acquire(pool, { units: demand.wanted }); // one more
    const { ownersNeeded, capacity, confidence, asked } = only(ld, 'pool-nesting');
    expect({ ownersNeeded, capacity, confidence }).toEqual({
      ownersNeeded: demand.owners,
      capacity: demand.capacity,
      confidence: demand.confidence,
    });
    expect(asked?.line).toBe(lineOf(__filename, 'one more'));
  });

  it('is recursion if there is one unit in all', () => {
    const { ld, pool } = scene(1);
    nest(ld.owner('p'), [pool, pool]);
    expect(findings(ld)).toEqual(['recursion certain ×1']);
  });

  it('is found again each time, though every step was seen before', () => {
    const { ld, pool } = scene(3);
    for (const name of ['p', 'q', 'p', 'q']) nest(ld.owner(name), [pool, pool]);
    expect(findings(ld)).toEqual(['pool-nesting possible ×4']);
  });

  it('is found with other locks in between', () => {
    const { ld, pool } = scene(3);
    const [a] = locks(ld, ['a']);
    const p = ld.owner('p');
    p.acquire(pool);
    p.acquire(a);
    p.acquire(pool);
    expect(ld.violations.map(({ rule }) => rule)).toContain('pool-nesting');
  });

  it('says nothing where it never waits, has no bound, or the first unit was given back', () => {
    const { ld, pool } = scene(3);
    const endless = ld.lock('endless', { kind: 'limiter', capacity: Number.POSITIVE_INFINITY });
    const p = ld.owner('p');
    nest(p, [pool]);
    nest(p, [pool]);
    p.acquire(pool);
    p.acquire(pool, { try: true });
    nest(p, [endless, endless]);
    expect(findings(ld)).toEqual([]);
  });
});

describe('a unit that another owner gives back', () => {
  it('is no mistake', () => {
    const { ld, pool } = scene(2);
    ld.owner('p').acquire(pool);
    ld.owner('q').release(pool);
    expect(findings(ld)).toEqual([]);
  });

  it('is no longer held by the owner that took it', () => {
    const { ld, pool } = scene(1);
    const p = ld.owner('p');
    p.acquire(pool);
    ld.owner('q').release(pool);
    expect([heldNames(p), ld.holdersOf(pool).length]).toEqual([[], 0]);
    p.acquire(pool);
    p.release(pool);
    p.exit();
    expect(findings(ld)).toEqual([]);
  });

  it('makes no dependency from there on', () => {
    const { ld, pool } = scene(1);
    const [a] = locks(ld, ['a']);
    const [p, q] = [ld.owner('p'), ld.owner('q')];
    p.acquire(pool);
    q.release(pool);
    nest(p, [a]);
    nest(q, [a, pool]);
    expect(findings(ld)).toEqual([]);
  });

  it('is a mistake if nobody has any', () => {
    const { ld, pool } = scene(2);
    ld.owner('p').acquire(pool);
    ld.owner('q').release(pool);
    ld.owner('q').release(pool);
    expect(findings(ld)).toEqual(['bad-release certain ×1']);
  });
});

describe('a dependency through a counting resource', () => {
  it('is one like any other: a pool can be part of a cycle', () => {
    const { ld, pool } = scene(5, 'limiter');
    const [a] = locks(ld, ['a']);
    nest(ld.owner('p'), [pool, a]);
    nest(ld.owner('q'), [a, pool]);
    expect(only(ld, 'order-cycle').edges.map(({ to }) => [to.name, to.kind, to.capacity])).toEqual([
      ['pool', 'limiter', 5],
      ['a', 'mutex', 1],
    ]);
  });
});

describe('two pools of one class', () => {
  it('may be nested as long as it is always the same way round', () => {
    const ld = createLockdep();
    const [reads, writes] = locks(ld, ['pool', 'pool'], { kind: 'semaphore', capacity: 2 });
    nest(ld.owner('p'), [reads, writes]);
    expect(findings(ld)).toEqual([]);
    nest(ld.owner('q'), [writes, reads]);
    expect(findings(ld)).toEqual(['recursion possible ×1']);
  });
});
