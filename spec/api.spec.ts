import * as api from '../lib/index.ts';

describe('the public API', () => {
  it('exports these values and no other', () => {
    expect(Object.keys(api).sort()).toEqual([
      'Barrier',
      'BrokenBarrierError',
      'Condition',
      'DeadlockError',
      'KeyedMutex',
      'Latch',
      'LockTimeoutError',
      'Lockdep',
      'LockdepError',
      'Mutex',
      'Once',
      'Owner',
      'RwLock',
      'Semaphore',
      'WwClass',
      'createLockdep',
      'lockAll',
      'lockdep',
      'textReport',
      'watch',
    ]);
  });

  it('has no default export', () => {
    expect(api).not.toHaveProperty('default');
  });
});
