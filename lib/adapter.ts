/**
 * `lockdep/adapter`: what an adapter of one's own is made with.
 */
export type { Adapter, Exports, NewLock, Watcher } from './adapters/adapter.ts';
export { defineAdapter } from './adapters/adapter.ts';
export { likeOriginal, replaceMethod, watchConstructor, whenOver } from './adapters/calls.ts';
export type { KeyedLocks } from './adapters/keyed-locks.ts';
export type { GrantOptions, Hearing } from './adapters/promised.ts';
export type { LockRequest, RequestDescription } from './adapters/request.ts';
