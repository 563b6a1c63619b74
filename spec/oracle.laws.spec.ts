/**
 * What holds for every program, whatever its locks are called and however they are taken.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createLockdep, type Lockdep } from '../lib/lockdep.ts';
import type { Mode } from '../lib/model/lock.ts';
import type { LockdepOptions } from '../lib/options.ts';
import { LockdepError } from '../lib/policy.ts';
import type { LockInstance } from '../lib/state/classes.ts';
import { nest } from './state/world.ts';

const MODES: readonly Mode[] = ['exclusive', 'shared', 'recursive-shared'];
/** Those that spin come last: nothing that sleeps is taken under them where locks are taken in this order. */
const KINDS = ['mutex', 'semaphore', 'rwsem', 'mutex', 'limiter', 'rwlock', 'rwlock', 'spin'];
const OWNERS = ['p', 'q', 'r'];

interface Event {
  readonly owner: number;
  readonly pick: number;
  readonly isRelease: boolean;
  readonly mode: number;
  readonly isTry: boolean;
}

const event: fc.Arbitrary<Event> = fc.record({
  owner: fc.nat(OWNERS.length - 1),
  pick: fc.nat(KINDS.length - 1),
  isRelease: fc.boolean(),
  mode: fc.nat(MODES.length - 1),
  isTry: fc.boolean(),
});
const events = fc.array(event, { maxLength: 50, size: 'max' });

interface Names {
  readonly locks: readonly string[];
  readonly owners: readonly string[];
}

const PLAIN: Names = { locks: KINDS.map((kind, at) => `${kind}${at}`), owners: OWNERS };

interface Cast {
  readonly ld: Lockdep;
  readonly locks: readonly LockInstance[];
  readonly names: Names;
}

function castOf(names: Names = PLAIN, options: LockdepOptions = {}): Cast {
  const site = { file: 'somewhere.ts', line: 1, column: 1 };
  const ld = createLockdep({ resolver: () => site, now: () => 0, ...options });
  const locks = KINDS.map((kind, at) => {
    const capacity = kind === 'semaphore' || kind === 'limiter' ? 2 : 1;
    return ld.lock(names.locks[at] as string, { kind, capacity });
  });
  return { ld, locks, names };
}

/** Lets the event happen; an acquire takes one of the locks that `choose` leaves. */
function happen(
  { ld, locks, names }: Cast,
  { owner: at, pick, isRelease, mode, isTry }: Event,
  choose: (lock: number, held: readonly number[]) => boolean = () => true,
): void {
  const owner = ld.owner(names.owners[at] as string);
  const held = owner.held.map(({ lock }) => locks.indexOf(lock));
  const choices = locks.flatMap((_, lock) => (choose(lock, held) ? [lock] : []));
  if (held.length > 0 && (isRelease || choices.length === 0)) {
    owner.release(locks[held[pick % held.length] as number] as LockInstance);
  } else {
    const lock = locks[choices[pick % choices.length] as number] as LockInstance;
    const hasReaders = lock.class.kind.readers !== 'none';
    owner.acquire(lock, { mode: hasReaders ? (MODES[mode] as Mode) : 'exclusive', try: isTry });
  }
}

describe('orders that follow one fixed order', () => {
  it.each(['default', 'kernel'] as const)('are never reported, in the profile `%s`', (profile) => {
    const above = (lock: number, held: readonly number[]): boolean => held.every((one) => one < lock);
    fc.assert(
      fc.property(events, (all) => {
        const cast = castOf(PLAIN, { profile });
        for (const one of all) happen(cast, one, above);
        assert.deepEqual(cast.ld.violations, []);
        assert.equal(cast.ld.failure, null);
      }),
      { numRuns: 1500 },
    );
  });
});

describe('names', () => {
  /** All that was found, with every name replaced by its number. Fingerprints are made of names. */
  function shape({ ld, names }: Cast): string {
    const tokens = [
      ...names.locks.map((name, at) => [name, `lock ${at}`]),
      ...names.owners.map((name, at) => [name, `owner ${at}`]),
    ];
    const numbers = new Map(tokens as [string, string][]);
    const { classes, dependencies, violations, totals } = ld.snapshot();
    return JSON.stringify({ classes, dependencies, violations, totals }, (field, value) => {
      if (field === 'fingerprint' || field === 'message') return undefined;
      return typeof value === 'string' ? (numbers.get(value) ?? value) : value;
    });
  }

  const strange = ['__proto__', 'constructor', '', 'c0', '\u0000', '锁', 'toString', 'x'.repeat(1000), '🔒', ' ', '\n'];

  it('change nothing of what is found', () => {
    const relabelled = fc.shuffledSubarray(strange, { minLength: 11, maxLength: 11 });
    fc.assert(
      fc.property(events, relabelled, (all, labels) => {
        const casts = [castOf(), castOf({ locks: labels.slice(0, 8), owners: labels.slice(8) })];
        for (const cast of casts) for (const one of all) happen(cast, one);
        const [plain, hostile] = casts.map(shape);
        assert.equal(hostile, plain);
      }),
      { numRuns: 500 },
    );
  });
});

/** Locks taken one inside the other, all exclusively. */
const section = fc.record({
  owner: fc.nat(OWNERS.length - 1),
  locks: fc.uniqueArray(fc.nat(KINDS.length - 1), { minLength: 1, maxLength: 4 }),
});
const sections = fc.array(section, { maxLength: 8 });

function run(cast: Cast, { owner, locks }: { owner: number; locks: readonly number[] }): void {
  nest(
    cast.ld.owner(OWNERS[owner] as string),
    locks.map((lock) => cast.locks[lock] as LockInstance),
  );
}

const hasCycle = ({ ld }: Cast): boolean => ld.violations.some(({ rule }) => rule === 'order-cycle');

describe('a dependency', () => {
  it('is reported when it is gone the other way round, with every lock held exclusively', () => {
    const cleared = sections.map((all) => all.map(({ owner, locks }) => ({ owner, locks: locks.toSorted() })));
    fc.assert(
      fc.property(cleared, fc.nat(), (all, pick) => {
        const cast = castOf();
        for (const one of all) run(cast, one);
        const { dependencies } = cast.ld.snapshot();
        fc.pre(dependencies.length > 0);
        assert.equal(hasCycle(cast), false);
        const { from, to } = dependencies[pick % dependencies.length] as (typeof dependencies)[0];
        nest(cast.ld.owner('somebody'), [cast.locks[to] as LockInstance, cast.locks[from] as LockInstance]);
        assert.equal(hasCycle(cast), true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the order in which sections run', () => {
  it('does not decide whether a cycle is found', () => {
    const turned = sections.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    let cycles = 0;
    fc.assert(
      fc.property(turned, (both) => {
        const [one, other] = both.map((all) => {
          const cast = castOf(PLAIN, { profile: 'kernel' });
          for (const each of all) run(cast, each);
          return hasCycle(cast);
        });
        if (one) cycles++;
        assert.equal(one, other);
      }),
      { numRuns: 1000 },
    );
    expect(cycles).toBeGreaterThan(100);
  });
});

describe('what is held', () => {
  it('is what was taken and not given back, whatever the policy throws', () => {
    let thrown = 0;
    fc.assert(
      fc.property(events, (all) => {
        const cast = castOf(PLAIN, { onViolation: 'throw' });
        for (const one of all) {
          const owner = cast.ld.owner(OWNERS[one.owner] as string);
          const before = owner.held.map(({ lock }) => lock);
          const isRelease = before.length > 0 && one.isRelease;
          try {
            happen(cast, one);
          } catch (error) {
            assert.ok(error instanceof LockdepError);
            thrown++;
            if (!isRelease) {
              assert.deepEqual(
                owner.held.map(({ lock }) => lock),
                before,
              );
            }
          }
          if (isRelease) {
            const given = before.findLastIndex((lock) => lock === before[one.pick % before.length]);
            assert.deepEqual(
              owner.held.map(({ lock }) => lock),
              before.toSpliced(given, 1),
            );
          }
        }
      }),
      { numRuns: 1000 },
    );
    expect(thrown).toBeGreaterThan(100);
  });
});
