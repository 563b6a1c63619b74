import { heldReinit } from '../../lib/rules/held-reinit.ts';
import type { LifeEvent } from '../../lib/rules/lifetime.ts';
import type { State } from '../../lib/state/state.ts';
import { at, holding, lockOf, ownerOf, place, stateOf } from './scene.ts';

function scene(): { state: State; event: LifeEvent } {
  const state = stateOf();
  const a = lockOf(state, 'a');
  const holder = holding(ownerOf('q', 2), a, { line: 3 });
  return { state, event: { owner: ownerOf('p'), lock: a, act: 'init', held: [], holder, site: at(5) } };
}

describe('held-reinit', () => {
  it('is reported', () => {
    const { state, event } = scene();
    expect(heldReinit(state, event)).toMatchObject([
      {
        rule: 'held-reinit',
        severity: 'error',
        confidence: 'certain',
        message: 'p initialises a, which q holds.',
        owner: 'p',
      },
    ]);
    expect(heldReinit(state, event)[0]?.sites[0]).toEqual(place(5));
  });

  it('is quiet elsewhere', () => {
    const { state, event } = scene();
    const others: Partial<LifeEvent>[] = [
      { act: 'destroy' },
      { act: 'acquire' },
      { act: 'release' },
      { holder: undefined },
    ];
    for (const other of others) expect(heldReinit(state, { ...event, ...other })).toEqual([]);
  });
});
