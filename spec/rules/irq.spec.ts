import { irqInconsistent } from '../../lib/rules/irq-inconsistent.ts';
import { irqInversion } from '../../lib/rules/irq-inversion.ts';
import { irqOrder } from '../../lib/rules/irq-order.ts';
import type { LockInstance } from '../../lib/state/classes.ts';
import type { Context } from '../../lib/state/contexts.ts';
import type { State } from '../../lib/state/state.ts';
import type { Usage, UsageForm, UsageKind } from '../../lib/state/usage.ts';
import { asking, at, depend, holding, locksOf, ownerOf, stateOf } from './scene.ts';

const p = ownerOf('p');

function usage(state: State, lock: LockInstance, kind: UsageKind, form: UsageForm = 'write', name = 'hardirq'): Usage {
  const context = state.contexts.find(name) as Context;
  return { class: lock.class, context, usage: kind, form };
}

function mark(state: State, seen: Usage): void {
  state.usages.record({ ...seen, owner: p, site: at(1), broke: false });
}

const PAIRS: [first: UsageForm, second: UsageForm, count: number][] = [
  ['write', 'write', 1],
  ['write', 'read', 1],
  ['read', 'write', 1],
  ['read', 'read', 0],
];

describe('irq-inconsistent', () => {
  it.each(PAIRS)('%s, and then %s: %i findings', (first, second, count) => {
    for (const [one, other] of [
      ['used-in', 'enabled'],
      ['enabled', 'used-in'],
    ] as const) {
      const state = stateOf();
      const [a, b] = locksOf(state, ['a', 'b']);
      mark(state, usage(state, a, one, first));
      const judge = (now: Usage): number =>
        irqInconsistent(state, { owner: p, held: [], usages: [now], site: at(5) }).length;
      expect(judge(usage(state, a, other, second))).toBe(count);
      expect(judge(usage(state, a, other, second, 'softirq'))).toBe(0);
      expect(judge(usage(state, b, other, second))).toBe(0);
    }
  });
});

describe('irq-inversion', () => {
  it.each(['used-in', 'enabled'] as const)('is found over an old path by what is new: %s', (kind) => {
    const state = stateOf();
    const [a, b, c] = locksOf(state, ['a', 'b', 'c']);
    depend(state, a, b);
    depend(state, b, c);
    const [safe, unsafe] = [usage(state, a, 'used-in'), usage(state, c, 'enabled')];
    const [known, now] = kind === 'used-in' ? [unsafe, safe] : [safe, unsafe];
    mark(state, known);
    const [found] = irqInversion(state, { owner: p, held: [], usages: [now], site: at(5) });
    expect([found?.safe.name, found?.unsafe.name, found?.path.length]).toEqual(['a', 'c', 2]);
    const wrongWay = { ...now, class: b.class, usage: known.usage };
    expect(irqInversion(state, { owner: p, held: [], usages: [wrongWay], site: at(5) })).toEqual([]);
  });
});

describe('irq-order', () => {
  it('is found by a new dependency from safe to unsafe, and not the other way', () => {
    const state = stateOf();
    const [a, b] = locksOf(state, ['a', 'b']);
    mark(state, usage(state, a, 'used-in'));
    mark(state, usage(state, b, 'enabled'));
    const found = irqOrder(state, asking(p, b, { held: [holding(p, a)] }));
    expect(found.map(({ message }) => message)).toEqual([
      'p asks for b while holding a; hardirq takes a, and b is held with hardirq enabled.',
    ]);
    expect(irqOrder(state, asking(p, a, { held: [holding(p, b)] }))).toEqual([]);
    expect(irqOrder(state, asking(p, b, { held: [holding(p, a)], try: true }))).toEqual([]);
  });
});
