import type { LibraryRow } from '../row.ts';

export const rows: readonly LibraryRow[] = [
  { file: 'async-sema-clean.mjs', reason: 'all features, used as they should be', rules: [] },
  {
    file: 'async-sema-cycle.cjs',
    reason: 'two semaphores of one unit in both orders',
    rules: ['order-cycle'],
    says: [/ledger → orders → ledger/, /async-sema-cycle\.cjs:16:16/, /async-sema-cycle\.cjs:9:16/],
  },
  {
    file: 'async-sema-recursion.mjs',
    reason: 'the holder of the one unit asks for it again, and the process ends without a word',
    rules: ['recursion'],
    allowed: ['stalled', 'deadlock'],
    code: 13,
    says: [/session taken\s+programs\/async-sema-recursion\.mjs:12:15/, /session asked\s+\S+\.mjs:7:17/],
  },
  {
    file: 'async-sema-nesting.mjs',
    reason: 'one more unit for a holder of one, which always works for a single caller',
    rules: ['pool-nesting'],
    says: [/slots has 3 units: 3 owners/, /slots asked\s+programs\/async-sema-nesting\.mjs:7:15/],
  },
  {
    file: 'async-sema-drain.mjs',
    reason: 'all units for a holder of one: a wait for oneself',
    rules: ['pool-nesting'],
    allowed: ['stalled', 'deadlock', 'recursion'],
    code: 13,
    says: [/workers asked\s+programs\/async-sema-drain\.mjs:7:17/],
  },
  {
    file: 'async-sema-leak.mjs',
    reason: 'an error comes between the acquire and the release',
    rules: ['held-at-exit'],
    says: [/store taken\s+programs\/async-sema-leak\.mjs:7:15/],
  },
];
