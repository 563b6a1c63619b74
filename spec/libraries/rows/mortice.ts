import type { LibraryRow } from '../row.ts';

// The library needs `Promise.withResolvers`.
const node = 22;

export const rows: readonly LibraryRow[] = [
  {
    file: 'mortice-clean.mjs',
    reason: 'one order of names, signals that end a wait or a hold, a name that is used again after finalize()',
    rules: [],
    node,
    says: [/watched {2}mortice 3\./],
  },
  {
    file: 'mortice-turns.mjs',
    reason: 'each call ends in as many turns as without the checker, and what it gives looks the same',
    rules: [],
    node,
  },
  {
    file: 'mortice-upgrade.mjs',
    reason: 'the writer waits for its own reader, for ever; the two come from two calls with one name',
    rules: ['recursion'],
    allowed: ['stalled'],
    node,
    says: [
      /touch#1 asks for mortice\[repo\] as a writer while holding it as a reader/,
      /taken \(shared\) +programs\/mortice-upgrade\.mjs:11:57/,
      /asked +programs\/mortice-upgrade\.mjs:5:57/,
    ],
  },
  {
    file: 'mortice-order.mjs',
    reason: 'a writer that waits stops later readers, so readers in both orders can wait for each other',
    rules: ['order-cycle'],
    node,
    says: [
      /mortice\[ledger\] → mortice\[accounts\] → mortice\[ledger\]/,
      /mortice\[ledger\] taken \(shared\) +programs\/mortice-order\.mjs:15:38/,
      /mortice\[accounts\] asked +programs\/mortice-order\.mjs:16:42/,
    ],
  },
  {
    file: 'mortice-deadlock.mjs',
    reason: 'each of the two waits for the other one: it happened',
    rules: ['order-cycle'],
    allowed: ['stalled', 'deadlock'],
    node,
    says: [/mortice\[accounts\] asked +programs\/mortice-deadlock\.mjs:10:38/],
  },
  {
    file: 'mortice-leak.mjs',
    reason: 'the function that took the lock has failed, and nobody else has its release',
    rules: ['held-at-exit'],
    node,
    says: [/mortice\[repo\] taken +programs\/mortice-leak\.mjs:7:30/],
  },
  {
    file: 'mortice-keys.mjs',
    reason: 'names that differ in a number are one class, and two of it are taken in both orders',
    rules: ['recursion'],
    warnings: ['recursion'],
    node,
    says: [/mortice\[account-\*\]/, /the two have been taken in\s+the opposite order before/],
  },
];
