/**
 * How a lock refuses that panics where levels are not kept.
 */
import type { OrderRuleViolation } from '../../model/violation.ts';

/** A lock was asked for whose level is not greater than that of every lock that its owner holds. Nothing was taken. */
export class LevelOrderError extends Error {
  override readonly name = 'LevelOrderError';
  readonly violation: OrderRuleViolation;

  constructor(violation: OrderRuleViolation) {
    super(`${violation.message} Nothing was taken: take locks upwards, from the lowest level to the greatest`);
    this.violation = violation;
  }
}
