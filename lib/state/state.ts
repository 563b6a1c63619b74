/**
 * All that one checker has seen. The rules read it; only the conductor changes it.
 */

import type { ContextDefinition } from '../model/context.ts';
import { type ChainNode, ChainTrie } from './chains.ts';
import { ClassTable } from './class-table.ts';
import type { LockClass } from './classes.ts';
import { type Context, ContextTable } from './contexts.ts';
import { DeclaredOrders } from './declared.ts';
import { DependencyTable } from './dependencies.ts';
import { InstanceOrders } from './instances.ts';
import { PairTable } from './pairs.ts';
import type { SiteResolver } from './site.ts';
import { UsageTable } from './usage.ts';

/** Process of a checker that nobody named. */
export const UNNAMED_PROCESS = '0';

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
  /** Whether a real-time kernel is meant, on which `config` locks sleep. */
  readonly realtime: boolean;
}

export class State {
  readonly profile: Profile;
  /** Changed where a checker that nobody named turns out to be one of several in a process. */
  process: string;
  readonly resolver: SiteResolver;
  readonly now: () => number;
  readonly realtime: boolean;
  readonly contexts: ContextTable = new ContextTable();
  readonly usages: UsageTable = new UsageTable();
  readonly declared: DeclaredOrders = new DeclaredOrders();
  readonly classes: ClassTable = new ClassTable();
  readonly chains: ChainTrie;
  readonly dependencies: DependencyTable = new DependencyTable();
  readonly instances: InstanceOrders;
  /** What cycles are judged by; the kernel profile knows no gates. */
  readonly pairs: PairTable = new PairTable();

  constructor(options: StateOptions) {
    this.profile = options.profile;
    this.process = options.process;
    this.resolver = options.resolver;
    this.now = options.now;
    this.realtime = options.realtime;
    this.chains = new ChainTrie(options.chainLimit, this.contexts.task);
    this.instances = new InstanceOrders(options.instanceLimit);
  }

  /** Has every known step judged once more: what they were proved by has changed. */
  forgetProofs(): void {
    const open = [this.chains.root];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      node.slow = true;
      open.push(...node.next.values());
    }
  }

  addContext(definition: ContextDefinition): Context {
    const added = this.contexts.add(definition);
    this.forgetProofs();
    return added;
  }

  readonly #otherHits = new Map<LockClass, number>();

  /** Counts an acquire. */
  count(node: ChainNode): void {
    node.hits++;
    if (!node.isRemembered && node.class !== null) {
      this.#otherHits.set(node.class, (this.#otherHits.get(node.class) ?? 0) + 1);
    }
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
