import type { LibraryRow, LibrarySet } from '../row.ts';

const sets: readonly LibrarySet[] = ['current', 'previous'];

export const rows: readonly LibraryRow[] = [
  {
    file: 'sequelize-pool-clean.mjs',
    reason: 'contention, time-outs, validation, worn out connections, failures and draining are all that a pool is for',
    rules: [],
    sets,
  },
  {
    file: 'sequelize-pool-nested.mjs',
    reason: 'one flow holds a connection and waits for a second one of three',
    rules: ['pool-nesting'],
    sets,
    says: [/connections, 3 /, /taken\s+programs\/\S+:24:/, /asked\s+programs\/\S+:18:/],
  },
  {
    file: 'sequelize-pool-nested.mjs',
    reason: 'the wait for its only connection times out',
    rules: ['recursion'],
    sets,
    env: { POOL_MAX: '1' },
    says: [/connections taken\s+programs\/\S+:24:/, /asked\s+programs\/\S+:18:/],
  },
  {
    file: 'sequelize-pool-leak.mjs',
    reason: 'one of two ways out does not give the connection back',
    rules: ['held-at-exit'],
    sets,
    says: [/connections taken\s+programs\/\S+:15:/],
  },
  {
    file: 'sequelize-pool-twice.mjs',
    reason: 'the second release of one acquire',
    rules: ['bad-release'],
    sets,
    says: [/released\s+programs\/\S+:20:/],
  },
  {
    file: 'sequelize-pool-order.mjs',
    reason: 'two pools in both orders',
    rules: ['order-cycle'],
    sets,
    says: [/write → read → write|read → write → read/],
  },
];
