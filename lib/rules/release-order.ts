/**
 * `release-order`: a lock is released before one that was taken later. That is legal, and off unless it is asked for: some code keeps to last-in
 * first-out and wants to know.
 */
import type { OrderRuleViolation } from '../model/violation.ts';
import { takenAt } from '../state/held.ts';
import type { State } from '../state/state.ts';
import { describeOrder } from './order-rule.ts';
import type { Release } from './release.ts';

export function releaseOrder(state: State, event: Release): readonly OrderRuleViolation[] {
  const { owner, held, entry, site } = event;
  const other = held.at(-1);
  if (entry === undefined || other === undefined || other === entry) {
    return [];
  }
  const message = `${owner.name} releases ${entry.class.ref.name} before ${other.class.ref.name}, which it took later.`;
  const [asked, taken] = [site, takenAt(other)];
  return [
    describeOrder(state, {
      rule: 'release-order',
      owner,
      held,
      class: entry.class,
      other: other.class,
      asked,
      taken,
      message,
    }),
  ];
}
