import type { LibraryRow, LibrarySet } from '../row.ts';

const sets: readonly LibrarySet[] = ['current', 'previous'];

export const rows: readonly LibraryRow[] = [
  { file: 'await-lock-clean.mjs', reason: 'all features, used as they should be', rules: [], sets },
  { file: 'await-lock-unhandled.mjs', reason: 'a wait that times out, and that nobody waits for', rules: [], sets },
  {
    file: 'await-lock-cycle.mjs',
    reason: 'two locks in both orders',
    rules: ['order-cycle'],
    sets,
    says: [/thread → provider → thread/, /await-lock-cycle\.mjs:17:18/, /await-lock-cycle\.mjs:10:16/],
  },
  {
    file: 'await-lock-recursion.mjs',
    reason: 'a locked method calls a locked method of the same object',
    rules: ['recursion'],
    allowed: ['stalled', 'deadlock'],
    code: 13,
    sets,
    says: [/lock taken\s+programs\/await-lock-recursion\.mjs:10:21/, /lock asked\s+\S+\.mjs:19:21/],
  },
  {
    file: 'await-lock-timeout.mjs',
    reason: 'a wait for oneself that a time-out ends',
    rules: ['recursion'],
    sets,
    says: [/session asked\s+programs\/await-lock-timeout\.mjs:8:17/],
  },
  {
    file: 'await-lock-double.mjs',
    reason: 'a second release of one acquire',
    rules: ['bad-release'],
    sets,
    says: [/released\s+programs\/await-lock-double\.mjs:14:11/],
  },
  {
    file: 'await-lock-foreign.mjs',
    reason: 'a second release that takes the lock away from another flow; who that is was inferred',
    rules: [],
    warnings: ['wrong-owner-release'],
    sets,
    says: [
      /released programs\/await-lock-foreign\.mjs:19:9/,
      /taken by load#\d+ programs\/await-lock-foreign\.mjs:23:15/,
    ],
  },
  {
    file: 'await-lock-leak.mjs',
    reason: 'an error comes between the acquire and the release',
    rules: ['held-at-exit'],
    sets,
    says: [/store taken\s+programs\/await-lock-leak\.mjs:8:15/],
  },
];
