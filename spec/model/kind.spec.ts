import { kindOf, LOCK_KINDS, type LockKind } from '../../lib/model/kind.ts';

/** All kinds, as the field knows them: readers, wait types inside and outside, and how interrupt rules see them. */
const TABLE: readonly (readonly [
  name: string,
  ...facts: (LockKind['readers'] | LockKind['inner'] | LockKind['irq'])[],
])[] = [
  ['mutex', 'none', 'sleep', 'sleep', 'checked'],
  ['rtmutex', 'none', 'sleep', 'sleep', 'checked'],
  ['ww_mutex', 'none', 'sleep', 'sleep', 'checked'],
  ['spin', 'none', 'config', 'config', 'checked'],
  ['raw_spin', 'none', 'spin', 'spin', 'checked'],
  ['rwlock', 'interrupt', 'config', 'config', 'checked'],
  ['rwsem', 'plain', 'sleep', 'sleep', 'checked'],
  ['local_lock', 'none', 'config', 'config', 'local'],
  ['rcu', 'always', 'config', 'free', 'none'],
  ['rcu_bh', 'always', 'config', 'free', 'none'],
  ['rcu_sched', 'always', 'spin', 'free', 'none'],
  ['map', 'as-asked', 'unchecked', 'unchecked', 'checked'],
  ['event', 'none', 'unchecked', 'unchecked', 'none'],
  ['semaphore', 'none', 'sleep', 'sleep', 'checked'],
  ['limiter', 'none', 'sleep', 'sleep', 'checked'],
  ['pool', 'none', 'sleep', 'sleep', 'checked'],
];

const named = (test: (kind: LockKind) => boolean): string[] =>
  [...LOCK_KINDS].filter(([, kind]) => test(kind)).map(([name]) => name);

describe('the kinds of locks', () => {
  it('are known by their name', () => {
    expect([...LOCK_KINDS].filter(([name, kind]) => name !== kind.name)).toEqual([]);
    expect(LOCK_KINDS.get('toString')).toBeUndefined();
  });

  it('are these', () => {
    const rows = [...LOCK_KINDS.values()].map(({ name, readers, inner, outer, irq }) => [
      name,
      readers,
      inner,
      outer,
      irq,
    ]);
    expect(rows).toEqual(TABLE);
  });

  it.each(['mutex', 'rtmutex', 'ww_mutex', 'spin', 'raw_spin', 'local_lock'])(
    'have one writer and no readers: %s',
    (name) => {
      expect(LOCK_KINDS.get(name)).toMatchObject({ counting: false, readers: 'none' });
    },
  );

  it.each([
    ['rwsem', 'plain'],
    ['rwlock', 'interrupt'],
  ])('have readers that a waiting writer stops: %s', (name, readers) => {
    expect(LOCK_KINDS.get(name)).toMatchObject({ counting: false, readers });
  });

  it.each(['semaphore', 'limiter', 'pool'])('count units: %s', (name) => {
    expect(LOCK_KINDS.get(name)).toMatchObject({ counting: true, readers: 'none' });
    expect(named(({ counting }) => counting)).toEqual(['semaphore', 'limiter', 'pool']);
  });

  it('take part in orders, but for those whose readers nothing stops', () => {
    expect(named(({ ordered }) => !ordered)).toEqual(['rcu', 'rcu_bh', 'rcu_sched']);
  });

  it('keep others out, but for those that are no locks, or another one on each CPU', () => {
    const none = ['local_lock', 'rcu', 'rcu_bh', 'rcu_sched', 'map', 'event'];
    expect(named(({ excludes }) => !excludes)).toEqual(none);
  });

  it('are not taken twice, and forbid what they forbid besides the others', () => {
    expect(named(({ reentrant, overridesWait }) => reentrant || overridesWait)).toEqual([]);
  });
});

describe('a kind of one’s own', () => {
  it('is a mutex in all that is not said of it', () => {
    expect(kindOf({ name: 'latch' })).toEqual({ ...LOCK_KINDS.get('mutex'), name: 'latch' });
  });

  it('waits outside as it does inside, unless both are said', () => {
    expect(kindOf({ name: 'latch', inner: 'spin' })).toMatchObject({ inner: 'spin', outer: 'spin' });
    expect(kindOf({ name: 'latch', inner: 'spin', outer: 'free' })).toMatchObject({ inner: 'spin', outer: 'free' });
    expect(kindOf({ name: 'latch', outer: 'free' })).toMatchObject({ inner: 'sleep', outer: 'free' });
  });

  it('cannot be changed', () => {
    expect(Object.isFrozen(kindOf({ name: 'latch' }))).toBe(true);
  });
});
