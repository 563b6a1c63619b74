/**
 * `declared-order`: a lock is asked for that is declared to be taken before one that is held, directly or together with what was seen. No
 * second witness is needed: the declaration is one.
 */
import type { DependencyKind } from '../model/lock.ts';
import type { OwnerRef } from '../model/owner.ts';
import type { OrderRuleViolation } from '../model/violation.ts';
import type { Attempt } from '../state/attempt.ts';
import type { LockClass } from '../state/classes.ts';
import type { RawWitness } from '../state/dependencies.ts';
import { takenAt } from '../state/held.ts';
import type { State } from '../state/state.ts';
import { newlyLinked } from '../state/witnesses.ts';
import { describeOrder } from './order-rule.ts';

export function declaredOrder(state: State, attempt: Attempt): readonly OrderRuleViolation[] {
  if (state.declared.isEmpty || attempt.try || !attempt.class.kind.ordered) {
    return [];
  }
  const { owner, held, class: wanted, site: asked } = attempt;
  const news = newlyLinked(state, attempt);
  return [...new Set(held)].flatMap((holder) => {
    const direct = state.declared.path(declaredName(state, wanted), declaredName(state, holder.class));
    const path = direct ?? (news.includes(holder) ? mixedPath(state, wanted, holder.class) : undefined);
    if (path === undefined || holder.class === wanted) {
      return [];
    }
    const [name, outer] = [wanted.ref.name, holder.class.ref.name];
    const message = `${owner.name} asks for ${name} while holding ${outer}, which ${order(direct)} come after it.`;
    const [other, taken] = [holder.class, takenAt(holder)];
    return describeOrder(state, {
      rule: 'declared-order',
      owner,
      held,
      class: wanted,
      other,
      asked,
      taken,
      message,
      declared: path,
    });
  });
}

/** An order is declared: what was seen before may be against it. */
export interface Declaration {
  readonly names: readonly string[];
}

export function declaredTooLate(state: State, { names }: Declaration): readonly OrderRuleViolation[] {
  const declared = new Set(names);
  return [...state.dependencies].flatMap((dependency) => {
    const [from, to] = [dependency.from, dependency.to];
    const path = mixedPath(state, to, from);
    const witness = dependency.witnesses[0];
    if (path === undefined || witness === undefined || !path.some((name) => declared.has(name))) {
      return [];
    }
    return [describeSeen(state, { from, to, witness, path })];
  });
}

interface Against {
  readonly from: LockClass;
  readonly to: LockClass;
  readonly witness: RawWitness;
  readonly path: readonly string[];
}

function describeSeen(state: State, { from, to, witness, path }: Against): OrderRuleViolation {
  const owner: OwnerRef = witness.owner;
  const direct = state.declared.path(to.ref.name, from.ref.name);
  const message = `${owner.name} asked for ${to.ref.name} while holding ${from.ref.name}, which ${order(direct)} come after it.`;
  const { asked, taken } = witness;
  return describeOrder(state, {
    rule: 'declared-order',
    owner,
    held: [],
    class: to,
    other: from,
    asked,
    taken,
    message,
    declared: path,
  });
}

interface Node {
  readonly name: string;
  /** Whether one of the steps so far was declared. */
  readonly isDeclared: boolean;
  readonly before: Node | null;
}

/** Names on a shortest way from one class to another over steps that were declared or seen, at least one of them declared. */
function mixedPath(state: State, from: LockClass, to: LockClass): readonly string[] | undefined {
  const byName = new Map(state.classes.all.map((one) => [one.ref.name, one]));
  const target = to.ref.name;
  // What is declared the other way round is right, whatever was seen.
  if (state.declared.path(target, from.ref.name) !== undefined) {
    return undefined;
  }
  const open: Node[] = [{ name: from.ref.name, isDeclared: false, before: null }];
  const seen = new Set<string>();
  for (const node of open) {
    if (node.name === target && node.isDeclared) {
      return namesTo(node);
    }
    const lockClass = byName.get(node.name);
    const learnt = lockClass === undefined ? [] : [...state.dependencies.successors(lockClass)];
    const strong = learnt.filter((one) => {
      const isAgainst = state.declared.path(one.to.ref.name, one.from.ref.name) !== undefined;
      return !isAgainst && one.witnesses.some(({ kind }) => STRONG.includes(kind));
    });
    const next: Node[] = [
      ...state.declared.after(node.name).map((name) => ({ name, isDeclared: true, before: node })),
      ...strong.map(({ to: { ref } }) => ({ name: ref.name, isDeclared: node.isDeclared, before: node })),
    ];
    for (const one of next) {
      const key = `${one.isDeclared} ${one.name}`;
      if (!seen.has(key)) {
        seen.add(key);
        open.push(one);
      }
    }
  }
  return undefined;
}

// A declared step is one of writers: what leads to or from it must not be a reader that nobody stops.
const STRONG: readonly DependencyKind[] = ['EN', 'SN'];

function namesTo(end: Node): string[] {
  const names: string[] = [];
  for (let node: Node | null = end; node !== null; node = node.before) {
    names.push(node.name);
  }
  return names.reverse();
}

// A nesting level is where its class is, unless it was declared itself.
function declaredName(state: State, { ref, base }: LockClass): string {
  return base === null || state.declared.has(ref.name) ? ref.name : base.ref.name;
}

function order(direct: readonly string[] | undefined): string {
  return direct === undefined ? 'what was declared and what was seen together make' : 'is declared to';
}
