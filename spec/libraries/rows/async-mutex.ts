import type { LibraryRow, LibrarySet } from '../row.ts';

const sets: readonly LibrarySet[] = ['current', 'previous'];

export const rows: readonly LibraryRow[] = [
  { file: 'async-mutex-clean.mjs', reason: 'all features, used as they should be', rules: [], sets },
  {
    file: 'async-mutex-cycle.cjs',
    reason: 'two mutexes in both orders',
    rules: ['order-cycle'],
    sets,
    says: [/ledger → orders → ledger/, /async-mutex-cycle\.cjs:15:42/, /async-mutex-cycle\.cjs:9:38/],
  },
  {
    file: 'async-mutex-recursion.mjs',
    reason: 'a locked method calls a locked method of the same object',
    rules: ['recursion'],
    allowed: ['stalled', 'deadlock'],
    code: 13,
    sets,
    says: [/mutex taken\s+programs\/async-mutex-recursion\.mjs:8:23/, /mutex asked\s+\S+\.mjs:12:23/],
  },
  {
    file: 'async-mutex-nesting.mjs',
    reason: 'a second unit for a holder of one, which always works for a single caller',
    rules: ['pool-nesting'],
    sets,
    says: [/slots has 2 units: 2 owners/, /slots asked\s+programs\/async-mutex-nesting\.mjs:8:37/],
  },
  {
    file: 'async-mutex-double.mjs',
    reason: 'a second release of one acquire',
    rules: ['bad-release'],
    sets,
    says: [/released\s+programs\/async-mutex-double\.mjs:14:11/],
  },
  {
    file: 'async-mutex-foreign.mjs',
    reason: 'a plain release takes the mutex away from another flow, whose own releaser then has nothing to give back',
    rules: ['bad-release'],
    warnings: ['wrong-owner-release'],
    sets,
    says: [/released programs\/async-mutex-foreign\.mjs:11:9/],
  },
  {
    file: 'async-mutex-leak.mjs',
    reason: 'an error comes between the acquire and the release',
    rules: ['held-at-exit'],
    sets,
    says: [/store taken\s+programs\/async-mutex-leak\.mjs:7:31/],
  },
];
