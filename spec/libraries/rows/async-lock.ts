import type { LibraryRow } from '../row.ts';

export const rows: readonly LibraryRow[] = [
  {
    file: 'async-lock-clean.mjs',
    reason:
      'Keys are taken in one order, in both styles, by lists and one in the other; waits that time out, holds that take too long, errors, and a domain that takes its lock again are no findings.',
    rules: [],
    warnings: ['recursion'],
    says: [/watched .*async-lock 1\.5\.0/, /locks\[account:\*\], two locks of this class/, /0 errors, 1 warning/],
  },
  {
    file: 'async-lock-order.cjs',
    reason: 'Two keys that are names are two classes, taken in both orders.',
    rules: ['order-cycle'],
    says: [
      /order-cycle {3}locks\[users\] → locks\[config\] → locks\[users\]/,
      /locks\[config\] taken +\S*async-lock-order\.cjs:7:15/,
      /locks\[users\] asked +\S*async-lock-order\.cjs:8:17/,
      /locks\[users\] taken +\S*async-lock-order\.cjs:13:15/,
      /locks\[config\] asked +\S*async-lock-order\.cjs:14:17/,
    ],
  },
  {
    file: 'async-lock-list-order.mjs',
    reason:
      'Two lists with the same keys in both orders, when it happens: the circle is told as soon as it has closed.',
    rules: ['deadlock', 'order-cycle'],
    allowed: ['stalled'],
    says: [
      /deadlock {3}locks\[cart\] → locks\[payment\] → locks\[cart\]/,
      /locks\[cart\] taken +\S*async-lock-list-order\.mjs:10:19/,
      /locks\[payment\] taken +\S*async-lock-list-order\.mjs:11:22/,
    ],
  },
  {
    file: 'async-lock-lists.mjs',
    reason: 'Two keys of one class, taken in the order of two lists that contradict each other, though nothing hangs.',
    rules: ['recursion'],
    warnings: ['recursion'],
    says: [/sessions\[device:\*\], two locks of this class/, /asked +\S*async-lock-lists\.mjs:8:18/],
  },
  {
    file: 'async-lock-recursion.mjs',
    reason: 'A key asked for by its own holder, found while the process still lives.',
    rules: ['recursion', 'deadlock'],
    allowed: ['stalled'],
    says: [
      /accounts\[account:\*\], the very same lock/,
      /accounts\[account:\*\] taken +\S*async-lock-recursion\.mjs:11:18/,
      /accounts\[account:\*\] asked +\S*async-lock-recursion\.mjs:7:18/,
    ],
  },
  {
    file: 'async-lock-recursion-timeout.mjs',
    reason: 'The same with a time-out: told when the wait has ended, not before.',
    rules: ['recursion'],
    says: [
      /accounts\[\*\], the very same lock/,
      /accounts\[\*\] taken +\S*async-lock-recursion-timeout\.mjs:7:18/,
      /accounts\[\*\] asked +\S*async-lock-recursion-timeout\.mjs:9:22/,
    ],
  },
  {
    file: 'async-lock-recursion-callback.cjs',
    reason: 'The same in the callback style, where the time-out is given to `done`.',
    rules: ['recursion'],
    says: [
      /files\[index\] taken +\S*async-lock-recursion-callback\.cjs:6:7/,
      /files\[index\] asked +\S*async-lock-recursion-callback\.cjs:\d+:11/,
    ],
  },
  {
    file: 'async-lock-leak.cjs',
    reason: 'A `done` that is never called leaves the key held, and whoever comes later waits for ever.',
    rules: ['held-at-exit', 'stalled'],
    says: [
      /files\[index\] taken +\S*async-lock-leak\.cjs:14:7.*never released/,
      /files\[index\] asked +\S*async-lock-leak\.cjs:20:9/,
    ],
  },
];
