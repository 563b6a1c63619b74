import { assertMaySleep } from '../../lib/rules/assert-may-sleep.ts';
import { sleepWhileHeld } from '../../lib/rules/sleep-while-held.ts';
import { at, holding, lockOf, ownerOf, place, stateOf, TASK } from './scene.ts';

const p = ownerOf('p');
const CLAIM = { owner: p, situation: TASK, site: at(5) };
const SLEEP = { ...CLAIM, act: 'may-sleep' as const, isStrict: false };

describe.each(['spin', 'raw_spin', 'rwlock', 'rcu'])('under a %s', (kind) => {
  const state = stateOf();
  const held = [holding(p, lockOf(state, 's', kind), { line: 3 }), holding(p, lockOf(state, 'm'))];

  it('nobody may sleep', () => {
    const sites = [place(5), place(3)];
    expect(assertMaySleep(state, { ...CLAIM, held })).toMatchObject([{ rule: 'assert-may-sleep', sites }]);
    expect(sleepWhileHeld(state, { ...SLEEP, held })).toMatchObject([{ rule: 'sleep-while-held', sites }]);
  });
});

describe.each(['mutex', 'rwsem', 'semaphore', 'map'])('under a %s', (kind) => {
  const state = stateOf();
  const held = [holding(p, lockOf(state, 'm', kind), { line: 3 })];

  it('everybody may sleep, and send no message unless nobody is kept out', () => {
    expect(assertMaySleep(state, { ...CLAIM, held })).toEqual([]);
    expect(sleepWhileHeld(state, { ...SLEEP, held })).toEqual([]);
    expect(sleepWhileHeld(state, { ...SLEEP, isStrict: true, held })).toHaveLength(kind === 'map' ? 0 : 1);
  });
});
