import { fingerprint } from '../../lib/model/fingerprint.ts';
import { type LateUse, leaseExpired } from '../../lib/rules/lease-expired.ts';
import { at, holding, lockOf, ownerOf, place, refOf, stateOf } from './scene.ts';

const state = stateOf();
const stock = lockOf(state, 'stock');
const [p, q] = [ownerOf('p', 1), ownerOf('q', 2)];
const successor = holding(q, stock, { line: 9 });

function eventOf(more: Partial<LateUse> = {}): LateUse {
  return { owner: p, lock: stock, site: at(7), taken: at(3), expiredForMs: 250, ...more };
}

describe('lease-expired', () => {
  it('warns of a release after the end of the lease', () => {
    expect(leaseExpired(state, eventOf())).toEqual([
      {
        rule: 'lease-expired',
        severity: 'warning',
        confidence: 'possible',
        fingerprint: fingerprint('lease-expired', ['stock', 'releases', '/app/main.ts#work#7:1']),
        count: 1,
        message: 'p releases stock after its lease has run out.',
        owner: 'p',
        process: '42/1',
        sites: [place(7), place(3)],
        held: [],
        lock: refOf('stock'),
        act: 'releases',
        done: place(7),
        taken: place(3),
        expiredForMs: 250,
        successor: null,
      },
    ]);
  });

  it('is a certain error where another owner was granted the lock in between', () => {
    expect(leaseExpired(state, eventOf({ successor, held: [holding(p, stock, { line: 3 })] }))).toMatchObject([
      {
        severity: 'error',
        confidence: 'certain',
        message: 'p releases stock after its lease has run out, and q was granted it in between.',
        sites: [place(7), place(3), place(9)],
        held: [{ lock: refOf('stock'), mode: 'exclusive', site: place(3) }],
        successor: { owner: 'q', site: place(9) },
      },
    ]);
  });

  it.each([
    ['extends', 'p extends the lease of stock after it has run out.'],
    ['uses', 'p relies on stock after its lease has run out.'],
  ] as const)('says what was done: %s', (act, message) => {
    expect(leaseExpired(state, eventOf({ act }))[0]).toMatchObject({ act, message });
  });

  it('is one defect for each place, however late, and whoever it is', () => {
    const found = (more: Partial<LateUse> = {}): unknown => {
      const [{ fingerprint: name, message } = { fingerprint: '', message: '' }] = leaseExpired(state, eventOf(more));
      return [name, message];
    };
    expect(found({ expiredForMs: 99_000 })).toEqual(found());
    const named = (more: Partial<LateUse> = {}): string | undefined =>
      leaseExpired(state, eventOf(more))[0]?.fingerprint;
    expect(named({ owner: q })).toBe(named());
    expect(named({ taken: at(4) })).toBe(named());
    expect(new Set([named(), named({ site: at(8) }), named({ act: 'uses' }), named({ successor })]).size).toBe(4);
  });

  it('goes by the place where it was taken, where the other is not known', () => {
    const named = (more: Partial<LateUse>): string | undefined =>
      leaseExpired(state, eventOf({ site: null, ...more }))[0]?.fingerprint;
    expect(named({})).not.toBe(named({ taken: at(4) }));
    expect(leaseExpired(state, eventOf({ site: null, taken: null }))[0]).toMatchObject({ sites: [], done: null });
  });
});
