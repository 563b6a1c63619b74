import type { LibraryRow } from '../row.ts';

export const rows: readonly LibraryRow[] = [
  {
    file: 'mysql2-clean.mjs',
    with: ['mysql2-server.mjs'],
    reason: 'promises and callbacks, limits, errors and lost connections are all that a pool is for',
    rules: [],
  },
  {
    file: 'mysql2-nested.mjs',
    with: ['mysql2-server.mjs'],
    reason: 'pool.query() while a connection of the pool is held',
    rules: ['pool-nesting'],
    says: [/pool, 5 /, /pool taken\s+programs\/\S+:10:/, /pool asked\s+programs\/\S+:13:/],
  },
  {
    file: 'mysql2-callbacks.mjs',
    with: ['mysql2-server.mjs'],
    reason: 'the same by callbacks, on connections that somebody else has made',
    rules: ['pool-nesting'],
    says: [/login#\d/, /sessions taken\s+programs\/\S+:26:/, /sessions asked\s+programs\/\S+:17:/],
  },
  {
    file: 'mysql2-recursion.mjs',
    with: ['mysql2-server.mjs'],
    reason: 'nobody else can give it the only connection, and the program has run out of work',
    rules: ['recursion'],
    allowed: ['stalled', 'deadlock'],
    says: [/db taken\s+programs\/\S+:24:/, /db asked\s+programs\/\S+:31:/],
  },
  {
    file: 'mysql2-leak.mjs',
    with: ['mysql2-server.mjs'],
    reason: 'a connection is not given back where the statement is wrong',
    rules: ['held-at-exit'],
    says: [/ended with a connection of pool held/, /pool taken\s+programs\/\S+:24:/],
  },
  {
    file: 'mysql2-twice.mjs',
    with: ['mysql2-server.mjs'],
    reason: 'a connection that is free is put among the free ones again',
    rules: ['bad-release'],
    says: [/releases a connection of pool, which nobody holds/, /released\s+programs\/\S+:10:/],
  },
  {
    file: 'mysql2-order.mjs',
    with: ['mysql2-server.mjs'],
    reason: 'the pools of a cluster in both orders',
    rules: ['order-cycle'],
    says: [/taken\s+programs\/\S+:20:/, /asked\s+programs\/\S+:21:/],
  },
  {
    file: 'mysql2-promisified.mjs',
    with: ['mysql2-server.mjs'],
    reason: 'the same by callbacks that resolve promises: whoever waits for those has the connections',
    rules: ['order-cycle'],
    says: [/taken\s+programs\/\S+:13:13/, /by take#\d, once/],
  },
  {
    file: 'mysql2-server-clean.mjs',
    reason: 'the same with a real server',
    rules: [],
    server: 'mysql',
  },
  {
    file: 'mysql2-server-hangs.mjs',
    reason: 'all connections are held by transactions that ask for one more, and the sockets keep the process alive',
    rules: ['pool-nesting'],
    warnings: ['stalled'],
    server: 'mysql',
    says: [/pool-nesting {3}pool, 2 connections/, /pool taken\s+programs\/\S+:8:/, /pool asked\s+programs\/\S+:11:/],
  },
];
