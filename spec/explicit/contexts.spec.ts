import { createLockdep } from '../../lib/lockdep.ts';
import type { ContextDefinition } from '../../lib/model/context.ts';
import type { Owner } from '../../lib/owner.ts';
import { heldNames, lineOf, locks, only } from '../state/world.ts';
import { rules, run, type Step, stateOf } from './cast.ts';

/** A handler takes the lock and gives it back. */
function use(owner: Owner, context: string, lock: Parameters<Owner['acquire']>[0]): void {
  owner.enter(context);
  owner.acquire(lock);
  owner.release(lock);
  owner.exit(context);
}

const CHANGES: [steps: Step[], state: string][] = [
  [[], ''],
  [['hardirqDisable'], 'no hardirq'],
  [['hardirqDisable', 'hardirqDisable', 'hardirqEnable'], ''],
  [['hardirqEnable'], ''],
  [['softirqDisable'], 'no softirq'],
  [['softirqDisable', 'softirqDisable', 'softirqEnable'], 'no softirq'],
  [['softirqDisable', 'softirqDisable', 'softirqEnable', 'softirqEnable'], ''],
  [['hardirqEnter'], 'in hardirq, no hardirq'],
  [['hardirqEnter', 'hardirqExit'], ''],
  [['hardirqEnter', 'hardirqEnter', 'hardirqExit'], 'in hardirq'],
  [['hardirqEnter', 'hardirqEnter', 'hardirqExit', 'hardirqExit'], ''],
  [['hardirqEnter', 'hardirqEnable'], 'in hardirq'],
  [['hardirqDisable', 'hardirqEnter', 'hardirqExit'], ''],
  [['softirqEnter'], 'no hardirq, in softirq, no softirq'],
  [['softirqEnter', 'hardirqEnable'], 'in softirq, no softirq'],
  [['softirqEnter', 'softirqExit'], ''],
  [['softirqDisable', 'softirqEnter', 'softirqExit'], 'no softirq'],
  [['hardirqDisable', 'softirqEnter', 'softirqExit'], ''],
  [['softirqEnter', 'hardirqEnter'], 'in hardirq, no hardirq, in softirq, no softirq'],
  [['softirqEnter', 'hardirqEnter', 'hardirqExit'], 'in softirq, no softirq'],
  [['hardirqDisable', 'softirqDisable', 'softirqEnable'], 'no hardirq'],
];

describe('the events of contexts', () => {
  it.each(CHANGES)('%j lead to: %s', (steps, state) => {
    const ld = createLockdep({ onViolation: 'throw' });
    run(ld.owner('p'), steps);
    expect(ld.violations).toEqual([]);
    expect(stateOf(ld.owner('p'))).toBe(state);
    expect(stateOf(ld.owner('q'))).toBe('');
  });

  it('give hard interrupts back as they were saved', () => {
    const p = createLockdep({ onViolation: 'throw' }).owner('p');
    const outer = p.irqSave();
    const inner = p.irqSave();
    expect([outer, inner, stateOf(p)]).toEqual([true, false, 'no hardirq']);
    p.irqRestore(inner);
    expect(stateOf(p)).toBe('no hardirq');
    p.irqRestore(outer);
    expect(stateOf(p)).toBe('');
    expect(() => p.irqRestore(1 as never)).toThrow(TypeError);
  });
});

/** A lock that both kinds of handlers take, and who then does what with it. */
const MARKS: [what: string, steps: (Step | 'acquire' | 'release' | 'try')[], contexts: string[]][] = [
  ['with both enabled', ['acquire', 'release'], ['hardirq', 'softirq']],
  ['by a try, which is held all the same', ['try', 'release'], ['hardirq', 'softirq']],
  ['with hardirqs off', ['hardirqDisable', 'acquire', 'release', 'hardirqEnable'], []],
  ['with softirqs off', ['softirqDisable', 'acquire', 'release', 'softirqEnable'], ['hardirq']],
  ['until hardirqs are on', ['hardirqDisable', 'acquire', 'hardirqEnable', 'release'], ['hardirq', 'softirq']],
  [
    'until hardirqs are on, softirqs being off',
    ['softirqDisable', 'hardirqDisable', 'acquire', 'hardirqEnable', 'release', 'softirqEnable'],
    ['hardirq'],
  ],
  [
    'until softirqs are on, hardirqs being off',
    ['hardirqDisable', 'softirqDisable', 'acquire', 'softirqEnable', 'release', 'hardirqEnable'],
    [],
  ],
  [
    'until softirqs are on, and then hardirqs',
    ['hardirqDisable', 'softirqDisable', 'acquire', 'softirqEnable', 'hardirqEnable', 'release'],
    ['hardirq', 'softirq'],
  ],
  [
    'until one of two softirqDisable is taken back',
    ['hardirqDisable', 'softirqDisable', 'softirqDisable', 'acquire', 'softirqEnable', 'release', 'softirqEnable'],
    [],
  ],
  ['in a hardirq that enables hardirqs', ['hardirqEnter', 'acquire', 'hardirqEnable'], ['hardirq', 'softirq']],
  ['in a softirq that enables hardirqs', ['softirqEnter', 'acquire', 'hardirqEnable'], ['hardirq']],
];

describe('a lock that handlers take', () => {
  it.each(MARKS)('and that is held %s', (_what, steps, contexts) => {
    const ld = createLockdep();
    const p = ld.owner('p');
    const [a] = locks(ld, ['a'], { kind: 'spin' });
    for (const context of ['hardirq', 'softirq']) use(p, context, a);
    expect(ld.violations).toEqual([]);
    for (const step of steps) {
      if (step === 'acquire' || step === 'release') p[step](a);
      else if (step === 'try') p.acquire(a, { try: true });
      else p[step]();
    }
    expect(ld.violations.map((one) => one.rule === 'irq-inconsistent' && one.context).toSorted()).toEqual(contexts);
  });

  it('is marked where its holder enabled the context', () => {
    const ld = createLockdep();
    const p = ld.owner('p');
    const [a] = locks(ld, ['a'], { kind: 'spin' });
    use(p, 'hardirq', a);
    p.hardirqDisable();
    p.acquire(a);
    p.hardirqEnable(); // enabled
    const { enabled, used } = only(ld, 'irq-inconsistent');
    expect([enabled.site?.line, enabled.owner, used.owner]).toEqual([lineOf(__filename, 'enabled'), 'p', 'p']);
    p.hardirqEnable();
    expect(only(ld, 'irq-inconsistent').count).toBe(1);
  });

  it('is not used in a handler by a try', () => {
    const ld = createLockdep();
    const p = ld.owner('p');
    const [a] = locks(ld, ['a'], { kind: 'spin' });
    p.hardirqEnter();
    p.acquire(a, { try: true });
    p.release(a);
    p.hardirqExit();
    p.acquire(a);
    expect(rules(ld)).toEqual([]);
  });

  it('blocks the handler that takes it from its own owner', () => {
    const ld = createLockdep();
    const p = ld.owner('p');
    const [a] = locks(ld, ['a'], { kind: 'spin' });
    p.acquire(a);
    p.hardirqEnter();
    p.acquire(a);
    expect(rules(ld).toSorted()).toEqual(['irq-inconsistent', 'recursion']);
  });

  it('has no order with what the interrupted code holds', () => {
    const ld = createLockdep();
    const p = ld.owner('p');
    const [a, b] = locks(ld, ['a', 'b'], { kind: 'spin' });
    p.acquire(a);
    use(p, 'hardirq', b);
    p.release(a);
    p.hardirqDisable();
    p.acquire(b);
    expect(ld.graph().edgeCount()).toBe(0);
    p.acquire(a);
    expect([ld.graph().edgeCount(), rules(ld)]).toEqual([1, ['irq-order']]);
  });
});

describe('a handler that ends', () => {
  const LEFT: [context: string, options: ContextDefinition[]][] = [
    ['hardirq', []],
    ['softirq', []],
    ['signal', [{ name: 'signal' }]],
  ];

  it.each(LEFT)('as %s leaves no lock behind', (context, contexts) => {
    const ld = createLockdep({ contexts });
    const p = ld.owner('p');
    const [a, b, c] = locks(ld, ['a', 'b', 'c'], { kind: 'raw_spin' });
    p.disable(context);
    p.acquire(a);
    p.enter(context);
    p.acquire(b, { try: true });
    p.acquire(c, { try: true });
    p.release(b);
    p.exit(context);
    const { message, lock } = only(ld, 'held-at-exit');
    expect([message, lock.name]).toEqual([`p left ${context} with c held.`, 'c']);
    expect(heldNames(p)).toContain('a');
  });

  it.each(LEFT)('as %s without any is no finding', (context, contexts) => {
    const ld = createLockdep({ contexts });
    const [a, b] = locks(ld, ['a', 'b'], { kind: 'raw_spin' });
    ld.owner('p').acquire(a);
    use(ld.owner('p'), context, b);
    expect(rules(ld)).toEqual([]);
  });
});
