/**
 * What to call things in one violation. Names need not be unique: two classes of one name are told apart by the place
 * where each was created.
 */
import type { ClassRef, DependencyKind, Mode, Site } from '../../model/lock.ts';
import { isPool } from '../../model/unit.ts';
import type { HeldRef, UsageRef, Violation, WaitLimit } from '../../model/violation.ts';
import { isAssertion, isMisuse, isOrderRule, type LoneViolation } from './family.ts';

/** Gives the printed name of a class. */
export type NameOf = (lock: ClassRef) => string;

/** The names of the classes in one violation. */
export function namesIn(violation: Violation): NameOf {
  return namesAmong(classesOf(violation));
}

/** The names of these classes, where they stand beside each other. */
export function namesAmong(classes: readonly ClassRef[]): NameOf {
  const keys = new Map<string, Set<string>>();
  for (const { name, key } of classes) {
    keys.set(name, (keys.get(name) ?? new Set()).add(key));
  }
  return (lock) => {
    const isShared = (keys.get(lock.name)?.size ?? 0) > 1;
    return isShared ? `${lock.name} (${lock.site ? shortPlace(lock.site) : `a ${lock.kind}`})` : lock.name;
  };
}

function classesOf(violation: Violation): readonly ClassRef[] {
  const held = violation.held.map(({ lock }) => lock);
  return [...held, ...subjectsOf(violation)];
}

function subjectsOf(violation: Violation): readonly ClassRef[] {
  if (isMisuse(violation) || isAssertion(violation)) {
    return violation.lock === null ? [] : [violation.lock];
  }
  if (isOrderRule(violation)) {
    return [violation.lock, violation.other];
  }
  const lone: LoneViolation = violation;
  switch (lone.rule) {
    case 'order-cycle':
      return lone.edges.map((edge) => edge.from);
    case 'irq-order':
    case 'irq-inversion':
      return [lone.safe, lone.unsafe, ...lone.path.flatMap(({ from, to }) => [from, to])];
    case 'wait-context':
    case 'sleep-while-held':
      return [lone.lock, lone.limit.lock].filter((lock) => lock !== null);
    case 'stalled':
    case 'deadlock':
      return lone.waits.flatMap((wait) => [wait.lock, ...wait.held.map(({ lock }) => lock)]);
    case 'recursion':
    case 'pool-nesting':
    case 'irq-inconsistent':
    case 'bad-release':
    case 'wrong-owner-release':
    case 'held-at-exit':
    case 'split-key':
    case 'lease-expired':
    case 'long-hold':
    case 'long-wait':
    case 'owner-died':
    case 'priority-inversion':
    case 'starvation':
      return [lone.lock];
  }
}

/** `src/settle.ts:38:23`, as editors and terminals understand it. */
export function place(site: Site): string {
  return `${site.file}:${site.line}:${site.column}`;
}

function shortPlace(site: Site): string {
  return `${site.file.split('/').at(-1)}:${site.line}`;
}

/** `4242`, or `4242, worker 1`. */
export function processName(process: string): string {
  return process.replace('/', ', worker ');
}

/** The word for how a lock is held; an exclusive one needs none. */
export function heldAs(kind: DependencyKind): string {
  return kind.startsWith('S') ? ' (shared)' : '';
}

/** The word for how a lock is wanted, where it is told apart. */
export function wantedAs(kind: DependencyKind): string {
  return kind.endsWith('R') ? ' (recursive)' : '';
}

/** The same for a mark, which knows readers and writers alone. */
export function formAs(form: UsageRef['form']): string {
  return form === 'read' ? ' (shared)' : '';
}

/** `in hardirq`, or `with hardirq disabled`. */
export function inContext({ context, disabled }: WaitLimit): string {
  const name = context ?? 'this context';
  return disabled ? `with ${name} disabled` : `in ${name}`;
}

/** The word for a mode, as in a sentence. */
export const MODES: Readonly<Record<Mode, string>> = {
  exclusive: 'exclusive',
  shared: 'shared',
  'recursive-shared': 'recursive shared',
};

/** `orders (exclusive)`, `limit (some units)`, or `db (a connection)`. */
export function heldName({ lock, mode }: HeldRef, nameOf: NameOf): string {
  if (isPool(lock)) {
    return `${nameOf(lock)} (a connection)`;
  }
  return `${nameOf(lock)} (${lock.capacity > 1 ? 'some units' : MODES[mode]})`;
}
