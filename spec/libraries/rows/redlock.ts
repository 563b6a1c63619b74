import type { LibraryRow } from '../row.ts';

/** redlock 5 and 4, with ioredis. */
export const rows: readonly LibraryRow[] = [
  {
    file: 'redlock-clean.mjs',
    reason: 'All that is held is released in time, and what is nested is nested one way round.',
    rules: [],
    sets: ['current', 'previous'],
    server: 'redis',
    says: [/watched +redlock/],
  },
  {
    file: 'redlock-nested-again.mjs',
    reason: 'The second call wants a resource that the flow itself holds, beside another one.',
    rules: ['recursion'],
    sets: ['current', 'previous'],
    server: 'redis',
    says: [
      /redlock\[branch:\*\]/,
      /taken +programs\/redlock-nested-again\.mjs:12:\d+/,
      /asked +programs\/redlock-nested-again\.mjs:14:\d+/,
    ],
  },
  {
    file: 'redlock-order.mjs',
    reason: 'Two calls take two resources one after the other, in opposite orders.',
    rules: ['order-cycle'],
    sets: ['current', 'previous'],
    server: 'redis',
    says: [
      /redlock\[thread:\*\] → redlock\[provider:\*\]/,
      /programs\/redlock-order\.mjs:12:\d+/,
      /programs\/redlock-order\.mjs:19:\d+/,
    ],
  },
  {
    file: 'redlock-late.mjs',
    reason: 'The lease runs out under the first flow, and the second one gets the lock before the first releases it.',
    rules: ['lease-expired'],
    sets: ['current', 'previous'],
    server: 'redis',
    says: [
      /redlock\[report:\*\] taken +programs\/redlock-late\.mjs:11:\d+/,
      /taken by next#\d+ +programs\/redlock-late\.mjs:17:\d+/,
    ],
  },
  {
    file: 'redlock-twice.mjs',
    reason: 'The second release is one of nothing.',
    rules: ['bad-release'],
    sets: ['current', 'previous'],
    server: 'redis',
    says: [/redlock\[job:\*\]/],
  },
];
