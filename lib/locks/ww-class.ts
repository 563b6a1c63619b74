/**
 * The class that wound/wait mutexes and their contexts belong to. What they promise stands in ww-mutex.ts.
 */
import type { Lockdep } from '../lockdep.ts';
import { checkName, checkObject } from '../options.ts';
import { isOwner, type Owner } from '../owner.ts';
import { shown } from '../shown.ts';
import { ALGORITHMS, type WwAlgorithm } from './ww-algorithm.ts';
import { WwContext } from './ww-context.ts';
import { WwMutex } from './ww-mutex.ts';
import { type Family, Transaction } from './ww-transaction.ts';

export interface WwClassOptions {
  /**
   * Who gives way. `wound-wait`: a younger holder, when it would have to wait itself; fewer back-offs. `wait-die`: a younger
   * one that asks, at once.
   * @default 'wound-wait'
   */
  readonly algorithm?: WwAlgorithm;
}

/** A class of wound/wait mutexes, and where their contexts begin. */
export class WwClass {
  readonly name: string;
  readonly algorithm: WwAlgorithm;
  readonly #family: Family;

  /** @throws TypeError if the name is no string, or the algorithm unknown */
  constructor(ld: Lockdep, name: string, options: WwClassOptions = {}) {
    checkName('name', name);
    checkObject('options', options);
    const { algorithm = 'wound-wait' } = options;
    const known = ALGORITHMS.get(algorithm);
    if (known === undefined) {
      throw new TypeError(`algorithm: expected ${[...ALGORITHMS.keys()].join(' or ')}, got ${shown(algorithm)}`);
    }
    this.name = name;
    this.algorithm = algorithm;
    this.#family = { ld, name, algorithm: known, bare: new Map(), latest: 0 };
  }

  /**
   * A new mutex.
   * @param name what reports of misuse call it. Default: the name of the class
   */
  mutex(name: string = this.name): WwMutex {
    checkName('name', name);
    return new WwMutex(this.#family, name);
  }

  /**
   * Begins a context, younger than all before. An owner has at most one of a class at a time: two are `recursion`.
   * @throws LockdepError under the `throw` policy: no context was begun
   */
  begin(owner: Owner): WwContext {
    if (!isOwner(owner)) {
      throw new TypeError(`owner: expected an owner made by the checker's owner(), got ${shown(owner)}`);
    }
    return new WwContext(new Transaction(this.#family, owner, this.begin));
  }
}
