import type { LibraryRow } from '../row.ts';

export const rows: readonly LibraryRow[] = [
  {
    file: 'bottleneck-clean.mjs',
    reason:
      'No job waits for another one of its limiter while it has a slot: what is queued and left, what has expired, was dropped, or waits for a stock, and limiters without maxConcurrent do not count.',
    rules: [],
    says: [/watched .*bottleneck 2\.19\.5/],
  },
  {
    file: 'bottleneck-nesting.mjs',
    reason: 'Seen at the first nesting, by wrap(), schedule() and submit(), though nothing hangs.',
    rules: ['pool-nesting', 'pool-nesting'],
    says: [
      /pool-nesting {3}limiter, 2 units/,
      /pool-nesting {3}lines, 2 units/,
      /limiter asked {3}\S*bottleneck-nesting\.mjs:16:24/,
      /lines taken {3}\S*bottleneck-nesting\.mjs:29:7/,
      /lines asked {3}\S*bottleneck-nesting\.mjs:24:9/,
    ],
  },
  {
    file: 'bottleneck-recursion.cjs',
    reason: 'With one slot a job that waits for another one waits for itself. Found while the process still lives.',
    rules: ['recursion', 'deadlock'],
    allowed: ['stalled'],
    says: [/limiter, the very same lock/, /limiter asked {3}\S*bottleneck-recursion\.cjs:8:22/],
  },
  {
    file: 'bottleneck-order.mjs',
    reason: 'Two keys of a group in both orders; a limiter and a mutex in both orders.',
    rules: ['order-cycle', 'order-cycle'],
    says: [/hosts\[north\]/, /hosts\[south\]/, /ledger → requests → ledger|requests → ledger → requests/],
  },
  {
    file: 'bottleneck-chain.mjs',
    reason:
      'A chain that leads back to the limiter in use: seen as an order that contradicts itself, and as the wait that hangs.',
    rules: ['order-cycle', 'recursion', 'deadlock'],
    allowed: ['stalled', 'held-at-exit'],
    code: 13,
    says: [/everything, the very same lock/, /everything asked {3}\S*bottleneck-chain\.mjs:14:44/],
  },
];
