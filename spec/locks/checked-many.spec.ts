import { createLockdep, KeyedMutex, lockAll, Mutex } from '../../lib/index.ts';
import { only } from '../state/world.ts';
import { broken, checkedWorld, found } from './suite/checked-world.ts';
import { idle, now } from './suite/words.ts';

describe('keys', () => {
  it('in both orders are a mistake', async () => {
    const { ld, keyed } = checkedWorld();
    await keyed.run('x', () => keyed.run('y', () => {}));
    await keyed.run('y', () => keyed.run('x', () => {}));
    expect(ld.violations.filter(({ severity }) => severity === 'error').map(({ rule }) => rule)).toEqual(['recursion']);
  });

  it('taken together are none', async () => {
    const { ld, keyed } = checkedWorld();
    await keyed.runAll(['x', 'y', 'z'], idle);
    await keyed.runAll(['z', 'y', 'x'], idle);
    const take = async (keys: readonly string[]): Promise<void> => {
      using _guard = await keyed.acquireAll(keys);
      await idle();
    };
    await take(['x', 'y']);
    await Promise.all([take(['y', 'x']), take(['z', 'y'])]);
    expect(found(ld)).toEqual([]);
  });

  it('against the order that is declared are a mistake the first time', async () => {
    const { ld } = checkedWorld();
    const ordered = new KeyedMutex<number>('ordered', { lockdep: ld, compare: (one, other) => one - other });
    await ordered.run(1, () => ordered.run(2, () => {}));
    expect(found(ld)).toEqual([]);
    await ordered.run(2, () => ordered.run(1, () => {}));
    expect(only(ld, 'recursion')).toMatchObject({ againstOrder: true, severity: 'error' });
  });

  it('one after the other are none', async () => {
    const { ld, keyed } = checkedWorld();
    for (const key of ['x', 'y', 'x', 'y']) {
      await keyed.run(key, idle);
    }
    expect(found(ld)).toEqual([]);
  });
});

/** Ways to hold several locks for a while. */
const WAYS: readonly (readonly [name: string, hold: (locks: readonly Mutex[]) => Promise<void>])[] = [
  ['run()', (locks) => lockAll.run(locks, idle)],
  [
    'a guard',
    async (locks) => {
      using _guard = await lockAll(locks);
      await idle();
    },
  ],
];

describe('lockAll', () => {
  it('makes no order that could be wrong', async () => {
    const { ld, a, b, rw, pool } = checkedWorld();
    await lockAll.run([a, b, rw, pool], idle);
    await lockAll.run([pool, rw, b, a], idle);
    await Promise.all([lockAll.run([a, b], idle), lockAll.run([b, a], idle)]);
    expect(found(ld)).toEqual([]);
  });

  it.each(WAYS)(
    'of two locks of one class is no mistake: they are always taken the same way round, by %s',
    async (_, hold) => {
      const lockdep = createLockdep();
      const [one, other] = [new Mutex('account', { lockdep }), new Mutex('account', { lockdep })];
      await hold([one, other]);
      await hold([other, one]);
      expect(found(lockdep)).toEqual([]);
    },
  );

  it.each(WAYS)('of two locks of one level is no mistake either, by %s', async (_, hold) => {
    const lockdep = createLockdep();
    const [one, other] = [new Mutex('one', { lockdep, level: 1 }), new Mutex('other', { lockdep, level: 1 })];
    await hold([other, one]);
    expect(found(lockdep)).toEqual([]);
  });

  it.each(WAYS)('and the wrong way round by hand are, by %s', async (_, hold) => {
    const { ld, a, b } = checkedWorld();
    await hold([a, b]);
    await b.run(() => a.run(() => {}));
    expect(broken(ld)).toEqual(['order-cycle']);
  });

  it.each(WAYS)('that meets one who goes the wrong way round is no silent deadlock, by %s', async (_, hold) => {
    const { a, b } = checkedWorld({ onDeadlock: 'reject' });
    const wrong = b.run(async () => {
      await idle();
      await a.run(() => {});
    });
    const states = Promise.allSettled([hold([a, b]), wrong]).then((ends) => ends.map(({ status }) => status).sort());
    await idle();
    await idle();
    expect(await now(states)).toEqual(['fulfilled', 'rejected']);
  });
});
