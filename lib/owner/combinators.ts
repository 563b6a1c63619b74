/**
 * `Promise.all`, `allSettled`, `any` and `race` remember their inputs, so that what arrives with an input also arrives
 * with the result. Nothing else about them changes.
 */
import { link } from './links.ts';

const NAMES = ['all', 'allSettled', 'any', 'race'] as const;

type Combinator = (this: PromiseConstructor, inputs: Iterable<unknown>) => Promise<unknown>;

/**
 * @param realm the `Promise` of this world, or of another one
 * @param isWatching whether there is anything to remember at the moment
 * @returns puts the originals back
 */
export function watchCombinators(realm: PromiseConstructor, isWatching: () => boolean): () => void {
  const originals = NAMES.map((name) => [name, Object.getOwnPropertyDescriptor(realm, name)] as const);
  for (const [name, descriptor] of originals) {
    const original = descriptor?.value as Combinator;
    Object.defineProperty(realm, name, { ...descriptor, value: watched(original, isWatching) });
  }
  return () => {
    for (const [name, descriptor] of originals) {
      Object.defineProperty(realm, name, descriptor as PropertyDescriptor);
    }
  };
}

function watched(original: Combinator, isWatching: () => boolean): Combinator {
  const combinator = {
    [original.name](this: PromiseConstructor, inputs: Iterable<unknown>): Promise<unknown> {
      if (!isWatching() || typeof inputs?.[Symbol.iterator] !== 'function') {
        return original.call(this, inputs);
      }
      const seen: unknown[] = [];
      const result = original.call(this, remember(inputs, seen));
      link(result).inputs = seen;
      return result;
    },
  }[original.name] as Combinator;
  return combinator;
}

function* remember(inputs: Iterable<unknown>, seen: unknown[]): Generator {
  for (const input of inputs) {
    seen.push(input);
    yield input;
  }
}
