/**
 * What a violation is called in a headline: enough alone for an editor's list or a line in a build log.
 */
import type { Violation } from '../../model/violation.ts';
import type { NameOf } from './names.ts';
import { inReadingOrder } from './places.ts';
import { count } from './words.ts';

/** What stands behind the rule's name, such as `orders → ledger → orders`. */
export function titleOf(violation: Violation, nameOf: NameOf): string {
  switch (violation.rule) {
    case 'order-cycle': {
      const names = inReadingOrder(violation.edges).map((edge) => nameOf(edge.from));
      return [...names, ...names.slice(0, 1)].join(' → ');
    }
    case 'recursion': {
      const same = violation.sameInstance ? 'the very same lock' : 'two locks of this class';
      return `${nameOf(violation.lock)}, ${same}`;
    }
    case 'pool-nesting':
      return `${nameOf(violation.lock)}, ${count(violation.capacity, 'unit')}`;
    case 'stalled': {
      const names = [...new Set(violation.waits.map((wait) => nameOf(wait.lock)))];
      const shown = names.length > 3 ? [...names.slice(0, 3), `${names.length - 3} more`] : names;
      return `${count(violation.waits.length, 'wait')} for ${shown.join(', ')}`;
    }
    case 'bad-release':
    case 'wrong-owner-release':
    case 'held-at-exit':
    case 'assert-held':
    case 'assert-not-held':
      return nameOf(violation.lock);
  }
}
