/**
 * Which promise carries which acquires. A promise of an acquire, and one that an async function returned while it held
 * something, give it to the continuation that waits for them, and to no other.
 * Kept in a private field that is stamped on the promise: nobody can see it, a frozen promise can carry it, it goes with
 * the promise, and it is many times cheaper than a WeakMap. While no lock is in use it holds the promise that is waited for
 * and nothing else, which is all that every `await` of the program has to pay for.
 */
import type { Activation } from './activation.ts';
import { Given } from './given.ts';
import type { Context, Handover, Ticket } from './ticket.ts';

const NONE: readonly never[] = [];

/** Somebody who wants to hear of a promise. */
export interface Hearer {
  /** Somebody is about to attach to it, for the first time. */
  attach(): void;
  /** It has settled, or taken over the state of another one, and nobody has attached to it. */
  settled(): void;
}

/** What a promise is linked to. */
export class Link {
  /** The request whose promise it is. */
  acquired: Ticket | undefined = undefined;
  /** Further requests that it is the promise of. */
  others: readonly Ticket[] = NONE;
  /** The promise that it waits for. Let go of when that has settled: else chains of promises would be kept alive. */
  parent: object | undefined;
  /** What its creator had. */
  readonly base: Context | null;
  /** What the flow that settled it still held, and gives to whoever waits. */
  handed: readonly Ticket[] = NONE;
  /** Where that is no more than likely: what takes it back. */
  via: Handover | null = null;
  /** What was likely to get it, unless somebody waits here. */
  rival: Handover | null = null;
  /** What has happened before it settled. */
  seen: readonly Ticket[] = NONE;
  /** The promises that a combinator waits for. */
  inputs: readonly unknown[] = NONE;
  /** Whether one of them is enough. */
  isAny = false;
  /** Whether the continuation has run, where one hangs on it. */
  hasRun = false;
  /** The promise whose state it takes over. */
  adopts: object | undefined = undefined;
  /** Who wants to hear of it, as long as nobody has attached to it. */
  hearing: Hearer | null = null;
  /** The run of an async function that settles it. */
  settledBy: Activation | undefined = undefined;
  /** The run of an async function that goes on after it. */
  resumes: Activation | undefined = undefined;

  constructor(parent: object | undefined, base: Context | null) {
    this.parent = parent;
    this.base = base;
  }
}

/** What is left of a link to a promise that has settled, where there was nothing else. */
const SETTLED = new Link(undefined, null);
SETTLED.hasRun = true;

/** The field: a link, or the promise that is waited for where there is nothing more to say. */
class Stamp extends Given {
  #to: object;

  constructor(target: object, to: object) {
    super(target);
    this.#to = to;
  }

  static get(target: object): object | undefined {
    return #to in target ? (target as Stamp).#to : undefined;
  }

  static set(target: object, to: object): void {
    if (#to in target) {
      (target as Stamp).#to = to;
    } else {
      new Stamp(target, to);
    }
  }

  static settle(target: object): void {
    if (#to in target) {
      const to = (target as Stamp).#to;
      if (!(to instanceof Link)) {
        (target as Stamp).#to = SETTLED;
      } else if (to !== SETTLED) {
        to.parent = undefined;
      }
    }
  }
}

/** A promise was made that waits for another one, and nothing else is known of it. */
export function linkPlainly(promise: object, parent: object): void {
  new Stamp(promise, parent);
}

/** A promise was made while a lock is in use. */
export function linkNew(promise: object, parent: object | undefined, base: Context | null): Link {
  const made = new Link(parent, base);
  new Stamp(promise, made);
  return made;
}

/** Says that what a promise waited for has settled. */
export const unlink: (promise: object) => void = Stamp.settle;

/** What a promise is linked to, if anything more than another promise is known of it. */
export function linkOf(promise: object): Link | undefined {
  const to = Stamp.get(promise);
  return to instanceof Link ? to : undefined;
}

/** The promise that this one waits for, where it does. */
export function parentOf(promise: object): object | undefined {
  const to = Stamp.get(promise);
  return to instanceof Link ? to.parent : to;
}

/** What is known of a promise: a link, the promise that it waits for, or nothing. */
export const stampOf: (promise: object) => object | undefined = Stamp.get;

/** False for a promise that surely carries nothing. */
export function mayCarry(promise: object): boolean {
  const to = Stamp.get(promise);
  return to !== undefined && to !== SETTLED;
}

/** The link of a promise, made where there is none yet. */
export function link(promise: object): Link {
  const to = Stamp.get(promise);
  if (to instanceof Link && to !== SETTLED) {
    return to;
  }
  const made = new Link(to === SETTLED ? undefined : to, null);
  Stamp.set(promise, made);
  return made;
}
