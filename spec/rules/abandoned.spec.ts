import { fingerprint } from '../../lib/model/fingerprint.ts';
import { abandoned } from '../../lib/rules/abandoned.ts';
import { holding, lockOf, ownerOf, place, refOf, stateOf } from './scene.ts';

const state = stateOf();
const lock = lockOf(state, 'a');
const [p, q] = [ownerOf('p', 1), ownerOf('q', 2)];

describe('abandoned', () => {
  it('reports a guard that was collected before its release, and where the lock was taken', () => {
    expect(abandoned(state, { held: holding(p, lock, { line: 3 }), how: 'collected' })).toEqual([
      {
        rule: 'abandoned',
        severity: 'error',
        confidence: 'certain',
        fingerprint: fingerprint('abandoned', ['a', '/app/main.ts#work#3:1', 'collected']),
        count: 1,
        message: 'p lost the guard of a before its release: it was garbage-collected.',
        owner: 'p',
        process: '42/1',
        sites: [place(3)],
        held: [{ lock: refOf('a'), mode: 'exclusive', site: place(3) }],
        lock: refOf('a'),
        places: [{ label: 'taken', site: place(3) }],
      },
    ]);
  });

  it('reports what was granted to somebody who had given up, and where it was asked for', () => {
    const [found] = abandoned(state, { held: holding(p, lock, { line: 3 }), how: 'granted-to-nobody' });
    expect(found).toMatchObject({
      message: 'a was granted to p, which had given up waiting for it.',
      places: [{ label: 'asked', site: place(3) }],
    });
  });

  it('is one defect for each place and way, whoever it is', () => {
    const named = (owner = p, how: 'collected' | 'granted-to-nobody' = 'collected', line = 3): string | undefined =>
      abandoned(state, { held: holding(owner, lock, { line }), how })[0]?.fingerprint;
    expect(named(q)).toBe(named());
    expect(new Set([named(), named(p, 'granted-to-nobody'), named(p, 'collected', 4)]).size).toBe(3);
  });

  it('can do without the place', () => {
    expect(abandoned(state, { held: holding(p, lock), how: 'collected' })[0]).toMatchObject({
      sites: [],
      places: [{ label: 'taken', site: null }],
    });
  });
});
