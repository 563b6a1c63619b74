// biome-ignore-all lint/suspicious/noThenProperty: results that are like promises
// The adapter with a limiter of the library's own making: what it hands out looks and behaves like the original.
import { watch as watchByHand } from '../../lib/adapters/by-hand.ts';
import type { LibraryWatcher } from '../../lib/adapters/library-watcher.ts';
import { pLimit } from '../../lib/adapters/p-limit.ts';
import { createLockdep, type Lockdep } from '../../lib/lockdep.ts';
import type { FlowTracker } from '../../lib/owner/tracker.ts';
import type { LockInstance } from '../../lib/state/classes.ts';
import { ending, freshModule, startWatching } from '../support/libraries.ts';

type Limit = (task: unknown, ...args: unknown[]) => Promise<unknown>;
type Maker = (concurrency: number) => Limit;

// In the manner of p-limit 7, with one task after the other.
function makeLimit(concurrency: number): Limit {
  if (!(concurrency > 0)) {
    throw new TypeError('Expected `concurrency` to be a number from 1 and up');
  }
  let last: Promise<unknown> = Promise.resolve();
  const generator: Limit = (function_, ...args) => {
    const result = last.then(() => (async () => (function_ as (...values: unknown[]) => unknown)(...args))());
    last = result.catch(() => {});
    return result;
  };
  return Object.defineProperties(generator, { concurrency: { get: () => concurrency } });
}

// As in p-limit 3, whose maker is an arrow function.
const arrowMaker: Maker = (concurrency) => makeLimit(concurrency);

function limitFunction(function_: unknown, { concurrency }: { concurrency: number }): unknown {
  const limit = makeLimit(concurrency);
  return (...args: unknown[]) => limit(function_, ...args);
}

interface Watched {
  readonly make: Maker;
  readonly limitFunction: typeof limitFunction;
  readonly watcher: LibraryWatcher;
  readonly lockdep: Lockdep;
  /** How many slots of a limiter are taken or asked for. */
  used(limit: Limit): number;
}

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) {
    end();
  }
});

function watched(original: Maker): Watched {
  const { watched: watch, watcher, lockdep, stop } = startWatching({ onViolation: 'collect' });
  ends.push(stop);
  const exports = watch(pLimit, { default: original, limitFunction });
  const used = (limit: Limit): number => {
    const { held, waiting } = watcher.tracker.ticketsOf(watcher.lockOf(limit) as LockInstance);
    return held.length + waiting.length;
  };
  return { make: exports.default, limitFunction: exports.limitFunction, watcher, lockdep, used };
}

const shape = (one: object): unknown => JSON.stringify(Object.entries(Object.getOwnPropertyDescriptors(one)));

it.each([
  ['a function', makeLimit],
  ['an arrow function', arrowMaker],
])('a maker that is %s keeps its shape', (_, original) => {
  const { make } = watched(original);
  expect(shape(make)).toBe(shape(original));
  expect(shape(make(2))).toBe(shape(original(2)));
  expect(() => make(0)).toThrow(/`concurrency`/);
});

it('limitFunction keeps its shape', () => {
  expect(shape(watched(makeLimit).limitFunction)).toBe(shape(limitFunction));
});

it('a maker is called with `new` if the original is', async () => {
  const New = watched(makeLimit).make as unknown as new (concurrency: number) => Limit;
  await expect(new New(2)(() => 1)).resolves.toBe(1);
  const Arrow = watched(arrowMaker).make as unknown as new (concurrency: number) => Limit;
  expect(() => new Arrow(2)).toThrow('Arrow is not a constructor');
});

it.each([undefined, null, 5])('the library says itself that %p is no task', async (task) => {
  const { make, used } = watched(makeLimit);
  const limit = make(1);
  const failed = expect(limit(task)).rejects.toThrow('function_ is not a function');
  expect(used(limit)).toBe(0);
  await failed;
});

const failing = {
  get then(): never {
    throw new Error('getter');
  },
};

it.each<[string, () => unknown]>([
  ['returns', () => 1],
  ['throws', () => JSON.parse('{')],
  ['rejects', () => Promise.reject(new Error('x'))],
  ['returns what cannot be read', () => failing],
  ['returns a thenable', () => ({ then: (ok: (value: number) => void) => ok(1) })],
])('a task that %s gives its slot back once', async (_, task) => {
  const { make, used, lockdep } = watched(makeLimit);
  const limit = make(1);
  const before = used(limit);
  const result = limit(task);
  const during = used(limit);
  await result.catch(() => {});
  expect([before, during, used(limit)]).toEqual([0, 1, 0]);
  expect([lockdep.failure, lockdep.violations]).toEqual([null, []]);
});

describe.each(['current', 'previous'])('a limiter of the library, %s, that was made unwatched', (set) => {
  const folder = `spec/libraries${set === 'current' ? '' : '/previous'}/node_modules`;
  const fresh = (): Maker =>
    freshModule(`${folder}/p-limit/index.js`, (name) => freshModule(`${folder}/${name}/index.js`))['default'] as Maker;
  const adopt = (limit: Limit): { limit: Limit; lockdep: Lockdep } => {
    const lockdep = createLockdep({ onViolation: 'collect' });
    ends.push(() => (lockdep.flows as unknown as FlowTracker).stop());
    return { limit: watchByHand(limit, 'slots', { lockdep }), lockdep };
  };

  it('comes back watched, under the name that it is given', async () => {
    const original = fresh()(2);
    const { limit, lockdep } = adopt(original);
    expect(limit).not.toBe(original);
    expect(watchByHand(original, 'slots', { lockdep })).toBe(limit);
    expect(watchByHand(limit, 'slots', { lockdep })).toBe(limit);
    expect(await limit(() => limit(() => 'inner'))).toBe('inner');
    expect(lockdep.violations.map(({ rule, message }) => [rule, message])).toEqual([
      ['pool-nesting', expect.stringContaining('asks slots for one more')],
    ]);
    expect(lockdep.failure).toBeNull();
  });

  it('does what it did, to the turn, and shares its slots', async () => {
    const plain = fresh()(1);
    const original = fresh()(1);
    const { limit } = adopt(original);
    const scene = async (one: Limit, other: Limit): Promise<unknown> => {
      const calls = [
        ending(() => one(async (value: unknown) => value, 5)),
        ending(() => other(() => 'second')),
        ending(() => one(() => Promise.reject(new Error('third')))),
      ];
      const counts = [Reflect.get(one, 'activeCount'), Reflect.get(other, 'pendingCount')];
      return [await Promise.all(calls), counts];
    };
    expect(await scene(limit, original)).toEqual(await scene(plain, plain));
    expect(shape(limit)).toBe(shape(plain));
  });
});

it('what is no limiter is not adopted', () => {
  const { watcher } = watched(makeLimit);
  const others = [{}, () => {}, makeLimit(1), Object.assign(() => {}, { activeCount: 0, pendingCount: 0 })];
  expect(others.map((one) => pLimit.adopt?.(one, watcher))).toEqual(others.map(() => undefined));
});
