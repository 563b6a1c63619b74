/**
 * What a violation is called in a headline: enough alone for an editor's list or a line in a build log.
 */
import { isSameActor } from '../../model/actor.ts';
import type { ClassRef } from '../../model/lock.ts';
import { isPool, unitOf } from '../../model/unit.ts';
import type {
  AssertViolation,
  DeadlockViolation,
  IrqPathViolation,
  OrderRuleViolation,
  RecursionViolation,
  Violation,
  WaitRef,
  WaitViolation,
} from '../../model/violation.ts';
import { isAssertion, isMisuse, isOrderRule, type LoneViolation } from './family.ts';
import { inContext, type NameOf } from './names.ts';
import { inReadingOrder } from './places.ts';
import { isReadAgain } from './readers.ts';
import { count, DONE, duration, times } from './words.ts';

/** What stands behind the rule's name, such as `orders → ledger → orders`. */
export function titleOf(violation: Violation, nameOf: NameOf): string {
  if (isMisuse(violation)) {
    return lockOrOwner(violation, nameOf);
  }
  if (isOrderRule(violation)) {
    return orderTitle(violation, nameOf);
  }
  if (isAssertion(violation)) {
    return assertionTitle(violation, nameOf);
  }
  const lone: LoneViolation = violation;
  switch (lone.rule) {
    case 'order-cycle': {
      const names = inReadingOrder(lone.edges).map((edge) => nameOf(edge.from));
      return [...names, ...names.slice(0, 1)].join(' → ');
    }
    case 'recursion':
      return `${nameOf(lone.lock)}, ${recursionCase(lone)}`;
    case 'pool-nesting':
      return `${nameOf(lone.lock)}, ${count(lone.capacity, unitOf(lone.lock))}`;
    case 'irq-inconsistent':
      return `${nameOf(lone.lock)}, taken in ${lone.context} and held open to it`;
    case 'irq-order':
    case 'irq-inversion':
      return pathTitle(lone, nameOf);
    case 'wait-context':
    case 'sleep-while-held':
      return waitTitle(lone, nameOf);
    case 'stalled': {
      const names = [...new Set(lone.waits.map((wait) => nameOf(wait.lock)))];
      const shown = names.length > 3 ? [...names.slice(0, 3), `${names.length - 3} more`] : names;
      return `${count(lone.waits.length, 'wait')} for ${shown.join(', ')}`;
    }
    case 'deadlock':
      return deadlockTitle(lone, nameOf);
    case 'long-hold':
      return `${nameOf(lone.lock)}, held ${duration(lone.ms)}`;
    case 'long-wait':
      return `${nameOf(lone.lock)}, waited for ${duration(lone.ms)}`;
    case 'owner-died':
      return `${nameOf(lone.lock)}, held by a thread that ended`;
    case 'priority-inversion':
      return `${nameOf(lone.lock)}, held by a less urgent thread`;
    case 'starvation':
      return `${nameOf(lone.lock)}, given to others ${times(lone.passed)}`;
    case 'bad-release':
    case 'wrong-owner-release':
      return `${nameOf(lone.lock)}${lone.act === 'releases' ? '' : `, ${DONE[lone.act]}`}`;
    case 'split-key':
      return `${nameOf(lone.lock)}, two locks for '${lone.lockKey}'`;
    case 'lease-expired':
      return `${nameOf(lone.lock)}, ${lone.successor === null ? 'past the end of its lease' : 'granted to another meanwhile'}`;
    case 'held-at-exit':
      return nameOf(lone.lock);
  }
}

/** Each lock is held by who waits for the one behind it: `orders → ledger → orders`. */
function deadlockTitle({ waits }: DeadlockViolation, nameOf: NameOf): string {
  const names = waits.map(({ lock }) => nameOf(lock));
  if (waits.length > 1 && waits.every(({ lock }) => isPool(lock) && lock.key === waits[0]?.lock.key)) {
    return `${names[0]}, asked for by its own holders`;
  }
  if (waits.length === 1) {
    const [{ holders, ...wait }] = waits as readonly [WaitRef];
    const isOwn = holders.length === 0 || holders.some((holder) => isSameActor(holder, wait));
    return `${names[0]}, asked for by ${isOwn ? 'its own holder' : 'the thread that holds it'}`;
  }
  return [...names, ...names.slice(0, 1)].join(' → ');
}

function assertionTitle(violation: AssertViolation, nameOf: NameOf): string {
  const held = violation.rule === 'assert-none-held' ? violation.held : [];
  const names = [...new Set(held.map(({ lock }) => nameOf(lock)))];
  return names.length > 0 ? names.join(', ') : lockOrOwner(violation, nameOf);
}

function lockOrOwner(
  { lock, owner }: { readonly lock: ClassRef | null; readonly owner: string },
  nameOf: NameOf,
): string {
  return lock === null ? owner : nameOf(lock);
}

function recursionCase(violation: RecursionViolation): string {
  const { lock, upgrade, sameInstance, interruptedBy, againstOrder } = violation;
  if (upgrade) {
    return 'a reader that asks to be the writer';
  }
  if (againstOrder) {
    return 'two locks against their declared order';
  }
  if (isReadAgain(violation)) {
    return 'a reader that asks to read again';
  }
  const same = isPool(lock) ? 'its only connection' : 'the very same lock';
  const what = sameInstance ? same : 'two locks of this class';
  return interruptedBy === null ? what : `${what}, in ${interruptedBy}`;
}

/** Both ends say why they matter: `stats (taken in hardirq) → queue (held open to it)`. */
function pathTitle({ path, safe, unsafe, context }: IrqPathViolation, nameOf: NameOf): string {
  const between = path.slice(1).map(({ from }) => nameOf(from));
  return [`${nameOf(safe)} (taken in ${context})`, ...between, `${nameOf(unsafe)} (held open to it)`].join(' → ');
}

function waitTitle({ act, lock, limit }: WaitViolation, nameOf: NameOf): string {
  const what = act === 'asked' && lock !== null ? nameOf(lock) : WAITS[act];
  return limit.lock === null ? `${what}, not allowed ${inContext(limit)}` : `${what} under ${nameOf(limit.lock)}`;
}

const WAITS: Readonly<Record<WaitViolation['act'], string>> = {
  asked: 'a lock',
  'may-sleep': 'a sleep',
  waited: 'a wait',
  sent: 'a synchronous message',
  'gave-way': 'an await',
};

function orderTitle({ rule, lock, other, levels, declared }: OrderRuleViolation, nameOf: NameOf): string {
  const level = (number: number | undefined): string => (number === undefined ? '' : ` (level ${number})`);
  switch (rule) {
    case 'level-order':
      return `${nameOf(other)}${level(levels?.other)} → ${nameOf(lock)}${level(levels?.lock)}`;
    case 'declared-order':
      return `${nameOf(other)} → ${nameOf(lock)}, against ${declared.join(' → ')}`;
    case 'release-order':
      return `${nameOf(lock)} released before ${nameOf(other)}`;
  }
}
