import { stepKey } from '../../lib/state/chains.ts';
import { lockOf, NOW, stateOf } from '../rules/scene.ts';

describe('the state', () => {
  it('keeps what it was told', () => {
    const state = stateOf('kernel');
    expect([state.profile, state.process, state.now(), state.chains.limit, state.instances.limit]).toEqual([
      'kernel',
      '42/1',
      NOW,
      100,
      100,
    ]);
  });

  it('has seen nothing at first', () => {
    const state = stateOf();
    expect([state.classes.all.length, state.dependencies.size, state.chains.size, state.acquisitions().size]).toEqual([
      0, 0, 0, 0,
    ]);
  });

  it('counts the acquisitions of a class over all chains that end with it', () => {
    const state = stateOf();
    const [a, b] = [lockOf(state, 'a').class, lockOf(state, 'b').class];
    const first = state.chains.add(state.chains.root, stepKey(a, 'exclusive', false), a);
    const nested = state.chains.add(first, stepKey(b, 'exclusive', false), b);
    const alone = state.chains.add(state.chains.root, stepKey(b, 'exclusive', true), b);
    first.hits = 5;
    nested.hits = 3;
    alone.hits = 4;
    expect(state.acquisitions()).toEqual(
      new Map([
        [a, 5],
        [b, 7],
      ]),
    );
  });
});
