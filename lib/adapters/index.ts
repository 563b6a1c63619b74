/**
 * The libraries that are watched. A new one is a new file and a row here.
 */
import type { Adapter, BuiltinAdapter } from './adapter.ts';
import { asyncLock } from './async-lock.ts';
import { asyncMutex } from './async-mutex.ts';
import { asyncRwlock } from './async-rwlock.ts';
import { asyncSema } from './async-sema.ts';
import { awaitLock } from './await-lock.ts';
import { bottleneck } from './bottleneck.ts';
import { channels } from './channels.ts';
import { genericPool } from './generic-pool.ts';
import { knex } from './knex.ts';
import { matrixaiAsyncLocks } from './matrixai-async-locks.ts';
import { mortice } from './mortice.ts';
import { mysql2 } from './mysql2.ts';
import { pLimit } from './p-limit.ts';
import { pQueue } from './p-queue.ts';
import { pg, pgPool } from './pg.ts';
import { pglite } from './pglite.ts';
import { properLockfile } from './proper-lockfile.ts';
import { redlock } from './redlock.ts';
import { semaphoreAsyncAwait } from './semaphore-async-await.ts';
import { sequelizePool } from './sequelize-pool.ts';
import { tarn } from './tarn.ts';
import { webLocks } from './web-locks.ts';

export const ADAPTERS: readonly Adapter[] = [
  asyncLock,
  asyncMutex,
  asyncRwlock,
  asyncSema,
  awaitLock,
  bottleneck,
  genericPool,
  knex,
  matrixaiAsyncLocks,
  mortice,
  mysql2,
  pg,
  pglite,
  pgPool,
  pLimit,
  pQueue,
  properLockfile,
  redlock,
  semaphoreAsyncAwait,
  sequelizePool,
  tarn,
];

/** What the runtime itself publishes. */
export const BUILTINS: readonly BuiltinAdapter[] = [channels, webLocks];
