/**
 * Puts a judged acquire into the state: the step of the chain, the dependencies that it proves, the order of instances.
 */

import type { Violation } from './model/violation.ts';
import type { Attempt, Marking } from './state/attempt.ts';
import { type ChainNode, stepKey } from './state/chains.ts';
import type { Dependency } from './state/dependencies.ts';
import { linkedHolders } from './state/links.ts';
import type { State } from './state/state.ts';
import { witnessOf } from './state/witnesses.ts';

export interface Recorded extends RecordedOrder {
  /** The chain that ends with the lock. */
  readonly node: ChainNode;
}

/** What came of judging an acquire. */
export interface Judged {
  readonly attempt: Attempt;
  readonly found: readonly Violation[];
  /** Whether it broke a rule: then the step is judged each time, so that the finding is counted. */
  readonly broke: boolean;
  /** Whether what it broke is a rule that looks at new dependencies only. */
  readonly brokeDependency: boolean;
}

export function record(state: State, chain: ChainNode, judged: Judged): Recorded {
  const { attempt, broke } = judged;
  const { class: lockClass, owner, mode, isCounted = false, isRetaken = false } = attempt;
  const { chains } = state;
  const key = stepKey(lockClass, mode, attempt.try);
  const node = chain.next.get(key) ?? chains.add(chain, key, lockClass);
  node.shared ||= node.owner !== null && node.owner !== owner;
  node.owner ??= owner;
  node.site ??= attempt.site;
  if (!isCounted && !isRetaken) {
    state.count(node);
  }
  const recorded = recordOrder(state, judged, node);
  node.dependencies = recorded.dependencies;
  node.slow = node.repeats || broke || isRetaken || node.mayPassGates(recorded.pairs);
  return { ...recorded, node };
}

export interface RecordedOrder {
  readonly dependencies: readonly Dependency[];
  readonly pairs: readonly Dependency[];
  /** True if a dependency is new here. */
  readonly isNew: boolean;
  /** True if something is new that cycles kept quiet are judged by. */
  readonly opensGates: boolean;
}

/** Records what an acquire says of the order of classes and instances, and nothing else. */
export function recordOrder(state: State, judged: Judged, node: ChainNode | null): RecordedOrder {
  const { attempt } = judged;
  const before = state.dependencies.size;
  const dependencies = recordDependencies(state, judged, node);
  recordInstances(state, attempt);
  // What is taken again was asked for at another time, under other locks: it says nothing of gates.
  const isUngated = attempt.isRetaken || state.profile === 'kernel';
  const { pairs, isNews } = isUngated ? NO_PAIRS : state.pairs.record(attempt, state.now());
  return { dependencies, pairs, isNew: state.dependencies.size > before, opensGates: isNews };
}

const NO_PAIRS = { pairs: [], isNews: false };

/** Records what is new of usages. */
export function recordUsages(state: State, { owner, usages = [], site }: Marking, broke: boolean): void {
  for (const usage of usages) {
    state.usages.record({ ...usage, owner, site, broke });
  }
}

function recordDependencies(
  state: State,
  { attempt, brokeDependency }: Judged,
  node: ChainNode | null,
): readonly Dependency[] {
  const { class: lockClass } = attempt;
  return linkedHolders(attempt).map((holder) => {
    const witness = witnessOf(state, attempt, holder);
    const isOld = state.dependencies.isOld(holder.class, lockClass, witness.kind);
    const dependency = state.dependencies.record(holder.class, lockClass, witness);
    dependency.broke ||= brokeDependency && !isOld;
    if (node?.isRemembered) {
      dependency.chains.add(node);
    } else {
      dependency.otherHits++;
    }
    return dependency;
  });
}

function recordInstances({ instances }: State, { lock, class: lockClass, held, try: isTry }: Attempt): void {
  for (const holder of isTry ? [] : held) {
    if (holder.class === lockClass && holder.lock !== lock) {
      instances.record(holder.lock, lock);
    }
  }
}
