/**
 * Strong paths over all dependencies that were seen, those that closed a cycle included. A class is visited once for each way in
 * which a path can go on from it, so that a path which leads nowhere does not close the class to a later one that does.
 */
import type { DependencyKind } from '../model/lock.ts';
import type { LockClass } from './classes.ts';
import type { CycleStep, Dependency } from './dependencies.ts';

/** Strong ends block writers, plain readers and recursive ones; weak ends only what a reader blocks, or is blocked by. */
export interface End {
  readonly class: LockClass;
  /** Forward: reached as a recursive reader only. Backward: left as a reader only. */
  readonly isWeak: boolean;
}

export interface Path {
  readonly end: End;
  /** In forward order. */
  readonly steps: readonly CycleStep[];
}

interface Node extends End {
  readonly before: Node | null;
  readonly step: CycleStep | null;
}

export interface Search {
  readonly start: End;
  /** True where the path may end. */
  accepts(end: End): boolean;
  /** False for a class that is neither an end nor on the way. */
  passes(lockClass: LockClass): boolean;
  /** Whether a path of no step will do. */
  readonly maybeEmpty: boolean;
}

/** A shortest strong path from `start`, which is asked for as a recursive reader where it is weak. */
export function forwardPath(
  graph: { successors(from: LockClass): Iterable<Dependency> },
  search: Search,
): Path | undefined {
  return run(search, ({ class: from, isWeak }) =>
    edges(graph.successors(from), (kind) => !(isWeak && kind.startsWith('S'))).map((step) => {
      return { step, end: { class: step.dependency.to, isWeak: step.kind.endsWith('R') } };
    }),
  );
}

/** A shortest strong path to `start`, which is held as a reader where it is weak. */
export function backwardPath(
  graph: { predecessors(to: LockClass): Iterable<Dependency> },
  search: Search,
): Path | undefined {
  const path = run(search, ({ class: to, isWeak }) =>
    edges(graph.predecessors(to), (kind) => !(isWeak && kind.endsWith('R'))).map((step) => {
      return { step, end: { class: step.dependency.from, isWeak: step.kind.startsWith('S') } };
    }),
  );
  return path && { end: path.end, steps: path.steps.toReversed() };
}

function edges(dependencies: Iterable<Dependency>, isOpen: (kind: DependencyKind) => boolean): CycleStep[] {
  return [...dependencies].flatMap((dependency) => {
    const kinds = [...new Set(dependency.witnesses.map(({ kind }) => kind))];
    return kinds.filter(isOpen).map((kind) => ({ dependency, kind }));
  });
}

function run(search: Search, next: (end: End) => { step: CycleStep; end: End }[]): Path | undefined {
  const seen = new Set<string>();
  const open: Node[] = [{ ...search.start, before: null, step: null }];
  for (const node of open) {
    if (!search.passes(node.class)) {
      continue;
    }
    if ((node.step !== null || search.maybeEmpty) && search.accepts(node)) {
      return { end: { class: node.class, isWeak: node.isWeak }, steps: stepsTo(node) };
    }
    for (const { step, end } of next(node)) {
      // What a weak end leads to, a strong one leads to as well.
      const isKnown = seen.has(`${end.class.id} strong`) || (end.isWeak && seen.has(`${end.class.id} weak`));
      if (!isKnown) {
        seen.add(`${end.class.id} ${end.isWeak ? 'weak' : 'strong'}`);
        open.push({ ...end, before: node, step });
      }
    }
  }
  return undefined;
}

function stepsTo(end: Node): CycleStep[] {
  const steps: CycleStep[] = [];
  for (let node: Node | null = end; node?.step; node = node.before) {
    steps.push(node.step);
  }
  return steps.reverse();
}
