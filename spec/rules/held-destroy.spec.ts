import { heldDestroy } from '../../lib/rules/held-destroy.ts';
import type { LifeEvent } from '../../lib/rules/lifetime.ts';
import type { State } from '../../lib/state/state.ts';
import { at, holding, lockOf, ownerOf, place, stateOf } from './scene.ts';

function scene(): { state: State; event: LifeEvent } {
  const state = stateOf();
  const a = lockOf(state, 'a');
  const holder = holding(ownerOf('q', 2), a, { line: 3 });
  return { state, event: { owner: ownerOf('p'), lock: a, act: 'destroy', held: [], holder, site: at(5) } };
}

describe('held-destroy', () => {
  it('is reported', () => {
    const { state, event } = scene();
    expect(heldDestroy(state, event)).toMatchObject([
      {
        rule: 'held-destroy',
        severity: 'error',
        confidence: 'certain',
        message: 'p destroys a, which q holds.',
        owner: 'p',
      },
    ]);
    expect(heldDestroy(state, event)[0]?.sites[0]).toEqual(place(5));
  });

  it('is quiet elsewhere', () => {
    const { state, event } = scene();
    const others: Partial<LifeEvent>[] = [
      { act: 'init' },
      { act: 'acquire' },
      { act: 'release' },
      { holder: undefined },
    ];
    for (const other of others) expect(heldDestroy(state, { ...event, ...other })).toEqual([]);
  });
});
