import { contextImbalance } from '../../lib/rules/context-imbalance.ts';
import type { Context } from '../../lib/state/contexts.ts';
import { at, ownerOf, place, stateOf } from './scene.ts';

describe('context-imbalance', () => {
  it('says what was left or enabled, and tells the two apart', () => {
    const state = stateOf();
    const context = state.contexts.find('softirq') as Context;
    const event = { owner: ownerOf('p'), held: [], context, site: at(5) };
    const found = (['left', 'enabled'] as const).flatMap((act) => contextImbalance(state, { ...event, act }));
    expect(found.map(({ message }) => message)).toEqual([
      'p leaves softirq, which it has not entered.',
      'p enables softirq more often than it disabled it.',
    ]);
    expect(new Set(found.map(({ fingerprint }) => fingerprint)).size).toBe(2);
    expect(found[0]?.sites).toEqual([place(5)]);
  });
});
