import { watchCombinators } from '../../lib/owner/combinators.ts';

const NAMES = ['all', 'allSettled', 'any', 'race'] as const;
type Combinators = Record<(typeof NAMES)[number], (inputs: unknown) => Promise<unknown>>;
const current = (name: (typeof NAMES)[number]): Combinators[typeof name] => (Promise as unknown as Combinators)[name];
const outcome = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => ({ error }));

describe.each(NAMES)('Promise.%s', (name) => {
  const plain = (Promise as unknown as Combinators)[name].bind(Promise);
  let restore: () => void;
  beforeEach(() => {
    restore = watchCombinators(Promise);
  });
  afterEach(() => restore());

  it.each([
    ['values', () => [1, Promise.resolve(2)]],
    ['a rejection', () => [Promise.reject(new Error('x')), 3]],
    ['a set', () => new Set([1, 2])],
    ['text', () => 'ab'],
  ])('gives the same for %s', async (_, inputs) => {
    const watched = current(name);
    expect(await outcome(watched.call(Promise, inputs()))).toEqual(await outcome(plain(inputs())));
  });

  it.each([undefined, null, 5])('rejects %p as before', async (input) => {
    const watched = current(name);
    await expect(watched.call(Promise, input)).rejects.toThrow(TypeError);
  });

  it('makes what it is called on', () => {
    class Own<T> extends Promise<T> {}
    expect(current(name).call(Own, [1])).toBeInstanceOf(Own);
  });

  it('reads its inputs once', () => {
    let read = 0;
    const inputs = {
      *[Symbol.iterator]() {
        read++;
        yield 1;
      },
    };
    void outcome(current(name).call(Promise, inputs));
    expect(read).toBe(1);
  });
});

it('keeps names, lengths and attributes, and puts the originals back', () => {
  const before = NAMES.map((name) => Object.getOwnPropertyDescriptor(Promise, name));
  const restore = watchCombinators(Promise);
  const during = NAMES.map((name) => Object.getOwnPropertyDescriptor(Promise, name));
  restore();
  const facts = (one: PropertyDescriptor | undefined): unknown => [one?.value.name, one?.value.length, one?.enumerable];
  expect(during.map(facts)).toEqual(before.map(facts));
  expect(NAMES.map((name) => Object.getOwnPropertyDescriptor(Promise, name))).toEqual(before);
});
