import type { LibraryRow } from '../row.ts';

export const rows: readonly LibraryRow[] = [
  {
    file: 'tarn-clean.cjs',
    reason: 'contention, time-outs, aborted waits, spoilt connections and failures are all that a pool is for',
    rules: [],
  },
  {
    file: 'tarn-nested.cjs',
    reason: 'one flow holds a connection and waits for a second one of two',
    rules: ['pool-nesting'],
    says: [/connections, 2 /, /taken\s+programs\/tarn-nested\.cjs:14:/, /asked\s+programs\/tarn-nested\.cjs:8:/],
  },
  {
    file: 'tarn-recursion.cjs',
    reason: 'the wait for its only connection times out',
    rules: ['recursion'],
    says: [/connections taken\s+programs\/tarn-recursion\.cjs:7:/, /asked\s+programs\/tarn-recursion\.cjs:9:/],
  },
  {
    file: 'tarn-leak.cjs',
    reason: 'the process is ended from outside while a connection is held',
    rules: [],
    warnings: ['held-at-exit'],
    says: [/connections taken\s+programs\/tarn-leak\.cjs:\d+:/],
  },
  {
    file: 'tarn-order.cjs',
    reason: 'two pools in both orders',
    rules: ['order-cycle'],
    says: [/replica → primary → replica|primary → replica → primary/],
  },
];
