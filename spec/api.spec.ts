import * as api from '../lib/index.ts';

describe('the public API', () => {
  it('exports these values and no other', () => {
    expect(Object.keys(api).sort()).toEqual([
      'Barrier',
      'BrokenBarrierError',
      'CannotBlockError',
      'Condition',
      'DeadlockError',
      'IrqLevelLock',
      'KeyedMutex',
      'Latch',
      'LevelOrderError',
      'LockTimeoutError',
      'Lockdep',
      'LockdepError',
      'Mutex',
      'NotHolderError',
      'Once',
      'OwnedLock',
      'OwnedLockError',
      'Owner',
      'OwnerDiedError',
      'ParkingMutex',
      'QueuedSpinLock',
      'RawSpinLock',
      'RecursiveLockError',
      'RwLock',
      'RwSpinLock',
      'Semaphore',
      'SharedCondition',
      'SharedLazy',
      'SharedOnce',
      'SharedRwLock',
      'SharedSemaphore',
      'SpinLock',
      'TicketLock',
      'WwClass',
      'createLockdep',
      'lockAll',
      'lockdep',
      'racyInit',
      'setThreadPriority',
      'sharedLocksReady',
      'textReport',
      'watch',
    ]);
  });

  it('has no default export', () => {
    expect(api).not.toHaveProperty('default');
  });
});
