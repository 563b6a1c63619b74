import type { LifeEvent } from '../../lib/rules/lifetime.ts';
import { uninitialised } from '../../lib/rules/uninitialised.ts';
import type { State } from '../../lib/state/state.ts';
import { at, lockOf, ownerOf, place, stateOf } from './scene.ts';

function scene(): { state: State; event: LifeEvent } {
  const state = stateOf();
  const a = lockOf(state, 'a');
  a.lifetime = 'uninitialised';
  const holder = undefined;
  return { state, event: { owner: ownerOf('p'), lock: a, act: 'acquire', held: [], holder, site: at(5) } };
}

describe('uninitialised', () => {
  it('is reported', () => {
    const { state, event } = scene();
    expect(uninitialised(state, event)).toMatchObject([
      {
        rule: 'uninitialised',
        severity: 'error',
        confidence: 'certain',
        message: 'p takes a, which was never initialised.',
        owner: 'p',
      },
    ]);
    expect(uninitialised(state, event)[0]?.sites[0]).toEqual(place(5));
  });

  it('is quiet elsewhere', () => {
    const { state, event } = scene();
    const others: Partial<LifeEvent>[] = [{ act: 'init' }];
    for (const other of others) expect(uninitialised(state, { ...event, ...other })).toEqual([]);
  });

  it('is quiet where the lock is ready', () => {
    const { state, event } = scene();
    event.lock.lifetime = 'ready';
    expect(uninitialised(state, event)).toEqual([]);
  });
});
