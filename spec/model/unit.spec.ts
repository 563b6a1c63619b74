import { isPool, shareOf, unitOf } from '../../lib/model/unit.ts';

const [pool, semaphore] = [
  { kind: 'pool', name: 'db' },
  { kind: 'semaphore', name: 'slots' },
];

describe('what is said of units', () => {
  it('those of a pool are connections', () => {
    expect([unitOf(pool), unitOf(semaphore)]).toEqual(['connection', 'unit']);
    expect([isPool(pool), isPool(semaphore)]).toEqual([true, false]);
  });

  it('whoever holds part of a pool holds a connection of it', () => {
    expect([shareOf(pool), shareOf(semaphore)]).toEqual(['a connection of db', 'slots']);
  });

  it('the name can be the one that it has in a report', () => {
    expect(shareOf(pool, 'db (store.ts:3)')).toBe('a connection of db (store.ts:3)');
  });
});
