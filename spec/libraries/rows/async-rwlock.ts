import type { LibraryRow } from '../row.ts';

export const rows: readonly LibraryRow[] = [
  {
    file: 'async-rwlock-clean.mjs',
    reason: 'readers wait for no reader and for no writer that waits; a wait with a time that is not over',
    rules: [],
    says: [/watched {2}async-rwlock 1\.1\.1/],
  },
  {
    file: 'async-rwlock-upgrade.mjs',
    reason: 'the writer waits for its own reader, for ever',
    rules: ['recursion'],
    allowed: ['stalled'],
    says: [
      /touch#1 asks for table as a writer while holding it as a reader/,
      /table taken \(shared\) +programs\/async-rwlock-upgrade\.mjs:7:15/,
      /table asked +programs\/async-rwlock-upgrade\.mjs:9:15/,
    ],
  },
  {
    file: 'async-rwlock-reacquire.mjs',
    reason: 'the reader waits for its own writer, for ever',
    rules: ['recursion'],
    allowed: ['stalled'],
    says: [
      /table taken +programs\/async-rwlock-reacquire\.mjs:13:15/,
      /table asked +programs\/async-rwlock-reacquire\.mjs:7:15/,
    ],
  },
  {
    file: 'async-rwlock-order.mjs',
    reason: 'a writer of each lock can wait for a reader of the other one',
    rules: ['order-cycle'],
    says: [
      /ledger → accounts → ledger/,
      /ledger taken +programs\/async-rwlock-order\.mjs:15:16/,
      /accounts asked \(recursive\) +programs\/async-rwlock-order\.mjs:16:18/,
    ],
  },
  {
    file: 'async-rwlock-double-release.mjs',
    reason: 'the second unlock is of a lock that nobody holds',
    rules: ['bad-release'],
    says: [/write#2 releases table, which nobody holds/, /released +programs\/async-rwlock-double-release\.mjs:11:11/],
  },
  {
    file: 'async-rwlock-abandoned.mjs',
    reason: 'the library gives the lock to a writer that has given up: it stays locked for ever',
    rules: ['abandoned'],
    says: [/table was granted to \S+, which had given up/, /asked +programs\/async-rwlock-abandoned\.mjs:13:15/],
  },
  {
    file: 'async-rwlock-leak.mjs',
    reason: 'the function that took the lock has failed, and nobody else can give it back',
    rules: ['held-at-exit'],
    says: [/table taken +programs\/async-rwlock-leak\.mjs:7:15/],
  },
];
