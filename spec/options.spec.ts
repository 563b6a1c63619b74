import { createLockdep, type Lockdep } from '../lib/lockdep.ts';
import { LOCK_KINDS, type LockKind } from '../lib/model/kind.ts';
import { capacityOf, kindNamed, type LockdepOptions, type LockOptions } from '../lib/options.ts';
import { locks, nest, only, picture } from './state/world.ts';

/** Values of every kind, for a program without types. */
const ANYTHING: readonly unknown[] = [
  undefined,
  null,
  true,
  0,
  -1,
  1.5,
  Number.NaN,
  7n,
  '',
  'a word',
  Symbol('s'),
  [],
  {},
  Object.create(null),
  () => {},
];

const no = (...allowed: ((value: unknown) => boolean)[]): readonly unknown[] =>
  ANYTHING.filter((value) => value !== undefined && !allowed.some((isAllowed) => isAllowed(value)));
const isString = (value: unknown): boolean => typeof value === 'string';
const isFunction = (value: unknown): boolean => typeof value === 'function';
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown): boolean => typeof value === 'number' && value >= 0;

/** Fails unless `work` throws one TypeError that names the argument first. */
function expectRefusal(argument: string, work: () => void): void {
  expect(work).toThrow(TypeError);
  expect(work).toThrow(new RegExp(`^${argument}: `));
}

describe('a kind', () => {
  it.each([...LOCK_KINDS.keys()])('is known by its name: %s', (name) => {
    expect(kindNamed(name)).toBe(LOCK_KINDS.get(name));
  });

  it.each([...ANYTHING, 'Mutex', '__proto__'])('that is none is refused, with all that are: %p', (word) => {
    expectRefusal('kind', () => kindNamed(word as string));
    expect(() => kindNamed(word as string)).toThrow(/expected one of mutex, .*semaphore/);
  });
});

describe('a capacity', () => {
  const [mutex, semaphore] = ['mutex', 'semaphore'].map((name) => LOCK_KINDS.get(name) as LockKind) as [
    LockKind,
    LockKind,
  ];

  it('is 1 if nothing is said', () => {
    expect([capacityOf(mutex), capacityOf(semaphore), capacityOf(mutex, 1)]).toEqual([1, 1, 1]);
  });

  it.each([1, 2, 1000, Number.POSITIVE_INFINITY])('of a counting resource may be %d', (capacity) => {
    expect(capacityOf(semaphore, capacity)).toBe(capacity);
  });

  it.each([0, -1, Number.NaN, Number.NEGATIVE_INFINITY, ...no((value) => typeof value === 'number')])(
    'that is no number above 0 is refused: %p',
    (capacity) => {
      expectRefusal('capacity', () => capacityOf(semaphore, capacity as number));
    },
  );

  it.each([2, 0.5, Number.POSITIVE_INFINITY])('of a lock that does not count is 1, not %d', (capacity) => {
    expectRefusal('capacity', () => capacityOf(mutex, capacity));
  });
});

describe('a checker', () => {
  it.each(no(isObject).filter((value) => !Array.isArray(value)))('refuses options that are none: %p', (options) => {
    expectRefusal('options', () => createLockdep(options as LockdepOptions));
  });

  const names: readonly (readonly [keyof LockdepOptions, readonly unknown[]])[] = [
    ['profile', no()],
    ['onViolation', no(isFunction)],
    ['sites', no()],
    ['resolver', no(isFunction)],
    ['process', no(isString)],
    ['now', no(isFunction)],
    ['chainLimit', no(isCount)],
  ];
  it.each(names.flatMap(([name, values]) => values.map((value) => [name, value] as const)))(
    'refuses a wrong %s: %p',
    (name, value) => {
      expectRefusal(name, () => createLockdep({ [name]: value }));
    },
  );

  it('takes `undefined` for what is not said', () => {
    const options = Object.fromEntries(names.map(([name]) => [name, undefined])) as LockdepOptions;
    const ld = createLockdep(options);
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

describe('a lock', () => {
  function expectUnchanged(ld: Lockdep, work: () => void): void {
    const before = picture(ld);
    work();
    expect(picture(ld)).toBe(before);
  }

  it.each(ANYTHING.filter((value) => !isString(value)))('refuses a name that is no text: %p', (name) => {
    const ld = createLockdep({ now: () => 0 });
    expectUnchanged(ld, () => expectRefusal('name', () => ld.lock(name as string)));
  });

  it.each(no(isObject).filter((value) => !Array.isArray(value)))('refuses options that are none: %p', (options) => {
    const ld = createLockdep({ now: () => 0 });
    expectUnchanged(ld, () => expectRefusal('options', () => ld.lock('a', options as LockOptions)));
  });

  it.each([
    ['kind', { kind: 'latch' }],
    ['capacity', { kind: 'semaphore', capacity: 0 }],
    ['capacity', { kind: 'rwlock', capacity: 2 }],
  ] as const)('refuses a wrong %s and makes no class: %p', (argument, options) => {
    const ld = createLockdep({ now: () => 0 });
    expectUnchanged(ld, () => expectRefusal(argument, () => ld.lock('a', options)));
  });

  it('refuses another kind than its class has, and makes no instance', () => {
    const ld = createLockdep({ now: () => 0 });
    ld.lock('a', { kind: 'rwlock' });
    expectUnchanged(ld, () => {
      expect(() => ld.lock('a', { kind: 'mutex' })).toThrow(TypeError);
      expect(() => ld.lock('a', { kind: 'mutex' })).toThrow(/kind 'rwlock', not 'mutex'/);
    });
  });

  it.each(ANYTHING.filter((value) => !isString(value)))('has no owner whose name is no text: %p', (name) => {
    const ld = createLockdep({ now: () => 0 });
    expectUnchanged(ld, () => expectRefusal('name', () => ld.owner(name as string)));
  });
});
