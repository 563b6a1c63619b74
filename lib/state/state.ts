/**
 * All that one checker has seen. The rules read it; only the conductor changes it.
 */

import type { Mode } from '../model/lock.ts';
import type { OwnerRef } from '../model/owner.ts';
import { ChainTrie } from './chains.ts';
import type { LockClass, LockInstance } from './classes.ts';
import { ClassTable } from './classes.ts';
import { DependencyTable } from './dependencies.ts';
import type { HeldLock } from './held.ts';
import { InstanceOrders } from './instances.ts';
import type { RawSite, SiteResolver } from './site.ts';

/** How strict the checker is where the field has no one answer. */
export type Profile = 'default' | 'kernel';

export interface StateOptions {
  readonly profile: Profile;
  /** Process and thread that the findings name. */
  readonly process: string;
  readonly resolver: SiteResolver;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly chainLimit: number;
  readonly instanceLimit: number;
}

/** Somebody asks for a lock: what every acquire rule judges. */
export interface Attempt {
  readonly owner: OwnerRef;
  readonly lock: LockInstance;
  readonly mode: Mode;
  readonly units: number;
  readonly try: boolean;
  /** True as long as it is not known whether the holder will wait for this before it releases. */
  readonly tentative: boolean;
  /** True where the acquire was counted before, and is only judged anew. */
  readonly isCounted?: boolean;
  /** True where the lock is held already, and something below it was released: nobody asks for anything. */
  readonly isRetaken?: boolean;
  /** What the owner holds, outermost first. */
  readonly held: readonly HeldLock[];
  readonly site: RawSite;
}

export class State {
  readonly profile: Profile;
  readonly process: string;
  readonly resolver: SiteResolver;
  readonly now: () => number;
  readonly classes: ClassTable = new ClassTable();
  readonly chains: ChainTrie;
  readonly dependencies: DependencyTable = new DependencyTable();
  readonly instances: InstanceOrders;

  constructor(options: StateOptions) {
    this.profile = options.profile;
    this.process = options.process;
    this.resolver = options.resolver;
    this.now = options.now;
    this.chains = new ChainTrie(options.chainLimit);
    this.instances = new InstanceOrders(options.instanceLimit);
  }

  readonly #otherHits = new Map<LockClass, number>();

  /** Counts an acquire by a step that is not remembered. */
  countOther(lockClass: LockClass): void {
    this.#otherHits.set(lockClass, (this.#otherHits.get(lockClass) ?? 0) + 1);
  }

  /** How often a class was acquired: the hits of all steps that end with it. */
  acquisitions(): Map<LockClass, number> {
    const counts = new Map<LockClass, number>(this.#otherHits);
    const open = [this.chains.root];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (node.class !== null) {
        counts.set(node.class, (counts.get(node.class) ?? 0) + node.hits);
      }
      for (const next of node.next.values()) {
        open.push(next);
      }
    }
    return counts;
  }
}
