import { LOCK_KINDS } from '../../lib/model/kind.ts';

describe('the kinds of locks', () => {
  it('are known by their name', () => {
    expect([...LOCK_KINDS].filter(([name, kind]) => name !== kind.name)).toEqual([]);
    expect(LOCK_KINDS.get('toString')).toBeUndefined();
  });

  it.each(['mutex', 'rtmutex', 'spin', 'raw_spin'])('have one writer and no readers: %s', (name) => {
    expect(LOCK_KINDS.get(name)).toMatchObject({ counting: false, readers: 'none' });
  });

  it.each(['rwlock', 'rwsem'])('have readers that a waiting writer stops: %s', (name) => {
    expect(LOCK_KINDS.get(name)).toMatchObject({ counting: false, readers: 'plain' });
  });

  it.each(['semaphore', 'limiter'])('count units: %s', (name) => {
    expect(LOCK_KINDS.get(name)).toMatchObject({ counting: true, readers: 'none' });
  });
});
