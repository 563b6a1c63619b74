import type { LibraryRow, LibrarySet } from '../row.ts';

const sets: readonly LibrarySet[] = ['current', 'previous'];

export const rows: readonly LibraryRow[] = [
  {
    file: 'knex-clean.mjs',
    with: ['mysql2-server.mjs'],
    reason: 'queries side by side, transactions and savepoints with their own handles',
    rules: [],
    sets,
  },
  {
    file: 'knex-root-in-transaction.mjs',
    with: ['mysql2-server.mjs'],
    reason: 'the root handle inside its own transaction, with ten connections',
    rules: ['pool-nesting'],
    sets,
    says: [
      / db, 10 /,
      /transfer#\d/,
      /db taken\s+programs\/\S+:25:\d+\s+await db\.transaction/,
      /db asked\s+programs\/\S+:21:/,
    ],
  },
  {
    file: 'knex-root-in-transaction.mjs',
    with: ['mysql2-server.mjs'],
    reason: 'the same with one connection: the wait times out',
    rules: ['recursion'],
    sets,
    env: { POOL_MAX: '1' },
    says: [/db taken\s+programs\/\S+:25:/, /db asked\s+programs\/\S+:21:/],
  },
  {
    file: 'knex-transaction-handle.mjs',
    with: ['mysql2-server.mjs'],
    reason: 'whoever waits for the handle of a transaction has its connection',
    rules: ['pool-nesting'],
    sets,
    says: [/db taken\s+programs\/\S+:14:\d+\s+const trx/, /db asked\s+programs\/\S+:17:/],
  },
  {
    file: 'knex-order.mjs',
    with: ['mysql2-server.mjs'],
    reason: 'two databases in both orders',
    rules: ['order-cycle'],
    sets,
    says: [/stock → shop → stock|shop → stock → shop/],
  },
  ...(['postgres', 'mysql'] as const).map(
    (server): LibraryRow => ({
      file: 'knex-server.mjs',
      reason: 'the root handle inside its own transaction, with a real server',
      rules: ['pool-nesting'],
      sets,
      server,
      env: { KNEX_CLIENT: server === 'postgres' ? 'pg' : 'mysql2' },
      says: [/ db, 5 /, /db taken\s+programs\/\S+:9:/, /db asked\s+programs\/\S+:11:/],
    }),
  ),
];
