/**
 * `Promise.all`, `allSettled`, `any` and `race` remember their inputs, so that what arrives with an input also arrives
 * with the result. Nothing else about them changes.
 */
import { link } from './links.ts';

const NAMES = ['all', 'allSettled', 'any', 'race'] as const;

/** Those that do not wait for all of their inputs. */
const ONE_IS_ENOUGH: ReadonlySet<string> = new Set(['any', 'race']);

type Combinator = (this: PromiseConstructor, inputs: Iterable<unknown>) => Promise<unknown>;

/**
 * @param realm the `Promise` of this world, or of another one
 * @returns puts the originals back
 */
export function watchCombinators(realm: PromiseConstructor): () => void {
  const originals = NAMES.map((name) => [name, Object.getOwnPropertyDescriptor(realm, name)] as const);
  for (const [name, descriptor] of originals) {
    const original = descriptor?.value as Combinator | undefined;
    if (typeof original !== 'function') {
      continue;
    }
    Object.defineProperty(realm, name, { ...descriptor, value: watched(original) });
  }
  return () => {
    for (const [name, descriptor] of originals) {
      if (descriptor !== undefined) {
        Object.defineProperty(realm, name, descriptor);
      }
    }
  };
}

function watched(original: Combinator): Combinator {
  const combinator = {
    [original.name](this: PromiseConstructor, inputs: Iterable<unknown>): Promise<unknown> {
      if (typeof inputs?.[Symbol.iterator] !== 'function') {
        return original.call(this, inputs);
      }
      const seen: unknown[] = [];
      const result = original.call(this, remember(inputs, seen));
      const made = link(result);
      made.inputs = seen;
      made.isAny = ONE_IS_ENOUGH.has(original.name);
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
