/**
 * Functions of the runtime that tell of each call of theirs before they run. They are the same functions to the program:
 * stand-ins with the same name, length and properties, which hand on `this`, arguments, result and error. One stand-in does for any
 * number of listeners, and is there only as long as there is one. Whoever took a function out of its module before that, as
 * `const { readFileSync } = require('node:fs')` does, calls it unseen.
 */
import type { RawSite } from '../state/site.ts';
import { programSite } from './caller.ts';

/** Somebody who wants to know of calls that are made under a lock. */
export interface CallListener {
  /** True while the running flow holds a lock. */
  readonly isHolding: boolean;
  /** Never throws. @param call such as `emit('saved')` */
  called(call: string, site: RawSite): void;
}

/** A function that is about to run. */
export interface Call {
  readonly self: unknown;
  readonly args: readonly unknown[];
  /** What stands in for it in its module. */
  readonly standIn: unknown;
}

/** What is said of a call: nothing where it is not worth a word. */
export interface Said {
  readonly call: string;
  /** Whether methods of the program may stand in between that hand the call on. */
  readonly isOverridden?: boolean;
}

/** A function in its place. */
export interface Place {
  readonly target: object;
  readonly name: string;
  readonly say: (call: Call) => Said | null;
}

/** While somebody is told, what he calls himself is of no interest: a finding is printed, a source is read. */
let isTelling = false;

export class WatchedCalls {
  readonly #places: () => readonly Place[];
  readonly #changed: () => void;
  readonly #listeners = new Set<CallListener>();
  #restore: (() => void) | null = null;

  /** @param changed called when stand-ins have come, or gone */
  constructor(places: () => readonly Place[], changed: () => void = () => {}) {
    this.#places = places;
    this.#changed = changed;
  }

  add(listener: CallListener): void {
    this.#listeners.add(listener);
    this.#restore ??= this.#install();
  }

  delete(listener: CallListener): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size === 0) {
      this.#restore?.();
      this.#restore = null;
    }
  }

  #install(): () => void {
    const restores = this.#places().map((place) => this.#replace(place));
    this.#changed();
    return () => {
      for (const restore of restores) {
        restore();
      }
      this.#changed();
    };
  }

  #replace({ target, name, say }: Place): () => void {
    // Some are loaded when they are read for the first time, and only then lie there as a value.
    const original: unknown = Reflect.get(target, name);
    const descriptor = Object.getOwnPropertyDescriptor(target, name);
    if (typeof original !== 'function' || descriptor?.value !== original || !descriptor.configurable) {
      return () => {};
    }
    let isOn = true;
    const handler: ProxyHandler<typeof original> = {
      apply: (func, self, args) => {
        if (isOn && !isTelling) {
          this.#tell(handler.apply, () => say({ self, args, standIn }));
        }
        return Reflect.apply(func, self, args);
      },
    };
    const standIn = new Proxy(original, handler);
    Object.defineProperty(target, name, { ...descriptor, value: standIn });
    return () => {
      // Somebody else may have put his own in its place, which calls it.
      isOn = false;
      if (Object.getOwnPropertyDescriptor(target, name)?.value === standIn) {
        Object.defineProperty(target, name, descriptor);
      }
    };
  }

  #tell(below: unknown, say: () => Said | null): void {
    isTelling = true;
    try {
      const holding = [...this.#listeners].filter(({ isHolding }) => isHolding);
      const said = holding.length === 0 ? null : say();
      const site = said === null ? null : programSite(below, said.isOverridden);
      if (said !== null && site !== null) {
        for (const listener of holding) {
          listener.called(said.call, site);
        }
      }
    } catch {
      // What the program passes may fail in any way when it is looked at. The call itself says so.
    } finally {
      isTelling = false;
    }
  }
}
