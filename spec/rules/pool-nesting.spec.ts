import fc from 'fast-check';
import { fingerprint } from '../../lib/model/fingerprint.ts';
import type { PoolNestingViolation } from '../../lib/model/violation.ts';
import { poolNesting } from '../../lib/rules/pool-nesting.ts';
import { asking, holding, lockOf, ownerOf, place, refOf, stateOf } from './scene.ts';

const p = ownerOf('p');

interface Demand {
  readonly capacity: number;
  /** Units of each acquire that the owner holds. */
  readonly held: readonly number[];
  readonly wanted: number;
}

function judge({ capacity, held, wanted }: Demand): PoolNestingViolation | undefined {
  const state = stateOf();
  const pool = lockOf(state, 'pool', 'semaphore', capacity);
  const holdings = held.map((units) => holding(p, pool, { units }));
  return poolNesting(state, asking(p, pool, { held: holdings, units: wanted }))[0] as PoolNestingViolation | undefined;
}

describe('pool-nesting', () => {
  it('reports the first nesting, long before the pool is exhausted', () => {
    const state = stateOf();
    const pool = lockOf(state, 'pool', 'semaphore', 3);
    const held = [holding(p, pool, { line: 11 })];
    expect(poolNesting(state, asking(p, pool, { held, line: 12 }))).toEqual([
      {
        rule: 'pool-nesting',
        severity: 'error',
        confidence: 'possible',
        fingerprint: fingerprint('pool-nesting', ['pool', '/app/main.ts#work#12:1']),
        count: 1,
        message: 'p asks pool for one more while holding part of it.',
        owner: 'p',
        process: '42/1',
        sites: [place(12), place(11)],
        held: [{ lock: refOf('pool', 'semaphore', 3), mode: 'exclusive', site: place(11) }],
        lock: refOf('pool', 'semaphore', 3),
        capacity: 3,
        ownersNeeded: 3,
        taken: place(11),
        asked: place(12),
      },
    ]);
  });

  it('names where the innermost unit was taken', () => {
    const state = stateOf();
    const pool = lockOf(state, 'pool', 'limiter', 5);
    const held = [holding(p, pool, { line: 11 }), holding(p, lockOf(state, 'a')), holding(p, pool, { line: 13 })];
    expect(poolNesting(state, asking(p, pool, { held }))[0]).toMatchObject({ taken: place(13), ownersNeeded: 3 });
  });

  it('is certain where one owner blocks itself', () => {
    expect(judge({ capacity: 2, held: [1], wanted: 2 })).toMatchObject({ confidence: 'certain', ownersNeeded: 1 });
    expect(judge({ capacity: 2, held: [1, 1], wanted: 1 })).toMatchObject({ confidence: 'certain', ownersNeeded: 1 });
  });

  it('counts the units of the instance, which may be fewer than those of its class', () => {
    const state = stateOf();
    const small = lockOf(state, 'pool', 'semaphore', 2);
    lockOf(state, 'pool', 'semaphore', 9);
    const [found] = poolNesting(state, asking(p, small, { held: [holding(p, small)] }));
    expect(found).toMatchObject({ capacity: 2, ownersNeeded: 2 });
  });

  it('is quiet where nothing of the resource is held', () => {
    const state = stateOf();
    const [pool, other] = [lockOf(state, 'pool', 'semaphore', 2), lockOf(state, 'other', 'semaphore', 2)];
    expect(poolNesting(state, asking(p, pool))).toEqual([]);
    expect(poolNesting(state, asking(p, pool, { held: [holding(p, other)] }))).toEqual([]);
  });

  it('is quiet about a try, which never waits', () => {
    const state = stateOf();
    const pool = lockOf(state, 'pool', 'semaphore', 2);
    expect(poolNesting(state, asking(p, pool, { held: [holding(p, pool)], try: true }))).toEqual([]);
  });

  it('is quiet as long as it is not known whether the holder waits', () => {
    const state = stateOf();
    const pool = lockOf(state, 'pool', 'semaphore', 2);
    expect(poolNesting(state, asking(p, pool, { held: [holding(p, pool)], tentative: true }))).toEqual([]);
  });

  it('is quiet about a resource of one unit, which is a matter of recursion', () => {
    expect(judge({ capacity: 1, held: [1], wanted: 1 })).toBeUndefined();
  });

  it('is quiet about a resource without a bound', () => {
    expect(judge({ capacity: Number.POSITIVE_INFINITY, held: [1], wanted: 1 })).toBeUndefined();
  });
});

describe('the number of owners that block each other', () => {
  it.each([
    { capacity: 2, held: [1], wanted: 1, owners: 2 },
    { capacity: 10, held: [1], wanted: 1, owners: 10 },
    { capacity: 10, held: [1], wanted: 4, owners: 7 },
    { capacity: 10, held: [5], wanted: 5, owners: 2 },
    { capacity: 10, held: [2, 3], wanted: 1, owners: 2 },
    { capacity: 10, held: [1], wanted: 10, owners: 1 },
    { capacity: 3, held: [1], wanted: 4, owners: 1 },
  ])('of capacity $capacity, holding $held and wanting $wanted, is $owners', ({ owners, ...demand }) => {
    expect(judge(demand)?.ownersNeeded).toBe(owners);
  });

  it('is the smallest for which a first-come-first-served queue can stop for ever', () => {
    const demand = fc.integer({ min: 2, max: 9 }).chain((capacity) =>
      fc.record({
        capacity: fc.constant(capacity),
        held: fc.integer({ min: 1, max: capacity }),
        wanted: fc.integer({ min: 1, max: capacity }),
      }),
    );
    fc.assert(
      fc.property(demand, ({ capacity, held, wanted }) => {
        const told = judge({ capacity, held: [held], wanted })?.ownersNeeded;
        return told === fewestThatStop({ capacity, first: held, second: wanted });
      }),
    );
  });
});

/** Lets so many owners take `first` and then `second` units, in every order of events, until some order stops for ever. */
function fewestThatStop(demand: { capacity: number; first: number; second: number }): number {
  for (let owners = 1; ; owners++) if (canStop(owners, demand)) return owners;
}

interface Queue {
  readonly free: number;
  /** Owners that have not asked yet, hold their first units, or are done. */
  readonly idle: number;
  readonly holding: number;
  /** Units that are waited for, the first in the queue first. */
  readonly waiting: readonly number[];
  /** Whether an owner waits for its first or its second units, in the order of `waiting`. */
  readonly isSecond: readonly boolean[];
}

function canStop(
  owners: number,
  { capacity, first, second }: { capacity: number; first: number; second: number },
): boolean {
  const open: Queue[] = [{ free: capacity, idle: owners, holding: 0, waiting: [], isSecond: [] }];
  const seen = new Set<string>();
  for (const state of open) {
    const key = JSON.stringify(state);
    if (seen.has(key)) continue;
    seen.add(key);
    const nexts: Queue[] = [];
    if (state.idle > 0) nexts.push(ask({ ...state, idle: state.idle - 1 }, first, false));
    if (state.holding > 0) nexts.push(ask({ ...state, holding: state.holding - 1 }, second, true));
    if (nexts.length === 0 && state.waiting.length > 0) return true;
    open.push(...nexts.map((next) => serve(next, first)));
  }
  return false;
}

function ask(state: Queue, units: number, isSecond: boolean): Queue {
  return { ...state, waiting: [...state.waiting, units], isSecond: [...state.isSecond, isSecond] };
}

/** Hands out what is free to the head of the queue. Who has all he wants gives all of it back at once. */
function serve(state: Queue, first: number): Queue {
  const [units, ...waiting] = state.waiting;
  const [isSecond, ...rest] = state.isSecond;
  if (units === undefined || units > state.free) return state;
  const next = { ...state, waiting, isSecond: rest };
  return isSecond
    ? serve({ ...next, free: state.free + first }, first)
    : serve({ ...next, free: state.free - units, holding: state.holding + 1 }, first);
}
