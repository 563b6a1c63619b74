import type { LibraryRow } from '../row.ts';

const sets = ['current', 'previous'] as const;

export const rows: readonly LibraryRow[] = [
  {
    file: 'matrixai-clean.mjs',
    reason: 'all kinds of locks by the rules; readers that pass writers make no order; the keys of one call are sorted',
    rules: [],
    sets,
    says: [/watched {2}@matrixai\/async-locks [45]\./],
  },
  {
    file: 'matrixai-unhandled.mjs',
    reason: 'waits that are taken back say nothing, and a rejection that nobody handles stays one',
    rules: [],
    sets,
  },
  {
    file: 'matrixai-upgrade.mjs',
    reason: 'the writer waits for its own reader until its time is over',
    rules: ['recursion'],
    sets,
    says: [
      /touch#1 asks for table as a writer while holding it as a reader/,
      /table taken \(shared\) +programs\/matrixai-upgrade\.mjs:8:15/,
      /table asked +programs\/matrixai-upgrade\.mjs:10:17/,
    ],
  },
  {
    file: 'matrixai-reacquire.mjs',
    reason: 'the lock is asked for by its holder',
    rules: ['recursion'],
    sets,
    says: [
      /table taken +programs\/matrixai-reacquire\.mjs:12:33/,
      /table asked +programs\/matrixai-reacquire\.mjs:8:15/,
    ],
  },
  {
    file: 'matrixai-order.mjs',
    reason: 'readers that a waiting writer stops, in both orders',
    rules: ['order-cycle'],
    sets,
    says: [
      /ledger taken \(shared\) +programs\/matrixai-order\.mjs:16:16/,
      /accounts asked +programs\/matrixai-order\.mjs:17:20/,
    ],
  },
  {
    file: 'matrixai-locks-order.mjs',
    reason: 'two locks in both orders, by resources and by hand',
    rules: ['order-cycle'],
    sets,
    says: [
      /ledger taken +programs\/matrixai-locks-order\.mjs:15:40/,
      /accounts asked +programs\/matrixai-locks-order\.mjs:16:44/,
    ],
  },
  {
    file: 'matrixai-nesting.mjs',
    reason: 'a holder of a unit waits for one more',
    rules: ['pool-nesting'],
    sets,
    says: [/sockets has 3 units: 3 owners/, /sockets asked +programs\/matrixai-nesting\.mjs:8:17/],
  },
  {
    file: 'matrixai-leak.mjs',
    reason: 'the function that took the lock has failed, and nobody else has its release',
    rules: ['held-at-exit'],
    sets,
    says: [/table taken +programs\/matrixai-leak\.mjs:8:33/],
  },
  {
    file: 'matrixai-withg-leak.mjs',
    reason: 'a generator that stands still keeps its lock',
    rules: ['held-at-exit'],
    sets,
    says: [/table taken +programs\/matrixai-withg-leak\.mjs:/],
  },
  {
    file: 'matrixai-deadlock.mjs',
    reason:
      'each of the two waits for the other one: it happened, and the timers of the library keep the process alive',
    rules: ['order-cycle'],
    allowed: ['deadlock'],
    sets,
    says: [
      /ledger asked +programs\/matrixai-deadlock\.mjs:11:18|accounts asked +programs\/matrixai-deadlock\.mjs:11:18/,
    ],
  },
  {
    file: 'matrixai-box-order.mjs',
    reason: 'one call takes the keys in their order, two calls take them the other way round',
    rules: ['order-cycle'],
    sets,
    says: [
      /files\[journal\] → files\[index\] → files\[journal\]/,
      /files\[journal\] taken +programs\/matrixai-box-order\.mjs:12:40/,
      /files\[index\] asked +programs\/matrixai-box-order\.mjs:13:38/,
      /files\[journal\] asked +programs\/matrixai-box-order\.mjs:8:15/,
    ],
  },
  {
    file: 'matrixai-monitor-order.mjs',
    reason: 'monitors take two keys in both orders, one after the other: their own detector cannot see that',
    rules: ['order-cycle'],
    sets,
    says: [/box\[accounts\] asked +programs\/matrixai-monitor-order\.mjs:12:17/],
  },
  {
    file: 'matrixai-monitor-detected.mjs',
    reason: 'the monitor has found the deadlock and ended the wait: that is told once, to the program',
    rules: [],
    sets,
  },
  {
    file: 'matrixai-monitor-chain.mjs',
    reason: 'somebody waits for what the asker holds, but whoever holds what is asked for waits for nobody',
    rules: [],
    sets,
  },
  {
    file: 'matrixai-monitor-refused.mjs',
    reason: 'the same, where the monitor takes it for a deadlock and ends the wait',
    rules: [],
    sets,
  },
];
