/**
 * Libraries of locks that are known and have no adapter: a program that loads one is told that it is not watched.
 */
export const UNWATCHED: readonly string[] = [
  'async-cond-lock',
  'async-mutex-lite',
  'await-semaphore',
  'live-mutex',
  'lock',
  'locks',
  'mutexify',
  'p-mutex',
  'promise-pool-executor',
  'redis-semaphore',
  'rwlock',
  'semaphore',
  'semaphore-promise',
];
