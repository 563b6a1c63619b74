/**
 * The trie of chains. A node stands for a sequence of classes held one inside the other, each in its mode; the way from the
 * root to a node is an owner's held stack. A step that is in the trie was proved before and costs one look-up.
 * Bounded: past `limit` nodes steps are proved each time anew, which is slow and loud, never wrong.
 */

import type { WaitType } from '../model/kind.ts';
import type { Mode } from '../model/lock.ts';
import type { OwnerRef } from '../model/owner.ts';
import type { LockClass, LockInstance } from './classes.ts';
import type { Situation } from './contexts.ts';
import type { Dependency } from './dependencies.ts';
import type { RawSite } from './site.ts';

const MODE_BITS = { exclusive: 0, shared: 1, 'recursive-shared': 2 } as const;

const WAITS_SPINNING: readonly WaitType[] = ['spin', 'config'];

/** The integer that a step is known by: class, mode, and whether it could wait. */
export function stepKey(lockClass: LockClass, mode: Mode, isTry: boolean): number {
  return lockClass.step + MODE_BITS[mode] + (isTry ? 4 : 0);
}

export class ChainNode {
  readonly parent: ChainNode | null;
  readonly class: LockClass | null;
  /** That of the owner when it took the step. */
  readonly situation: Situation;
  /** True for a class whose holder must not give way to the event loop. */
  readonly spins: boolean;
  readonly next: Map<number, ChainNode> = new Map();
  /** True if the class is on the chain twice: then instances decide. */
  repeats = false;
  /** True where the step must be judged each time: it depends on instances, or it broke a rule. */
  slow = false;
  /** True once a second owner took the step. */
  shared = false;
  /** Owner that took the step first. */
  owner: OwnerRef | null = null;
  /** False past the limit: the next step like this one gets another node. */
  isRemembered = true;
  /** How often the step was taken. */
  hits = 0;
  /** Where it was taken first. */
  site: RawSite | null = null;
  /** The dependencies that the step proves. */
  dependencies: readonly Dependency[] = [];

  /** What locks over shared memory show of the step to other threads. */
  shown: { readonly space: object; readonly site: number } | null = null;

  /** Where the last lock of the chain was released first. */
  released: RawSite | null = null;

  constructor(parent: ChainNode | null, lockClass: LockClass | null, situation: Situation) {
    this.parent = parent;
    this.class = lockClass;
    this.situation = situation;
    this.spins = lockClass?.kind.excludes === true && WAITS_SPINNING.includes(lockClass.kind.inner);
  }

  /**
   * True if the step may be taken under another lock of a gate's class next time, and so has to be judged again. Not so while
   * that class has one lock only; should it get a second one, the step is slow from then on.
   */
  mayPassGates(pairs: readonly Dependency[]): boolean {
    const gates = pairs.flatMap((pair) =>
      [...(pair.gates ?? [])].flatMap(([key, { lock }]) => (typeof key === 'string' ? (lock ?? []) : key)),
    );
    for (const gate of this.isRemembered ? gates : []) {
      gate.class.gatedSteps.add(this);
    }
    return gates.some(({ class: { instances, isOpen } }) => instances > 1 || isOpen);
  }

  /** True for a step to this lock: one of another checker can have the same key. */
  isOf(lock: LockInstance): boolean {
    return this.class === lock.class || (this.class !== null && this.class.base === lock.class);
  }

  /** True if `lockClass`, or a nesting level of it, is on the way from the root to here. */
  contains(lockClass: LockClass): boolean {
    for (let node: ChainNode | null = this; node !== null; node = node.parent) {
      if (node.class === lockClass || (node.class !== null && node.class.base === lockClass)) {
        return true;
      }
    }
    return false;
  }
}

export class ChainTrie {
  readonly root: ChainNode;
  readonly limit: number;
  #size = 0;
  #refused = 0;

  /** @param task the situation that owners begin in */
  constructor(limit: number, task: Situation) {
    this.limit = limit;
    this.root = new ChainNode(null, null, task);
  }

  get size(): number {
    return this.#size;
  }

  /** How many steps could not be remembered. */
  get refused(): number {
    return this.#refused;
  }

  /** Adds a step that is not known yet. Past the limit the node is handed out but not remembered. */
  add(from: ChainNode, key: number, lockClass: LockClass): ChainNode {
    const node = this.#append(from, key, new ChainNode(from, lockClass, from.situation));
    node.repeats = from.contains(lockClass);
    node.slow = node.repeats;
    return node;
  }

  /** The same chain held in another situation: steps from there are other steps. */
  within(chain: ChainNode, situation: Situation): ChainNode {
    if (chain.situation === situation) {
      return chain;
    }
    const key = -2 - situation.id;
    return chain.next.get(key) ?? this.#append(chain, key, new ChainNode(chain, null, situation));
  }

  #append(from: ChainNode, key: number, node: ChainNode): ChainNode {
    if (this.#size < this.limit) {
      this.#size++;
      from.next.set(key, node);
    } else {
      this.#refused++;
      node.isRemembered = false;
    }
    return node;
  }
}
