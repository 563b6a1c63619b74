import { createLockdep, textReport } from '../../lib/index.ts';
import { locks, nest } from '../state/world.ts';

describe('the report in one call', () => {
  it('is that of all snapshots together', () => {
    const [one, other] = [createLockdep({ process: '1' }), createLockdep({ process: '2' })];
    nest(one.owner('p'), locks(one, ['a', 'b']));
    nest(other.owner('q'), locks(other, ['b', 'a']));
    const ending = { ending: 'drained' } as const;
    expect(textReport(one.snapshot(ending))).toMatch(/no violations/);
    expect(textReport(one.snapshot({ ...ending, pid: 1 }), other.snapshot({ ...ending, pid: 2 }))).toMatch(
      /order-cycle/,
    );
  });
});
