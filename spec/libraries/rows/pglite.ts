import type { LibraryRow } from '../row.ts';

/** What hangs. With the version before, the exit code of such a program differs from one Node to the next. */
const hangs: readonly LibraryRow[] = [
  {
    file: 'pglite-root-in-transaction.mjs',
    reason: 'the handle of the database is used inside of its own transaction',
    rules: ['recursion'],
    allowed: ['deadlock', 'stalled'],
    says: [/recursion {3}db, the very/, /db taken\s+programs\/\S+:13:10/, /db asked\s+programs\/\S+:9:29/],
  },
  {
    file: 'pglite-run-exclusive.mjs',
    reason: 'a query inside of runExclusive of the same database',
    rules: ['recursion'],
    allowed: ['deadlock', 'order-cycle', 'stalled'],
    says: [/recursion {3}db\[queries\]/, /\] taken\s+programs\/\S+:7:10/, /\] asked\s+programs\/\S+:8:12/],
  },
];

export const rows: readonly LibraryRow[] = [
  {
    file: 'pglite-clean.mjs',
    reason: 'transactions with contention, errors, notifications, two databases: all as it should be',
    rules: [],
    sets: ['current', 'previous'],
  },
  {
    file: 'pglite-behaviour.mjs',
    reason: 'calls give the same, in the same turn, in the same order, and the same errors',
    rules: [],
    sets: ['current', 'previous'],
  },
  ...hangs.map((row) => ({ ...row, code: 13 })),
];
