import { noOwner } from '../../lib/rules/no-owner.ts';
import { at, lockOf, place, stateOf } from './scene.ts';

describe('no-owner', () => {
  it.each(['taken', 'released'] as const)('is reported of what is %s', (act) => {
    const state = stateOf();
    expect(noOwner(state, { lock: lockOf(state, 'a'), act, site: at(5) })).toMatchObject([
      { rule: 'no-owner', message: `a is ${act} where no owner is known.`, sites: [place(5)], held: [] },
    ]);
  });
});
