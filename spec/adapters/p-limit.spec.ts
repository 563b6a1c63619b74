// biome-ignore-all lint/suspicious/noThenProperty: results that are like promises
// The adapter with a limiter of the library's own making: what it hands out looks and behaves like the original.
import type { Watcher } from '../../lib/adapters/adapter.ts';
import { pLimit } from '../../lib/adapters/p-limit.ts';

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

function watched(original: Maker): { make: Maker; limitFunction: typeof limitFunction; events: string[] } {
  const events: string[] = [];
  const watcher = {
    tracker: {
      request: () => {
        events.push('request');
        return {};
      },
      granted: () => events.push('granted'),
      released: () => events.push('released'),
      withdrawn: () => events.push('withdrawn'),
      markSeen: <Result>(promise: Result): Result => promise,
      run: <Result>(_: unknown, work: () => Result): Result => work(),
    },
    lock: () => ({ capacity: 1 }),
    site: () => ({}),
    orElse: <Result>(_: Result, work: () => Result): Result => work(),
  } as unknown as Watcher;
  const exports = pLimit.watch({ default: original, limitFunction }, watcher);
  return { make: exports['default'] as Maker, limitFunction: exports['limitFunction'] as typeof limitFunction, events };
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
  const { make, events } = watched(makeLimit);
  await expect(make(1)(task)).rejects.toThrow('function_ is not a function');
  expect(events).toEqual([]);
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
  const { make, events } = watched(makeLimit);
  await make(1)(task).catch(() => {});
  expect(events).toEqual(['request', 'granted', 'released']);
});
