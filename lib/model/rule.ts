/**
 * The names of the rules.
 */

/** A rule that one event alone can break, and whose report needs no more than places and names. */
export type MisuseRule =
  | 'nest-not-held'
  | 'bad-unpin'
  | 'pinned-release'
  | 'held-reinit'
  | 'held-destroy'
  | 'use-after-destroy'
  | 'uninitialised'
  | 'no-owner'
  | 'context-imbalance'
  | 'ww-misuse';

/** A rule about the order of two locks that needs no second witness. */
export type OrderRule = 'level-order' | 'declared-order' | 'release-order';

/** Ids of the claims that code makes about itself. */
export type AssertRule =
  | 'assert-held'
  | 'assert-not-held'
  | 'assert-none-held'
  | 'assert-owner'
  | 'assert-context'
  | 'assert-may-sleep';

/** Ids of the rules. An id is never reused. */
export const RULE_IDS = [
  'order-cycle',
  'recursion',
  'pool-nesting',
  'irq-inconsistent',
  'irq-order',
  'irq-inversion',
  'wait-context',
  'sleep-while-held',
  'level-order',
  'declared-order',
  'release-order',
  'bad-release',
  'wrong-owner-release',
  'held-at-exit',
  'nest-not-held',
  'bad-unpin',
  'pinned-release',
  'held-reinit',
  'held-destroy',
  'use-after-destroy',
  'uninitialised',
  'no-owner',
  'context-imbalance',
  'ww-misuse',
  'stalled',
  'assert-held',
  'assert-not-held',
  'assert-none-held',
  'assert-owner',
  'assert-context',
  'assert-may-sleep',
] as const;

export type RuleId = (typeof RULE_IDS)[number];
