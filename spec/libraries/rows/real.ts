/** Deadlocks that were reported against real projects, reproduced with the libraries that they used. */
import type { LibraryRow } from '../row.ts';

/** They are found before they hang, or when they do: in seconds, not at the end of a time-out. */
const WITHIN_MS = 10_000;

const reported: readonly LibraryRow[] = [
  {
    file: 'real-keyring.mjs',
    reason: 'MetaMask/core#4181: a locked method calls a locked method',
    rules: ['recursion'],
    allowed: ['stalled', 'deadlock'],
    says: [/#mutex taken\s+\S*real-keyring\.mjs:9:24/, /#mutex asked\s+\S*real-keyring\.mjs:16:24/],
  },
  {
    file: 'real-sessions.mjs',
    reason: 'matrix-js-sdk#1627: keys in the order of a list',
    rules: ['order-cycle'],
    says: [/alice-phone/, /bob-laptop/, /real-sessions\.mjs:8:\d+/],
  },
  {
    file: 'real-rates.mjs',
    reason: 'MetaMask/core#195: an exception before the release',
    rules: ['stalled'],
    allowed: ['held-at-exit', 'recursion'],
    says: [/mutex asked\s+\S*real-rates\.mjs:14:\d+/, /taken by update#2\s+\S*real-rates\.mjs:14/],
  },
  {
    file: 'real-silent.mjs',
    reason: 'nodejs/node#22088: the process ends with code 0',
    rules: ['recursion'],
    allowed: ['stalled', 'deadlock'],
    says: [/store taken\s+\S*real-silent\.mjs:7:\d+/, /store asked\s+\S*real-silent\.mjs:16:\d+/],
  },
  {
    file: 'real-twice.mjs',
    reason: 'mutexify#11: released in the catch and in the finally',
    rules: ['bad-release'],
    allowed: ['wrong-owner-release'],
    says: [/real-twice\.mjs:21:\d+/],
  },
  {
    file: 'real-fortune.mjs',
    with: ['pg-fake.mjs'],
    reason: 'fortune-postgres#29, vendure#1639: a helper uses the pool inside of a transaction',
    rules: ['pool-nesting'],
    allowed: ['stalled', 'deadlock'],
    says: [/pool taken\s+\S*real-fortune\.mjs:14:\d+/, /pool asked\s+\S*real-fortune\.mjs:9:\d+/],
  },
];

export const rows: readonly LibraryRow[] = reported.map((row) => ({ ...row, withinMs: WITHIN_MS }));
