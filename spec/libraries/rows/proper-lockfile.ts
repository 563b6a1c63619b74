import type { LibraryRow } from '../row.ts';

/** proper-lockfile 4. */
export const rows: readonly LibraryRow[] = [
  {
    file: 'proper-lockfile-clean.mjs',
    reason: 'One file at a time; two names of one file are one lock; whoever does not retry does not wait.',
    rules: [],
    says: [/watched +proper-lockfile 4/],
  },
  {
    file: 'proper-lockfile-order.mjs',
    reason:
      'Two processes take two files in opposite orders. The files are the same two by their names, wherever the folder is.',
    rules: ['order-cycle'],
    says: [
      /file\[tmp\/\*\/index\.json\] → file\[tmp\/\*\/ledger\.json\]/,
      /programs\/proper-lockfile-order\.mjs:16:\d+/,
      /programs\/proper-lockfile-order\.mjs:17:\d+/,
      /it took 2 to see/,
    ],
  },
  {
    file: 'proper-lockfile-twice.mjs',
    reason: 'Once by the function, once by name: nobody holds the file at either time.',
    rules: ['bad-release', 'bad-release'],
    says: [/programs\/proper-lockfile-twice\.mjs:11:\d+/, /programs\/proper-lockfile-twice\.mjs:15:\d+/],
  },
  {
    file: 'proper-lockfile-leak.mjs',
    reason: 'An error on the way leaves the file locked.',
    rules: ['held-at-exit'],
    says: [/taken +programs\/proper-lockfile-leak\.mjs:9:\d+/],
  },
];
