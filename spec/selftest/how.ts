/**
 * The lock kinds of the self-test, each with the ways in which it can be taken.
 */
import type { LockOptions, Mode } from '../../lib/index.ts';
import type { How } from './program.ts';

const how = (label: string, kind: string, mode: Mode = 'exclusive', options: LockOptions = {}): How => {
  return { label, kind, mode, options };
};

export const SPIN: How = how('spin', 'spin');
export const RAW_SPIN: How = how('raw_spin', 'raw_spin');
export const MUTEX: How = how('mutex', 'mutex');
export const RTMUTEX: How = how('rtmutex', 'rtmutex');
export const WW_MUTEX: How = how('ww_mutex', 'ww_mutex');
export const LOCAL_LOCK: How = how('local_lock', 'local_lock');
export const MAP: How = how('map', 'map');
export const RCU: How = how('rcu', 'rcu');
export const RCU_BH: How = how('rcu_bh', 'rcu_bh');
export const RCU_SCHED: How = how('rcu_sched', 'rcu_sched');

/** A lock with readers, and what its readers are where no handler is involved. */
export interface Shared {
  readonly label: string;
  readonly read: How;
  readonly write: How;
  /** True where a waiting writer does not stop a reader in a task. */
  readonly recursive: boolean;
}

const FORCED: LockOptions = { recursiveReaders: true };

/** A queued lock: its readers are plain in a task and recursive in a handler. */
export const RWLOCK: Shared = {
  label: 'rwlock with plain readers',
  read: how('rwlock plain reader', 'rwlock', 'shared'),
  write: how('rwlock writer', 'rwlock'),
  recursive: false,
};

/** What the self-test of the kernel makes of all of them: a class whose readers are recursive everywhere. */
export const RWLOCK_FORCED: Shared = {
  label: 'rwlock with readers declared recursive',
  read: how('rwlock reader, recursive by class', 'rwlock', 'shared', FORCED),
  write: how('rwlock writer', 'rwlock', 'exclusive', FORCED),
  recursive: true,
};

export const RWLOCK_ASKED: Shared = {
  label: 'rwlock with readers that ask to be recursive',
  read: how('rwlock reader, recursive as asked', 'rwlock', 'recursive-shared'),
  write: RWLOCK.write,
  recursive: true,
};

export const RWSEM: Shared = {
  label: 'rwsem',
  read: how('rwsem reader', 'rwsem', 'shared'),
  write: how('rwsem writer', 'rwsem'),
  recursive: false,
};

export const MAP_PLAIN: Shared = {
  label: 'map with plain readers',
  read: how('map plain reader', 'map', 'shared'),
  write: MAP,
  recursive: false,
};

export const MAP_RECURSIVE: Shared = {
  label: 'map with recursive readers',
  read: how('map recursive reader', 'map', 'recursive-shared'),
  write: MAP,
  recursive: true,
};

export const RWLOCKS: readonly Shared[] = [RWLOCK, RWLOCK_FORCED, RWLOCK_ASKED];

export const SHARED: readonly Shared[] = [...RWLOCKS, RWSEM, MAP_PLAIN, MAP_RECURSIVE];

export const EXCLUSIVE: readonly How[] = [
  SPIN,
  RAW_SPIN,
  MUTEX,
  RTMUTEX,
  WW_MUTEX,
  LOCAL_LOCK,
  RWLOCK.write,
  RWSEM.write,
  MAP,
];

/** Readers that a waiting writer stops: for orders they are no better than writers. */
export const PLAIN_READERS: readonly How[] = SHARED.filter(({ recursive }) => !recursive).map(({ read }) => read);

/** Readers that only a writer stops. */
export const RECURSIVE_READERS: readonly How[] = [
  ...SHARED.filter(({ recursive }) => recursive).map(({ read }) => read),
  RCU,
  RCU_BH,
  RCU_SCHED,
];
