import type { AcquireOptions } from '../lib/acquire.ts';
import { createLockdep, type Lockdep } from '../lib/lockdep.ts';
import type { ContextDefinition } from '../lib/model/context.ts';
import type { KindDefinition } from '../lib/model/kind.ts';
import type { LockOptions } from '../lib/options.ts';
import type { LockInstance } from '../lib/state/classes.ts';
import { heldNames, locks, nest, picture } from './state/world.ts';

const rules = (ld: Lockdep): string[] => ld.violations.map(({ rule }) => rule);

const LOCKS: [options: unknown, message: string][] = [
  [null, 'options: expected an object, got null'],
  [[], 'options: expected an object, got '],
  [{ kind: 'mutx' }, 'kind: expected one of mutex, rtmutex, ww_mutex, spin, raw_spin, rwlock, rwsem, local_lock'],
  [{ kind: 'constructor' }, 'kind: expected one of mutex'],
  [{ kind: 3 }, 'kind: expected one of mutex'],
  [{ kind: 'semaphore', capacity: 0 }, 'capacity: expected a whole number above 0 or Infinity, got 0'],
  [{ kind: 'semaphore', capacity: 1.5 }, 'capacity: expected a whole number above 0 or Infinity, got 1.5'],
  [{ capacity: 2 }, "capacity: a lock of kind 'mutex' has one unit, got 2"],
  [{ level: '1' }, "level: expected a number, got '1'"],
  [{ level: Number.NaN }, 'level: expected a number, got NaN'],
  [{ compare: 'data' }, "compare: expected a function, got 'data'"],
  [{ reentrant: 1 }, 'reentrant: expected true or false, got 1'],
  [{ recursiveReaders: 'yes' }, "recursiveReaders: expected true or false, got 'yes'"],
  [{ recursiveReaders: true }, "recursiveReaders: a lock of kind 'mutex' has no readers"],
  [{ upgradable: 0 }, 'upgradable: expected true or false, got 0'],
  [{ initialised: 'no' }, "initialised: expected true or false, got 'no'"],
  [{ inhibits: 'sofirq' }, "inhibits: expected contexts out of hardirq, softirq, got 'sofirq'"],
  [{ inhibits: ['softirq', 7] }, 'inhibits: expected contexts out of hardirq, softirq, got 7'],
  // The class is there already, as a mutex of level 1.
  [{ kind: 'spin', name: 'known' }, "class 'known' is of kind 'mutex', not 'spin'"],
  [{ level: 2, name: 'known' }, 'level: '],
  [{ reentrant: true, name: 'known' }, 'reentrant: '],
  [{ compare: () => 0, name: 'known' }, 'compare: '],
  [{ inhibits: 'hardirq', name: 'known' }, 'inhibits: '],
];

/** Every call is refused with this message, and changes nothing. */
function refuses(ld: Lockdep, call: () => unknown, message: string): void {
  const before = picture(ld);
  let error: unknown;
  try {
    call();
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(TypeError);
  expect((error as TypeError).message).toContain(message);
  expect(picture(ld)).toBe(before);
}

describe('a lock', () => {
  it.each(LOCKS)('is refused: %p', (given, message) => {
    const ld = createLockdep();
    ld.lock('known', { level: 1 });
    const isBag = typeof given === 'object' && given !== null && !Array.isArray(given);
    const { name = 'fresh', ...options } = isBag ? (given as LockOptions & { name?: string }) : {};
    refuses(ld, () => ld.lock(name, isBag ? options : (given as LockOptions)), message);
  });

  it.each([[3], [null], [undefined], [Symbol('s')]])('has a name: %p', (name) => {
    refuses(createLockdep(), () => createLockdep().lock(name as never), 'name: expected a string');
  });

  it('may repeat what its class is, or leave it out', () => {
    const ld = createLockdep();
    const compare = (): number => -1;
    const options: LockOptions = {
      kind: 'rwlock',
      level: 3,
      compare,
      inhibits: ['softirq', 'hardirq'],
      reentrant: true,
    };
    const [first, again, bare] = [ld.lock('a', options), ld.lock('a', { ...options }), ld.lock('a')];
    expect([again.class === first.class, bare.class === first.class]).toEqual([true, true]);
    expect(ld.lock('a', { inhibits: ['softirq', 'hardirq'] }).class).toBe(first.class);
  });

  it('has its own data', () => {
    const ld = createLockdep();
    const data = { id: 7 };
    expect([ld.lock('a', { data }).data, ld.lock('a').data]).toEqual([data, undefined]);
  });

  it('has a class that is named by its name, whatever that is', () => {
    const ld = createLockdep();
    const names = ['', '__proto__', 'constructor', 'a/1', '名'];
    const [first] = names.map((name) => ld.lock(name)) as [LockInstance];
    nest(ld.owner('p'), [first, ld.lock('__proto__'), ld.lock('a/1')]);
    expect([ld.snapshot().classes.map(({ name }) => name), rules(ld)]).toEqual([names, []]);
  });
});

const ACQUIRES: [options: unknown, message: string][] = [
  [null, 'options: expected an object, got null'],
  [{ mode: 'read' }, "mode: expected one of exclusive, shared, recursive-shared, got 'read'"],
  [{ mode: 'shared' }, "mode: a lock of kind 'mutex' has no readers, got 'shared'"],
  [{ try: 1 }, 'try: expected true or false, got 1'],
  [{ units: 0 }, 'units: expected a whole number above 0, got 0'],
  [{ units: 2 }, "units: a lock of kind 'mutex' has one unit, got 2"],
  [{ nest: 'guard' }, "nest: expected a lock made by this checker's lock(), got 'guard'"],
  [{ nest: null }, "nest: expected a lock made by this checker's lock(), got null"],
  [{ subclass: -1 }, 'subclass: expected a whole number from 0, got -1'],
  [{ subclass: 0.5 }, 'subclass: expected a whole number from 0, got 0.5'],
  [{ subclass: '1' }, "subclass: expected a whole number from 0, got '1'"],
];

describe('an acquire', () => {
  it.each(ACQUIRES)('is refused: %p', (options, message) => {
    const ld = createLockdep();
    const [a] = locks(ld, ['a']);
    const p = ld.owner('p');
    refuses(ld, () => p.acquire(a, options as AcquireOptions), message);
    refuses(ld, () => p.mightLock(a, options as AcquireOptions), message);
    expect(heldNames(p)).toEqual([]);
  });

  it.each([[undefined], [null], [{}], ['a']])('is of a lock: %p', (lock) => {
    const ld = createLockdep();
    const p = ld.owner('p');
    const acts = [
      'acquire',
      'release',
      'mightLock',
      'downgrade',
      'upgrade',
      'pin',
      'init',
      'destroy',
      'assertHeld',
    ] as const;
    for (const act of acts)
      refuses(ld, () => p[act](lock as never), "lock: expected a lock made by this checker's lock()");
  });

  it('is of a lock of this checker', () => {
    const [ld, other] = [createLockdep(), createLockdep()];
    const [foreign] = locks(other, ['a']);
    locks(ld, ['a']);
    const p = ld.owner('p');
    refuses(ld, () => p.acquire(foreign), "got 'a' of another checker");
  });

  it('is by an owner with a name', () => {
    const ld = createLockdep();
    refuses(ld, () => ld.owner(7 as never), 'name: expected a string, got 7');
    refuses(ld, () => ld.owner('p', { yields: 1 as never }), 'yields: expected true or false, got 1');
    refuses(ld, () => ld.owner('p', null as never), 'options: expected an object, got null');
    const p = ld.owner('p');
    refuses(ld, () => p.enter('hardirq', { threaded: 'no' as never }), "threaded: expected true or false, got 'no'");
    refuses(ld, () => p.irqRestore(undefined as never), 'flags: expected what irqSave() gave');
    p.assertNotInContext('hardirq');
    expect(rules(ld)).toEqual([]);
  });
});

const KINDS: [definition: unknown, message: string][] = [
  [null, 'kind: expected an object, got null'],
  [{}, 'kind: name: expected a string, got undefined'],
  [{ name: 'mutex' }, "kind: there is a kind 'mutex' already: give this one another name"],
  [{ name: 'own', inner: 'sleeps' }, "inner: expected one of unchecked, free, spin, config, sleep, got 'sleeps'"],
  [{ name: 'own', outer: 1 }, 'outer: expected one of unchecked, free, spin, config, sleep, got 1'],
  [{ name: 'own', readers: true }, 'readers: expected one of none, plain, interrupt, as-asked, always, got true'],
  [{ name: 'own', irq: 'off' }, "irq: expected one of checked, local, none, got 'off'"],
  [{ name: 'own', counting: 'yes' }, "counting: expected true or false, got 'yes'"],
  [{ name: 'own', capacity: 3 }, "kind: 'capacity' is none of name, counting, readers, inner, outer"],
];

describe('a kind of its own', () => {
  it.each(KINDS)('is refused: %p', (definition, message) => {
    const ld = createLockdep();
    refuses(ld, () => ld.kind(definition as KindDefinition), message);
    expect(() => createLockdep({ kinds: [definition as KindDefinition] })).toThrow(TypeError);
    if (message.startsWith('inner') || message.startsWith('irq')) expect(() => ld.lock('a', { kind: 'own' })).toThrow();
  });

  it('is a mutex but for what is said of it', () => {
    const ld = createLockdep({ kinds: [{ name: 'seqlock', readers: 'plain' }] });
    ld.kind({ name: 'futex' });
    const [r, f, m] = [ld.lock('r', { kind: 'seqlock' }), ld.lock('f', { kind: 'futex' }), ld.lock('m')];
    const p = ld.owner('p');
    p.acquire(r, { mode: 'shared' });
    p.acquire(f);
    p.acquire(m);
    expect(rules(ld)).toEqual([]);
    nest(ld.owner('q'), [m, r]);
    expect(rules(ld)).toEqual(['order-cycle']);
    expect(() => createLockdep().lock('r', { kind: 'seqlock' })).toThrow('kind: expected one of');
    expect(() => ld.kind({ name: 'futex' })).toThrow("there is a kind 'futex' already");
  });

  it('can be reentrant, or take no part in orders', () => {
    const ld = createLockdep({
      kinds: [
        { name: 'monitor', reentrant: true },
        { name: 'hint', ordered: false },
      ],
    });
    const [m, h] = [ld.lock('m', { kind: 'monitor' }), ld.lock('h', { kind: 'hint' })];
    for (const order of [
      [m, m],
      [m, h],
      [h, m],
    ])
      nest(ld.owner('p'), order);
    expect(rules(ld)).toEqual([]);
  });
});

const CONTEXTS: [definition: unknown, message: string][] = [
  ['signal', "context: expected an object, got 'signal'"],
  [{}, 'context: name: expected a string, got undefined'],
  [{ name: 'hardirq' }, "context: there is a context 'hardirq' already: give this one another name"],
  [{ name: 'own', limit: 'never' }, "limit: expected one of free, spin, config, sleep, got 'never'"],
  [{ name: 'own', limit: 'unchecked' }, "limit: expected one of free, spin, config, sleep, got 'unchecked'"],
  [{ name: 'own', masks: 'softirq' }, "masks: expected a list of names, got 'softirq'"],
  [{ name: 'own', needs: [1] }, 'needs: expected a list of names, got 1'],
  [{ name: 'own', counted: 1 }, 'counted: expected true or false, got 1'],
  [{ name: 'own', mask: [] }, "context: 'mask' is none of name, limit, threadedLimit, masks, needs"],
];

describe('a context of its own', () => {
  it.each(CONTEXTS)('is refused: %p', (definition, message) => {
    const ld = createLockdep();
    refuses(ld, () => ld.context(definition as ContextDefinition), message);
    expect(() => createLockdep({ contexts: [definition as ContextDefinition] })).toThrow(TypeError);
    expect(() => ld.lock('a', { inhibits: 'own' })).toThrow(TypeError);
  });

  it('may come after owners: it can interrupt them from then on', () => {
    const ld = createLockdep();
    const p = ld.owner('p');
    const a = ld.lock('a', { kind: 'spin' });
    p.acquire(a);
    p.release(a);
    ld.context({ name: 'late' });
    p.acquire(a);
    p.release(a);
    p.enter('late');
    p.acquire(a);
    expect(ld.violations.map(({ rule }) => rule)).toEqual(['irq-inconsistent']);
  });

  it.each(['masks', 'needs'] as const)('must not name what nobody defines: %s', (part) => {
    const make = (): unknown => createLockdep({ contexts: [{ name: 'own', [part]: ['own', 'typo'] }] }).owner('p');
    expect(make).toThrow(/typo/);
    const contexts = [{ name: 'first', [part]: ['second'] }, { name: 'second' }];
    expect(() => createLockdep({ contexts }).owner('p')).not.toThrow();
  });
});
