/**
 * The names of the rules.
 */

/** The rules about what can block, for ever or where nothing may. */
const BLOCKING_RULES = [
  'order-cycle',
  'recursion',
  'pool-nesting',
  'irq-inconsistent',
  'irq-order',
  'irq-inversion',
  'wait-context',
  'sleep-while-held',
] as const;

/** The rules about the order of two locks that need no second witness. */
export const ORDER_RULES = ['level-order', 'declared-order', 'release-order'] as const;

/** The rules about how a hold ends. */
const ENDING_RULES = ['bad-release', 'wrong-owner-release', 'held-at-exit'] as const;

/** The rules about locks that keep nobody out. */
const EXCLUSION_RULES = ['split-key', 'lease-expired'] as const;

/** The rules that one event alone can break, and whose report needs no more than places and names. */
export const MISUSE_RULES = [
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
  'abandoned',
  'callback-under-lock',
  'blocking-while-held',
] as const;

/** The rules about what takes longer than it should. */
export const LIMIT_RULES = ['long-hold', 'long-wait'] as const;

/** The rules about waits, while they last. */
const WAITING_RULES = ['deadlock', 'stalled', 'long-hold', 'long-wait'] as const;

/** The rules about locks that threads contend for. */
const THREAD_RULES = ['owner-died', 'priority-inversion', 'starvation'] as const;

/** The claims that code makes about itself. */
export const ASSERT_RULES = [
  'assert-held',
  'assert-not-held',
  'assert-none-held',
  'assert-owner',
  'assert-context',
  'assert-may-sleep',
] as const;

export type OrderRule = (typeof ORDER_RULES)[number];
export type MisuseRule = (typeof MISUSE_RULES)[number];
export type LimitRule = (typeof LIMIT_RULES)[number];
export type AssertRule = (typeof ASSERT_RULES)[number];

/** Id of a rule. An id is never reused. */
export type RuleId =
  | (typeof BLOCKING_RULES)[number]
  | OrderRule
  | (typeof ENDING_RULES)[number]
  | (typeof EXCLUSION_RULES)[number]
  | MisuseRule
  | (typeof WAITING_RULES)[number]
  | (typeof THREAD_RULES)[number]
  | AssertRule;

/** Ids of all rules. */
export const RULE_IDS: readonly RuleId[] = [
  ...BLOCKING_RULES,
  ...ORDER_RULES,
  ...ENDING_RULES,
  ...EXCLUSION_RULES,
  ...MISUSE_RULES,
  ...WAITING_RULES,
  ...THREAD_RULES,
  ...ASSERT_RULES,
];
