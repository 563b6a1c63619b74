/**
 * Puts a judged acquire into the state: the step of the chain, the dependencies that it proves, the order of instances.
 */

import type { Attempt } from './state/attempt.ts';
import { type ChainNode, stepKey } from './state/chains.ts';
import { type Dependency, dependencyKind } from './state/dependencies.ts';
import { gatesOf } from './state/gates.ts';
import { takenAt } from './state/held.ts';
import { linkedHolders } from './state/links.ts';
import type { State } from './state/state.ts';

export interface Recorded {
  /** The chain that ends with the lock. */
  readonly node: ChainNode;
  /** True if a dependency is new. */
  readonly isNew: boolean;
  /** True if something is new that cycles kept quiet are judged by. */
  readonly opensGates: boolean;
}

/** @param broke whether the acquire broke a rule: then the step is judged each time, so that the finding is counted */
export function record(
  state: State,
  { chain, attempt, broke }: { chain: ChainNode; attempt: Attempt; broke: boolean },
): Recorded {
  const { lock, owner, mode, isCounted = false, isRetaken = false } = attempt;
  const { chains, dependencies } = state;
  const before = dependencies.size;
  const key = stepKey(lock.class, mode, attempt.try);
  const node = chain.next.get(key) ?? chains.add(chain, key, lock.class);
  node.shared ||= node.owner !== null && node.owner !== owner;
  node.owner ??= owner;
  node.site ??= attempt.site;
  if (!isCounted && !isRetaken) {
    state.count(node);
  }
  node.dependencies = recordDependencies(state, attempt, node);
  recordInstances(state, attempt);
  // What is taken again was asked for at another time, under other locks: it says nothing of gates.
  const { pairs, isNews } = isRetaken ? NO_PAIRS : state.pairs.record(attempt, state.now());
  node.slow = node.repeats || broke || isRetaken || node.mayPassGates(pairs);
  return { node, isNew: dependencies.size > before, opensGates: isNews };
}

const NO_PAIRS = { pairs: [], isNews: false };

function recordDependencies(state: State, attempt: Attempt, node: ChainNode): readonly Dependency[] {
  const { lock, owner, held, mode, site } = attempt;
  return linkedHolders(attempt).map((holder) => {
    const kind = dependencyKind(holder.mode, mode);
    const gates = gatesOf(held, holder);
    const witness = { kind, owner, taken: takenAt(holder), asked: site, at: state.now(), gates };
    const dependency = state.dependencies.record(holder.lock.class, lock.class, witness);
    if (node.isRemembered) {
      dependency.chains.add(node);
    } else {
      dependency.otherHits++;
    }
    return dependency;
  });
}

function recordInstances({ instances }: State, { lock, held, try: isTry }: Attempt): void {
  for (const holder of isTry ? [] : held) {
    if (holder.lock.class === lock.class && holder.lock !== lock) {
      instances.record(holder.lock, lock);
    }
  }
}
