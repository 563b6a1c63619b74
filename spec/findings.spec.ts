import { Findings } from '../lib/findings.ts';
import type { OrderCycleViolation } from '../lib/model/violation.ts';
import { orderCycle } from '../lib/rules/order-cycle.ts';
import type { State } from '../lib/state/state.ts';
import { asking, depend, holding, locksOf, ownerOf, stateOf, witness } from './rules/scene.ts';

const [p, q] = [ownerOf('p', 1), ownerOf('q', 2)];

interface Scene {
  readonly state: State;
  readonly findings: Findings;
  /** Finds the cycle of a and b once more, gone by `owner`, and under the gate or not. */
  readonly find: (owner?: typeof p, isGated?: boolean) => OrderCycleViolation;
  /** Records the step that closes the cycle. */
  readonly record: (owner?: typeof p, isGated?: boolean) => void;
}

function scene({ isGated: isFirstGated = false } = {}): Scene {
  const state = stateOf();
  const [a, b, g] = locksOf(state, ['a', 'b', 'g']);
  depend(state, b, a, { owner: p, under: isFirstGated ? [g] : [] });
  const find = (owner = p, isGated = isFirstGated): OrderCycleViolation => {
    const held = [...(isGated ? [holding(owner, g)] : []), holding(owner, a)];
    return orderCycle(state, asking(owner, b, { held }))[0] as OrderCycleViolation;
  };
  const record = (owner = p, isGated = isFirstGated): void => {
    state.pairs.record(asking(owner, b, { held: [...(isGated ? [holding(owner, g)] : []), holding(owner, a)] }), 0);
    state.dependencies.record(a.class, b.class, witness({ owner, under: isGated ? [g] : [] }));
  };
  return { state, findings: new Findings(state), find, record };
}

describe('findings', () => {
  it('hold each distinct defect once, with a count', () => {
    const { findings, find } = scene();
    const first = find();
    expect(findings.add(first)).toEqual({ violation: first, isNew: true });
    expect(findings.add(find())).toEqual({ violation: first, isNew: false });
    expect([findings.reported, first.count]).toEqual([[first], 2]);
  });

  it('raise the confidence of a known defect to that of what was found now', () => {
    const { findings, find } = scene();
    findings.add(find(p));
    expect(findings.reported.map(({ confidence }) => confidence)).toEqual(['weak']);
    findings.add(find(q));
    expect(findings.reported.map(({ confidence }) => confidence)).toEqual(['possible']);
  });

  it('do not lower it again', () => {
    const { findings, find } = scene();
    findings.add(find(q));
    findings.add(find(p));
    expect(findings.reported.map(({ confidence }) => confidence)).toEqual(['possible']);
  });

  it('keep a gated cycle apart, and nobody hears of it', () => {
    const { findings, find, record } = scene({ isGated: true });
    const cycle = find(q);
    expect([findings.add(cycle), findings.add(find(q))]).toEqual([undefined, undefined]);
    record(q);
    expect([findings.promote([]), findings.reported, findings.guarded]).toEqual([[], [], [cycle]]);
    expect(cycle).toMatchObject({ confidence: 'guarded', count: 2 });
  });

  it('report a gated cycle once its gate was passed by', () => {
    const { findings, find, record } = scene({ isGated: true });
    const cycle = find(q);
    findings.add(cycle);
    record(q);
    record(q, false);
    expect(findings.promote([])).toEqual([{ violation: cycle, isNew: true }]);
    expect([findings.promote([]), findings.reported, findings.guarded]).toEqual([[], [cycle], []]);
    expect(cycle.confidence).toBe('possible');
    expect(findings.add(find(q))).toEqual({ violation: cycle, isNew: false });
  });
});
