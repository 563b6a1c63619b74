/**
 * What a violation is called in a headline: enough alone for an editor's list or a line in a build log.
 */
import type { ClassRef } from '../../model/lock.ts';
import type {
  IrqPathViolation,
  OrderRuleViolation,
  RecursionViolation,
  Violation,
  WaitViolation,
} from '../../model/violation.ts';
import { inContext, type NameOf } from './names.ts';
import { inReadingOrder } from './places.ts';
import { isReadAgain } from './readers.ts';
import { count, DONE } from './words.ts';

/** What stands behind the rule's name, such as `orders → ledger → orders`. */
export function titleOf(violation: Violation, nameOf: NameOf): string {
  switch (violation.rule) {
    case 'order-cycle': {
      const names = inReadingOrder(violation.edges).map((edge) => nameOf(edge.from));
      return [...names, ...names.slice(0, 1)].join(' → ');
    }
    case 'recursion':
      return `${nameOf(violation.lock)}, ${recursionCase(violation)}`;
    case 'pool-nesting':
      return `${nameOf(violation.lock)}, ${count(violation.capacity, 'unit')}`;
    case 'irq-inconsistent':
      return `${nameOf(violation.lock)}, taken in ${violation.context} and held open to it`;
    case 'irq-order':
    case 'irq-inversion':
      return pathTitle(violation, nameOf);
    case 'wait-context':
    case 'sleep-while-held':
      return waitTitle(violation, nameOf);
    case 'level-order':
    case 'declared-order':
    case 'release-order':
      return orderTitle(violation, nameOf);
    case 'stalled': {
      const names = [...new Set(violation.waits.map((wait) => nameOf(wait.lock)))];
      const shown = names.length > 3 ? [...names.slice(0, 3), `${names.length - 3} more`] : names;
      return `${count(violation.waits.length, 'wait')} for ${shown.join(', ')}`;
    }
    case 'assert-none-held': {
      const names = [...new Set(violation.held.map(({ lock }) => nameOf(lock)))];
      return names.length > 0 ? names.join(', ') : lockOrOwner(violation, nameOf);
    }
    case 'bad-release':
    case 'wrong-owner-release':
      return `${nameOf(violation.lock)}${violation.act === 'releases' ? '' : `, ${DONE[violation.act]}`}`;
    case 'held-at-exit':
    case 'nest-not-held':
    case 'bad-unpin':
    case 'pinned-release':
    case 'held-reinit':
    case 'held-destroy':
    case 'use-after-destroy':
    case 'uninitialised':
    case 'no-owner':
    case 'context-imbalance':
    case 'ww-misuse':
    case 'assert-held':
    case 'assert-not-held':
    case 'assert-owner':
    case 'assert-context':
    case 'assert-may-sleep':
      return lockOrOwner(violation, nameOf);
  }
}

function lockOrOwner(
  { lock, owner }: { readonly lock: ClassRef | null; readonly owner: string },
  nameOf: NameOf,
): string {
  return lock === null ? owner : nameOf(lock);
}

function recursionCase(violation: RecursionViolation): string {
  const { upgrade, sameInstance, interruptedBy, againstOrder } = violation;
  if (upgrade) {
    return 'a reader that asks to be the writer';
  }
  if (againstOrder) {
    return 'two locks against their declared order';
  }
  if (isReadAgain(violation)) {
    return 'a reader that asks to read again';
  }
  const what = sameInstance ? 'the very same lock' : 'two locks of this class';
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
