import { assertContext } from '../../lib/rules/assert-context.ts';
import type { Context } from '../../lib/state/contexts.ts';
import { at, ownerOf, stateOf, TASK } from './scene.ts';

describe('assert-context', () => {
  const state = stateOf();
  const context = state.contexts.find('hardirq') as Context;
  const task = { owner: ownerOf('p'), held: [], situation: TASK, site: at(5), context };
  const inside = { ...task, situation: { ...TASK, inside: [context], disabled: [context], open: [] } };
  const EXPECTED = [
    ['enabled', true, false, 'p runs with hardirq disabled, not enabled.'],
    ['disabled', false, true, 'p runs with hardirq enabled, not disabled.'],
    ['in', false, true, 'p runs with hardirq not entered.'],
    ['not-in', true, false, 'p runs with hardirq entered.'],
  ] as const;

  it.each(EXPECTED)('%s', (expected, inTask, inHandler, message) => {
    const known = { ...task, context: TASK.open[0] ?? context };
    expect(assertContext(state, { ...known, expected }).length === 0).toBe(inTask);
    expect(assertContext(state, { ...inside, expected }).length === 0).toBe(inHandler);
    const wrong = [task, inside].flatMap((claim) => assertContext(state, { ...claim, expected }));
    expect(wrong.map((one) => one.message)).toEqual([message]);
  });
});
