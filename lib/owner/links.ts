/**
 * Which promise carries which acquires. A promise of an acquire, and one that an async function returned while it held
 * something, give it to the continuation that waits for them, and to no other.
 * Kept in a private field that is stamped on the promise: nobody can see it, a frozen promise can carry it, it goes with
 * the promise, and it is many times cheaper than a WeakMap.
 */
import { types } from 'node:util';
import type { Context, Ticket } from './ticket.ts';

/** What a promise is linked to. */
export interface Link {
  /** The request whose promise it is. */
  acquired: Ticket | undefined;
  /** The promise that it waits for. */
  parent: object | undefined;
  /** What its creator had. */
  base: Context | null;
  /** What the flow that settled it still held, and gives to whoever waits. */
  handed: readonly Ticket[];
  /** What has happened before it settled. */
  seen: readonly Ticket[];
  /** The promises that a combinator waits for. */
  inputs: readonly unknown[];
}

/** Acquires that reach a continuation: as its own, or as something that has happened before it. */
export interface Arrivals {
  readonly owned: Ticket[];
  readonly seen: Ticket[];
}

const NONE: readonly never[] = [];
const LONGEST_WAY = 50;

// A constructor that gives back its argument: a class that extends it puts its private fields on that.
const Given = function given(target: object): object {
  return target;
} as unknown as new (
  target: object,
) => object;

class Stamp extends Given {
  readonly #link: Link;

  constructor(target: object, link: Link) {
    super(target);
    this.#link = link;
  }

  static of(target: object): Link | undefined {
    return #link in target ? (target as Stamp).#link : undefined;
  }
}

/** What a promise is linked to, if anything. */
export function linkOf(promise: object): Link | undefined {
  return Stamp.of(promise);
}

/** The link of a promise, made where there is none yet. */
export function link(promise: object): Link {
  const known = Stamp.of(promise);
  if (known !== undefined) {
    return known;
  }
  const made: Link = { acquired: undefined, parent: undefined, base: null, handed: NONE, seen: NONE, inputs: NONE };
  new Stamp(promise, made);
  return made;
}

/** Lets go of what a settled promise was linked to; else chains of promises would be kept alive. */
export function unlink(promise: object): void {
  const known = Stamp.of(promise);
  if (known !== undefined) {
    known.parent = undefined;
    known.base = null;
  }
}

/** What arrives with a promise, from it and from those that it waits for. */
export function arrivals(promise: unknown): Arrivals {
  const found: Arrivals = { owned: [], seen: [] };
  if (types.isPromise(promise)) {
    collect(promise, { found, met: new Set() }, 0);
  }
  return found;
}

interface Collection {
  readonly found: Arrivals;
  /** Inputs that combinators share are looked at once. */
  readonly met: Set<object>;
}

function collect(promise: object, collection: Collection, way: number): void {
  const { found, met } = collection;
  let at: object | undefined = promise;
  for (let steps = way; at !== undefined && steps < LONGEST_WAY; steps++) {
    const known: Link | undefined = Stamp.of(at);
    if (known === undefined) {
      return;
    }
    if (known.acquired !== undefined) {
      found.owned.push(known.acquired);
    }
    found.owned.push(...known.handed);
    found.seen.push(...known.seen);
    for (const input of known.inputs) {
      if (types.isPromise(input) && !met.has(input)) {
        met.add(input);
        collect(input, collection, steps + 1);
      }
    }
    at = known.parent;
  }
}
