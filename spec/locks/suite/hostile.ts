/**
 * Wrong arguments: each gives one TypeError that names it and what was expected, and nothing has happened.
 */
import { feature, fill, type Subject } from './lock-under-test.ts';
import { expectFree } from './running.ts';
import { now, refused } from './words.ts';

const unprintable = {
  toString(): never {
    throw new Error('cannot be shown');
  },
};

/** Waits that cannot be meant, each with the argument that is to be named. */
const WRONG_WAITS: readonly [name: string, options: unknown][] = [
  ['timeout', { timeout: -1 }],
  ['timeout', { timeout: Number.NaN }],
  ['timeout', { timeout: '5' }],
  ['timeout', { timeout: null }],
  ['timeout', { timeout: 5n }],
  ['timeout', { timeout: unprintable }],
  ['timeout', { timeout: Number.NEGATIVE_INFINITY }],
  // A timer that long would end at once.
  ['timeout', { timeout: 2 ** 31 }],
  ['signal', { signal: null }],
  ['signal', { signal: {} }],
  ['signal', { signal: 'abort' }],
  ['signal', { signal: new AbortController() }],
  ['owner', { owner: null }],
  ['owner', { owner: {} }],
  ['owner', { owner: 'cpu0' }],
  ['options', null],
  ['options', 5],
  ['options', 'now'],
  ['options', []],
];

const WRONG_WORK: readonly unknown[] = [undefined, null, 5, 'work', {}, Promise.resolve()];

/** Expects a TypeError that names the argument, and says what was expected and what was got. */
export async function refuses(name: string, work: () => unknown): Promise<void> {
  const error = await refused(work);
  expect(error).toBeInstanceOf(TypeError);
  expect((error as Error).message).toMatch(new RegExp(`^${name}: expected .+, got `));
}

function fail(): never {
  throw new Error('no');
}

const show = (value: unknown): string => {
  try {
    return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part)) ?? 'undefined';
  } catch {
    return 'something';
  }
};

const ROWS = WRONG_WAITS.map(([name, options]) => ({ name, options, text: show(options) }));

export function hostileSuite(subject: Subject): void {
  feature(subject, 'argument checks', () => {
    it.each(ROWS)('refuse $name in acquire($text)', async ({ name, options }) => {
      const lock = subject.make();
      await refuses(name, () => lock.acquire(options as object));
      await expectFree(subject, lock);
    });

    it.each(ROWS)('refuse $name in acquire($text) of a lock that is taken', async ({ name, options }) => {
      const lock = subject.make();
      const taken = await fill(subject, lock);
      await refuses(name, () => lock.acquire(options as object));
      expect(lock.waiting).toBe(0);
      taken[0]?.release();
      expect(await now(lock.acquire())).not.toBe('waiting');
    });

    it.each(ROWS)('refuse $name in run(work, $text), whose work is never called', async ({ name, options }) => {
      const lock = subject.make();
      const work = jest.fn();
      await refuses(name, () => lock.run(work, options as object));
      expect(work).not.toHaveBeenCalled();
      await expectFree(subject, lock);
    });

    it.each(WRONG_WORK)('refuse %p as the work of run()', async (work) => {
      const lock = subject.make();
      await refuses('(fn|work)', () => lock.run(work as never));
      await expectFree(subject, lock);
      const taken = await fill(subject, lock);
      await refuses('(fn|work)', () => lock.run(work as never));
      expect(lock.waiting).toBe(0);
      for (const holding of taken) {
        holding.release();
      }
      await expectFree(subject, lock);
    });

    it('pass over what they do not know', async () => {
      const lock = subject.make();
      const holding = await lock.acquire({ toString: null, priority: 5 } as object);
      holding.release();
      await expectFree(subject, lock);
    });

    it.each([
      ['cannot be listened to', { aborted: false, addEventListener: () => fail(), removeEventListener: () => {} }],
      ['cannot be left', { aborted: false, addEventListener: () => {} }],
    ])('lose no lock to a signal that %s', async (_, half) => {
      const lock = subject.make();
      const taken = await fill(subject, lock);
      const wrong = lock.acquire({ signal: half as unknown as AbortSignal }).catch(() => null);
      const next = lock.acquire();
      expect(() => taken[0]?.release()).not.toThrow();
      expect(await now(wrong)).not.toBe('waiting');
      (await wrong)?.release();
      expect(await now(next)).not.toBe('waiting');
    });

    it('take options without a prototype', async () => {
      const lock = subject.make();
      const holding = await lock.acquire(Object.assign(Object.create(null) as object, { timeout: 5 }));
      holding.release();
      await expectFree(subject, lock);
    });

    it('leave the lock as it was where an option cannot be read', async () => {
      const lock = subject.make();
      const options = {
        get timeout(): number {
          throw new Error('unreadable');
        },
      };
      const error = await refused(() => lock.acquire(options));
      expect(error).toMatchObject({ message: 'unreadable' });
      await expectFree(subject, lock);
    });
  });
}

/** Names that have broken other programs. */
export const NAMES: readonly string[] = [
  '__proto__',
  'constructor',
  'toString',
  '',
  ' ',
  '🔒',
  '\u0000',
  'two\nlines',
  '\ud800',
  'x'.repeat(10_000),
];

/** What is no name. */
const NO_NAMES: readonly unknown[] = [null, 5, true, {}, [], Symbol('name'), unprintable];

/** What is no bag of options. */
const NO_OPTIONS: readonly unknown[] = [null, 5, 'options', []];

interface Named {
  readonly name: string;
}

/**
 * What constructors make of hostile arguments.
 * @param make a lock with this name and these options
 */
export function constructorSuite<Lock extends Named>(
  make: (name: unknown, options?: unknown) => Lock,
  use: (lock: Lock) => Promise<unknown>,
): void {
  describe('the constructor', () => {
    it.each(NAMES.map((name) => ({ name, text: show(name).slice(0, 20) })))(
      'takes $text for a name',
      async ({ name }) => {
        const lock = make(name);
        expect(lock.name).toBe(name);
        await use(lock);
      },
    );

    it('needs no name', async () => {
      const lock = make(undefined);
      expect(typeof lock.name).toBe('string');
      await use(lock);
    });

    it.each(NO_NAMES.map((name) => ({ name, text: show(name) })))('refuses $text for a name', async ({ name }) => {
      await refuses('name', () => make(name));
    });

    it.each(NO_OPTIONS.map((options) => ({ options, text: show(options) })))(
      'refuses $text for options',
      async ({ options }) => {
        await refuses('options', () => make('name', options));
      },
    );

    it.each([
      ['level', { level: 'high' }],
      ['level', { level: Number.NaN }],
      ['level', { level: null }],
      ['lockdep', { lockdep: {} }],
      ['lockdep', { lockdep: null }],
      ['lockdep', { lockdep: 'off' }],
    ])('refuses a wrong %s: %p', async (name, options) => {
      await refuses(name, () => make('name', options));
    });
  });
}
