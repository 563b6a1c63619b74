import type { LibraryRow } from '../row.ts';

export const rows: readonly LibraryRow[] = [
  { file: 'semaphore-async-await-clean.mjs', reason: 'all features, used as they should be', rules: [] },
  {
    file: 'semaphore-async-await-cycle.cjs',
    reason: 'two locks in both orders, taken and run under',
    rules: ['order-cycle'],
    says: [
      /ledger → orders → ledger/,
      /semaphore-async-await-cycle\.cjs:16:18/,
      /semaphore-async-await-cycle\.cjs:9:16/,
    ],
  },
  {
    file: 'semaphore-async-await-recursion.mjs',
    reason: 'a function under a lock runs another one under it',
    rules: ['recursion'],
    allowed: ['stalled', 'deadlock'],
    code: 13,
    says: [/session taken\s+\S+\.mjs:11:15/, /session asked\s+programs\/semaphore-async-await-recursion\.mjs:7:18/],
  },
  {
    file: 'semaphore-async-await-timeout.mjs',
    reason: 'a wait for oneself that ends with false',
    rules: ['recursion'],
    says: [/session asked\s+programs\/semaphore-async-await-timeout\.mjs:7:18/],
  },
  {
    file: 'semaphore-async-await-nesting.mjs',
    reason: 'one more permit for work that holds one, which always works for a single caller',
    rules: ['pool-nesting'],
    says: [/permits has 2 units: 2 owners/, /permits asked\s+programs\/semaphore-async-await-nesting\.mjs:7:18/],
  },
  {
    file: 'semaphore-async-await-double.mjs',
    reason: 'a second release of a lock lets two in at once',
    rules: ['bad-release'],
    says: [/released\s+programs\/semaphore-async-await-double\.mjs:13:11/],
  },
  {
    file: 'semaphore-async-await-foreign.mjs',
    reason: 'a second release that takes the lock away from another flow; who that is was inferred',
    rules: [],
    warnings: ['wrong-owner-release'],
    says: [/released programs\/semaphore-async-await-foreign\.mjs:11:9/],
  },
  {
    file: 'semaphore-async-await-leak.mjs',
    reason: 'an error comes between the acquire and the release',
    rules: ['held-at-exit'],
    says: [/store taken\s+programs\/semaphore-async-await-leak\.mjs:7:15/],
  },
];
