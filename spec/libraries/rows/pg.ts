import type { LibraryRow } from '../row.ts';

const FAKE = ['pg-fake.mjs'];
const SERVER = ['pg-server.mjs'];

/** Programs that need a pool and no server. */
const pools: readonly LibraryRow[] = [
  {
    file: 'pg-pool-clean.mjs',
    with: FAKE,
    reason: 'contention, errors, time-outs, callbacks, a second release that throws: all as it should be',
    rules: [],
  },
  {
    file: 'pg-pool-nested.mjs',
    with: FAKE,
    reason: 'a helper queries the pool inside of a transaction: found at the first nesting, long before it hangs',
    rules: ['pool-nesting'],
    says: [/pool, 5 connections/, /pg-pool-nested\.mjs:13:29/, /pg-pool-nested\.mjs:9:14/],
  },
  {
    file: 'pg-pool-hangs.mjs',
    with: FAKE,
    reason: 'the same with as many transactions as there are clients',
    rules: ['pool-nesting'],
    allowed: ['stalled', 'deadlock'],
    code: 13,
    says: [/pg-pool-hangs\.mjs:8:29/, /pg-pool-hangs\.mjs:11:14/],
  },
  {
    file: 'pg-pool-one.cjs',
    reason: 'the only client of pg-pool is held and asked for again, with callbacks',
    rules: ['recursion'],
    allowed: ['stalled', 'deadlock'],
    says: [/pool, its only connection/, /pg-pool-one\.cjs:20:6/, /pg-pool-one\.cjs:23:10/],
  },
  {
    file: 'pg-pool-leak.mjs',
    with: FAKE,
    reason: 'an early return keeps the client',
    rules: ['held-at-exit'],
    says: [/find#1 ended with a connection of pool held/, /pg-pool-leak\.mjs:8:29/],
  },
  {
    file: 'pg-pool-order.mjs',
    with: FAKE,
    reason: 'two pools in both orders',
    rules: ['order-cycle'],
    says: [/replica → primary → replica/, /pg-pool-order\.mjs:17:17/, /pg-pool-order\.mjs:10:30/],
  },
  {
    file: 'pg-pool-callbacks.cjs',
    reason: 'the nesting with callbacks, which run as whoever asked; the releases before it are nobody else’s nesting',
    rules: ['pool-nesting'],
    says: [/pg-pool-callbacks\.cjs:22:8/, /pg-pool-callbacks\.cjs:24:12/],
  },
  {
    file: 'pg-pool-behaviour.mjs',
    with: FAKE,
    reason:
      'promises of another class, a frozen pool, clients that grow old, errors that nobody handles: all as without us',
    rules: [],
  },
  {
    file: 'pg-pool-gives-up.mjs',
    with: FAKE,
    reason: 'a time-out hides the nesting',
    rules: ['pool-nesting'],
    says: [/pg-pool-gives-up\.mjs:11:29/, /pg-pool-gives-up\.mjs:14:16/],
  },
];

/** Programs with sockets: they bring a server along, and run against a real one too. */
const sessions: readonly LibraryRow[] = [
  {
    file: 'pg-advisory-clean.mjs',
    reason: 'sessions that take again what they have, attempts, readers, transactions, comments, ends of sessions',
    rules: [],
  },
  {
    file: 'pg-client-behaviour.mjs',
    reason: 'queries give the same promises, in the same turn, in the same order, and the same errors',
    rules: [],
  },
  {
    file: 'pg-advisory-order.mjs',
    reason: 'two keys in both orders, held to the end of transactions',
    rules: ['order-cycle'],
    says: [/pg_advisory_lock\(thread\) → pg_advisory_lock\(7001\)/, /pg-advisory-order\.mjs:23:41/, /:24:39/],
  },
  {
    file: 'pg-advisory-keys.mjs',
    reason: 'two keys of one pattern in both orders',
    rules: ['recursion'],
    says: [/pg_advisory_lock\[\*\]/, /pg-advisory-keys\.mjs:11:16/, /pg-advisory-keys\.mjs:12:16/],
  },
  {
    file: 'pg-advisory-wrong-session.mjs',
    reason: 'given back over another client than the one that took it',
    rules: ['bad-release'],
    says: [/pg_advisory_lock\(42\)/, /pg-advisory-wrong-session\.mjs:12:31/],
  },
  {
    file: 'pg-advisory-leak.mjs',
    reason: 'the client goes back to the pool with the lock of its session',
    rules: ['held-at-exit'],
    says: [/migrate#1 ended with pg_advisory_lock\(migrations\) held/, /pg-advisory-leak\.mjs:11:18/],
  },
  {
    file: 'pg-advisory-mutex.mjs',
    reason: 'a key and a mutex in both orders',
    rules: ['order-cycle'],
    says: [/pg_advisory_lock\(1, 2\) → cache/, /pg-advisory-mutex\.mjs:20:15/, /pg-advisory-mutex\.mjs:13:18/],
  },
  {
    file: 'pg-advisory-hangs.mjs',
    reason: 'two sessions of one flow: the server sees no deadlock, since it sees no flow',
    rules: ['deadlock', 'recursion'],
    allowed: ['order-cycle'],
    says: [/pg-advisory-hangs\.mjs:15:16/, /pg-advisory-hangs\.mjs:10:14/],
  },
  {
    file: 'pg-pool-sockets.mjs',
    reason: 'all clients are held by transactions that ask for one more, and the sockets keep the process alive',
    rules: ['pool-nesting'],
    warnings: ['stalled'],
    says: [/pool-nesting {3}pool, 2 connections/, /pg-pool-sockets\.mjs:10:29/, /pg-pool-sockets\.mjs:13:14/],
  },
];

export const rows: readonly LibraryRow[] = [
  ...pools,
  ...sessions.map((row) => ({ ...row, with: SERVER })),
  ...sessions.map((row): LibraryRow => ({ ...row, with: SERVER, server: 'postgres' })),
];
