import { cycleConfidence, refreshConfidence } from '../../lib/rules/confidence.ts';
import { orderCycle } from '../../lib/rules/order-cycle.ts';
import { recursion } from '../../lib/rules/recursion.ts';
import { asking, depend, holding, lockOf, locksOf, ownerOf, stateOf } from './scene.ts';

const [p, q] = [ownerOf('p', 1), ownerOf('q', 2)];

describe('the confidence of a cycle', () => {
  const by = (...owners: unknown[]): { owner: unknown }[] => owners.map((owner) => ({ owner }));

  it.each([
    ['weak', 'one owner went all its ways', [by(p), by(p)]],
    ['weak', 'one owner went all its ways, one of them in several kinds', [by(p, p), by(p)]],
    ['possible', 'two owners went one way each', [by(p), by(q)]],
    ['possible', 'a second owner went one of its ways too', [by(p), by(p, q)]],
  ] as const)('is %s if %s', (confidence, _, edges) => {
    expect(cycleConfidence(edges)).toBe(confidence);
  });

  it('is that of all witnesses of its dependencies', () => {
    const state = stateOf();
    const [a, b] = locksOf(state, ['a', 'b']);
    depend(state, b, a, { owner: p });
    const ask = asking(p, b, { held: [holding(p, a)] });
    expect(orderCycle(state, ask)[0]?.confidence).toBe('weak');
    depend(state, b, a, { owner: q });
    expect(orderCycle(state, ask)[0]?.confidence).toBe('possible');
  });

  it('rises when a second owner comes, and does not fall', () => {
    const state = stateOf();
    const [a, b] = locksOf(state, ['a', 'b']);
    depend(state, b, a, { owner: p });
    const found = orderCycle(state, asking(p, b, { held: [holding(p, a)] }));
    depend(state, a, b, { owner: p });
    refreshConfidence(state, found);
    expect(found[0]?.confidence).toBe('weak');
    depend(state, a, b, { owner: q });
    refreshConfidence(state, found);
    expect(found[0]?.confidence).toBe('possible');
    refreshConfidence(stateOf(), found);
    expect(found[0]?.confidence).toBe('possible');
  });
});

describe('the confidence of nested instances', () => {
  /** A warning about two accounts, and a way to nest any two of them. */
  function scene() {
    const state = stateOf();
    const accounts = Array.from({ length: 16 }, () => lockOf(state, 'account'));
    const nest = (held: number, wanted: number): void => {
      state.instances.record(accounts[held] as (typeof accounts)[0], accounts[wanted] as (typeof accounts)[0]);
    };
    const [one, other] = accounts as [(typeof accounts)[0], (typeof accounts)[0]];
    const found = recursion(state, asking(p, other, { held: [holding(p, one)] }));
    const confidence = (): unknown => {
      refreshConfidence(state, found);
      return found[0]?.confidence;
    };
    return { nest, confidence };
  }

  it('is possible as long as little was seen', () => {
    const { nest, confidence } = scene();
    expect(confidence()).toBe('possible');
    nest(0, 1);
    expect(confidence()).toBe('possible');
  });

  it('is guarded once the code shows that it sorts them', () => {
    const { nest, confidence } = scene();
    for (let held = 0; held < 5; held++) {
      for (let wanted = held + 1; wanted < 5; wanted++) nest(held, wanted);
    }
    expect(confidence()).toBe('guarded');
  });

  it('stays possible for pairs that have no instance in common: no order of theirs would contradict another', () => {
    const { nest, confidence } = scene();
    for (let one = 0; one < 16; one += 4) {
      nest(one, one + 1);
      nest(one + 3, one + 2);
    }
    expect(confidence()).toBe('possible');
  });

  it('stays certain for one and the same instance', () => {
    const state = stateOf();
    const lock = lockOf(state, 'account');
    const found = recursion(state, asking(p, lock, { held: [holding(p, lock)] }));
    refreshConfidence(state, found);
    expect(found.map((one) => one.confidence)).toEqual(['certain']);
  });
});
