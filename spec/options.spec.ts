import { createLockdep, type Lockdep } from '../lib/lockdep.ts';
import { LOCK_KINDS, type LockKind } from '../lib/model/kind.ts';
import { capacityOf, type LockdepOptions, type LockOptions } from '../lib/options.ts';
import type { LockInstance } from '../lib/state/classes.ts';
import { ANYTHING, except, isBoolean, isFunction, isObject, isText, notRefused } from './state/values.ts';
import { locks, nest, only, picture } from './state/world.ts';

const kindOf = (name: string): LockKind => LOCK_KINDS.get(name) as LockKind;

describe('a kind', () => {
  it.each([...LOCK_KINDS.keys()])('is known by its name: %s', (name) => {
    expect(createLockdep().lock('a', { kind: name }).class.kind).toBe(LOCK_KINDS.get(name));
  });

  it('is a mutex if nothing is said', () => {
    expect(createLockdep().lock('a').class.kind).toBe(LOCK_KINDS.get('mutex'));
    const unsaid = { kind: undefined } as unknown as LockOptions;
    expect(createLockdep().lock('a', unsaid).class.kind.name).toBe('mutex');
  });

  it('is that of its class if nothing is said of a later lock', () => {
    const ld = createLockdep();
    ld.lock('a', { kind: 'rwlock' });
    expect(ld.lock('a').class.kind.name).toBe('rwlock');
  });

  it('that is none is refused, with all that are', () => {
    const words = [...ANYTHING, 'Mutex', '__proto__'];
    const lockOf = (kind: unknown): LockInstance => createLockdep().lock('a', { kind: kind as string });
    expect(notRefused('kind', words, lockOf)).toEqual([]);
    expect(() => lockOf('latch')).toThrow(/^kind: expected one of mutex, .*semaphore.*, got 'latch'$/);
  });

  it('of one’s own is known by its name too, to this checker alone', () => {
    const latch = { name: 'latch', inner: 'spin' } as const;
    const ld = createLockdep({ kinds: [latch] });
    expect(ld.lock('a', { kind: 'latch' }).class.kind).toMatchObject({ name: 'latch', inner: 'spin', outer: 'spin' });
    expect(() => ld.lock('b', { kind: 'hatch' })).toThrow(/^kind: expected one of mutex, .*, latch, got 'hatch'$/);
    expect(() => createLockdep().lock('a', { kind: 'latch' })).toThrow(TypeError);
  });
});

describe('a capacity', () => {
  it('is 1 if nothing is said', () => {
    expect([capacityOf(kindOf('mutex')), capacityOf(kindOf('semaphore')), capacityOf(kindOf('mutex'), 1)]).toEqual([
      1, 1, 1,
    ]);
  });

  it.each([1, 2, 1000, Number.POSITIVE_INFINITY])('of a counting resource may be %d', (capacity) => {
    expect(capacityOf(kindOf('semaphore'), capacity)).toBe(capacity);
  });

  it('that is no number above 0 is refused', () => {
    const wrong = [...except((value) => typeof value === 'number'), 0, -1, Number.NaN, Number.NEGATIVE_INFINITY];
    expect(notRefused('capacity', wrong, (capacity) => capacityOf(kindOf('semaphore'), capacity as number))).toEqual(
      [],
    );
  });

  it('of a lock that does not count is 1', () => {
    const wrong = [2, 0.5, Number.POSITIVE_INFINITY];
    expect(notRefused('capacity', wrong, (capacity) => capacityOf(kindOf('rwlock'), capacity as number))).toEqual([]);
  });
});

describe('a checker', () => {
  it('refuses options that are none', () => {
    expect(notRefused('options', except(isObject), (options) => createLockdep(options as LockdepOptions))).toEqual([]);
  });

  it.each([
    ['profile', ANYTHING],
    ['onViolation', except(isFunction)],
    ['sites', ANYTHING],
    ['resolver', except(isFunction)],
    ['process', except(isText)],
    ['now', except(isFunction)],
    ['realtime', except(isBoolean)],
    ['events', except(isBoolean)],
    ['kinds', except(Array.isArray)],
    ['contexts', except(Array.isArray)],
    ['rules', except((value) => isObject(value) && typeof value === 'object' && !Array.isArray(value))],
    ['chainLimit', except((value) => typeof value === 'number' && value >= 0)],
  ] as const)('refuses a wrong %s', (name, values) => {
    expect(notRefused(name, values, (value) => createLockdep({ [name]: value }))).toEqual([]);
  });

  it('takes `undefined` for what is not said', () => {
    const names = ['profile', 'onViolation', 'sites', 'resolver', 'process', 'now', 'chainLimit'];
    names.push('realtime', 'kinds', 'contexts', 'rules', 'events');
    const ld = createLockdep(Object.fromEntries(names.map((name) => [name, undefined])) as LockdepOptions);
    nest(ld.owner('p'), locks(ld, ['a', 'a']));
    expect(only(ld, 'recursion')).toMatchObject({ severity: 'warning', process: '0' });
  });

  it('takes each option that is right', () => {
    const site = { file: 'told.ts', line: 1, column: 1 };
    const ld = createLockdep({ profile: 'kernel', sites: 'all', resolver: () => site, process: '7/2', now: () => 5 });
    nest(ld.owner('p'), locks(ld, ['a', 'a']));
    expect(only(ld, 'recursion')).toMatchObject({ severity: 'error', process: '7/2', sites: [site, site] });
    expect(ld.snapshot().process.writtenAt).toBe(5);
  });
});

describe('the severity of a rule', () => {
  it.each(['off', 'warning', 'error'] as const)('is what is asked for: %s', (severity) => {
    const ld = createLockdep({ rules: { recursion: severity, 'held-at-exit': severity } });
    const [a] = locks(ld, ['a']);
    nest(ld.owner('p'), [a, a]);
    ld.owner('p').acquire(a);
    ld.owner('p').exit();
    const found = ld.violations.map((violation) => [violation.rule, violation.severity]);
    const wanted = ['recursion', 'held-at-exit'].map((rule) => [rule, severity]);
    expect(found).toEqual(severity === 'off' ? [] : wanted);
  });

  it('is refused for a rule that there is not, and if it is none', () => {
    const of = (rules: object) => (): unknown => createLockdep({ rules } as LockdepOptions);
    expect(of({ recursions: 'off' })).toThrow(/^rules: there is no rule 'recursions'; the rules are order-cycle, /);
    expect(of({ recursion: 'on' })).toThrow("rules: expected 'off', 'warning' or 'error' for 'recursion', got 'on'");
    const severities = [undefined, ...ANYTHING];
    expect(notRefused('rules', severities, (recursion) => of({ recursion })())).toEqual([]);
  });
});

describe('a lock that is made wrongly', () => {
  const ways: readonly (readonly [string, readonly unknown[], (ld: Lockdep, value: unknown) => LockInstance])[] = [
    ['name', [undefined, ...except(isText)], (ld, name) => ld.lock(name as string)],
    ['options', except(isObject), (ld, options) => ld.lock('a', options as LockOptions)],
    ['kind', ANYTHING, (ld, kind) => ld.lock('a', { kind: kind as string })],
    [
      'capacity',
      [0, -1, Number.NaN],
      (ld, capacity) => ld.lock('a', { kind: 'limiter', capacity: capacity as number }),
    ],
    ['capacity', [2, 0.5], (ld, capacity) => ld.lock('a', { kind: 'rwlock', capacity: capacity as number })],
  ];

  it.each(ways)('is refused for its %s, and leaves nothing behind', (argument, values, make) => {
    const ld = createLockdep({ now: () => 0 });
    const before = picture(ld);
    expect(notRefused(argument, values, (value) => make(ld, value))).toEqual([]);
    expect(picture(ld)).toBe(before);
  });

  it('is refused for another kind than its class has, and makes no instance', () => {
    const ld = createLockdep({ now: () => 0 });
    ld.lock('a', { kind: 'rwlock' });
    const before = picture(ld);
    expect(() => ld.lock('a', { kind: 'mutex' })).toThrow(TypeError);
    expect(() => ld.lock('a', { kind: 'mutex' })).toThrow(/kind 'rwlock', not 'mutex'/);
    expect(picture(ld)).toBe(before);
  });
});

describe('an owner', () => {
  it('is refused for a name that is no text, and is not counted', () => {
    const ld = createLockdep({ now: () => 0 });
    const before = picture(ld);
    const names = [undefined, ...except(isText)];
    expect(notRefused('name', names, (name) => ld.owner(name as string))).toEqual([]);
    expect(picture(ld)).toBe(before);
  });
});
