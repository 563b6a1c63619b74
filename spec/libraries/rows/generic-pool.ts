import type { LibraryRow } from '../row.ts';

export const rows: readonly LibraryRow[] = [
  {
    file: 'generic-pool-clean.mjs',
    reason: 'priorities, time-outs, use(), validation, foreign resources and draining are all that a pool is for',
    rules: [],
  },
  {
    file: 'generic-pool-nested.mjs',
    reason: 'one flow holds a resource and waits for a second one of four',
    rules: ['pool-nesting'],
    says: [
      /browsers, 4 /,
      /taken\s+programs\/generic-pool-nested\.mjs:18:/,
      /asked\s+programs\/generic-pool-nested\.mjs:12:/,
    ],
  },
  {
    file: 'generic-pool-nested.mjs',
    reason: 'with one of them it waits for itself, and the program has run out of work',
    rules: ['recursion'],
    allowed: ['stalled', 'deadlock'],
    env: { POOL_MAX: '1' },
    says: [/browsers taken\s+programs\/generic-pool-nested\.mjs:18:/],
  },
  {
    file: 'generic-pool-leak.mjs',
    reason: 'a resource is not given back where the work fails',
    rules: ['held-at-exit'],
    says: [/workers taken\s+programs\/generic-pool-leak\.mjs:7:/],
  },
  {
    file: 'generic-pool-order.mjs',
    reason: 'two pools in both orders, by use() and by acquire()',
    rules: ['order-cycle'],
    says: [/writers → readers → writers|readers → writers → readers/],
  },
];
