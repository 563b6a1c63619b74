import * as api from '../lib/index.ts';

describe('the public API', () => {
  it('exports these values and no other', () => {
    expect(Object.keys(api).sort()).toEqual([
      'Lockdep',
      'LockdepError',
      'Owner',
      'WwClass',
      'createLockdep',
      'textReport',
    ]);
  });

  it('has no default export', () => {
    expect(api).not.toHaveProperty('default');
  });
});
