import { waitContext } from '../../lib/rules/wait-context.ts';
import { asking, holding, lockOf, ownerOf, place, stateOf } from './scene.ts';

const p = ownerOf('p');

describe('wait-context', () => {
  it('names the lock that forbids it', () => {
    const state = stateOf();
    const held = [holding(p, lockOf(state, 's', 'raw_spin'), { line: 3 }), holding(p, lockOf(state, 'm'), { line: 4 })];
    const found = waitContext(state, asking(p, lockOf(state, 't', 'spin'), { held, line: 5 }));
    expect(found).toMatchObject([
      {
        rule: 'wait-context',
        wanted: 'config',
        limit: { type: 'spin', lock: { name: 's' } },
        sites: [place(5), place(3)],
      },
    ]);
  });

  it('is quiet for a try, for what is held already, and where it may wait', () => {
    const state = stateOf();
    const held = [holding(p, lockOf(state, 's', 'spin'))];
    const [m, t] = [lockOf(state, 'm'), lockOf(state, 't', 'raw_spin')];
    expect(waitContext(state, asking(p, m, { held, try: true }))).toEqual([]);
    expect(waitContext(state, { ...asking(p, m, { held }), isRetaken: true })).toEqual([]);
    expect(waitContext(state, asking(p, t, { held }))).toEqual([]);
    expect(waitContext(state, asking(p, m))).toEqual([]);
  });
});
