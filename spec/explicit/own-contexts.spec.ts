import { createLockdep, type Lockdep } from '../../lib/lockdep.ts';
import type { ContextDefinition } from '../../lib/model/context.ts';
import type { Owner } from '../../lib/owner.ts';
import type { LockInstance } from '../../lib/state/classes.ts';
import { locks } from '../state/world.ts';
import { rules } from './cast.ts';

const LEVELS = [0, 1, 2, 3, 4, 5, 6, 7];
/** Level 0 is the most urgent: a handler keeps out its own level and the less urgent ones. */
const IRQS: ContextDefinition[] = LEVELS.map((level) => ({
  name: `irq${level}`,
  limit: 'spin',
  masks: LEVELS.slice(level).map((one) => `irq${one}`),
}));

function use(owner: Owner, context: string, lock: LockInstance): void {
  owner.enter(context);
  owner.acquire(lock);
  owner.release(lock);
  owner.exit(context);
}

describe('interrupt levels', () => {
  it.each(LEVELS)('below that of a lock of level %i do not interrupt its holder', (level) => {
    for (const other of LEVELS) {
      const ld = createLockdep({ contexts: IRQS });
      const lock = ld.lock('l', { kind: 'raw_spin', inhibits: `irq${level}` });
      use(ld.owner('cpu0'), `irq${other}`, lock);
      ld.owner('cpu1').acquire(lock);
      ld.owner('cpu1').release(lock);
      expect([other, ...rules(ld)]).toEqual(other >= level ? [other] : [other, 'irq-inconsistent']);
    }
  });

  it('are as before once the lock is released', () => {
    const ld = createLockdep({ contexts: IRQS, onViolation: 'throw' });
    const p = ld.owner('p');
    const [outer, inner] = [2, 5].map((level) => ld.lock(`l${level}`, { inhibits: `irq${level}` })) as [
      LockInstance,
      LockInstance,
    ];
    const disabled = (): number[] =>
      LEVELS.filter((level) => {
        try {
          p.assertDisabled(`irq${level}`);
          return true;
        } catch {
          return false;
        }
      });
    p.acquire(outer);
    expect(disabled()).toEqual([2, 3, 4, 5, 6, 7]);
    p.acquire(inner);
    p.release(outer);
    expect(disabled()).toEqual([5, 6, 7]);
    p.disable('irq6');
    p.release(inner);
    expect(disabled()).toEqual([6]);
  });

  it('that a release enables mark what is still held', () => {
    const make = (): [Lockdep, Owner, LockInstance, LockInstance] => {
      const ld = createLockdep({ contexts: IRQS });
      const [a, b] = [3, 5].map((level) => ld.lock(`l${level}`, { kind: 'raw_spin', inhibits: `irq${level}` }));
      use(ld.owner('handler'), 'irq4', b as LockInstance);
      return [ld, ld.owner('p'), a as LockInstance, b as LockInstance];
    };
    const [quiet, p, a, b] = make();
    p.acquire(a);
    p.acquire(b);
    p.release(b);
    p.release(a);
    expect(rules(quiet)).toEqual([]);
    const [loud, q, c, d] = make();
    q.acquire(c);
    q.acquire(d);
    q.release(c);
    expect(rules(loud)).toEqual(['irq-inconsistent']);
  });

  it('can be several that one lock inhibits, whatever masks them', () => {
    const contexts: ContextDefinition[] = [{ name: 'tx', masks: [] }, { name: 'rx', masks: ['rx'] }, { name: 'none' }];
    const ld = createLockdep({ contexts });
    const lock = ld.lock('l', { inhibits: ['tx', 'rx'] });
    const p = ld.owner('p');
    p.acquire(lock);
    p.assertDisabled('tx');
    p.assertDisabled('rx');
    p.assertEnabled('none');
    p.release(lock);
    for (const name of ['tx', 'rx', 'none']) p.assertEnabled(name);
    expect(rules(ld)).toEqual([]);
  });
});

const OWN: [what: string, definition: ContextDefinition][] = [
  ['a signal handler', { name: 'signal', limit: 'free' }],
  ['an event callback', { name: 'callback' }],
  ['a bottom half', { name: 'tasklet', needs: ['hardirq', 'softirq'], limit: 'config' }],
];

describe.each(OWN)('%s', (_what, definition) => {
  const { name } = definition;

  it('must not take what is held while it can run', () => {
    for (const order of [0, 1]) {
      const ld = createLockdep({ contexts: [definition] });
      const [a] = locks(ld, ['a'], { kind: 'map' });
      const steps = [() => use(ld.owner('p'), name, a), () => ld.owner('q').acquire(a)];
      for (const step of order === 0 ? steps : steps.toReversed()) step();
      expect(ld.violations.map((one) => one.rule === 'irq-inconsistent' && one.context)).toEqual([name]);
    }
  });

  it('may take what is held while it cannot run', () => {
    const ld = createLockdep({ contexts: [definition] });
    const [a, b] = locks(ld, ['a', 'b'], { kind: 'map' });
    use(ld.owner('p'), name, a);
    const q = ld.owner('q');
    q.disable(name);
    q.acquire(a);
    q.release(a);
    q.enable(name);
    q.acquire(b);
    expect(rules(ld)).toEqual([]);
  });

  it('cannot run, as long as what it needs is disabled', () => {
    for (const need of definition.needs ?? []) {
      const ld = createLockdep({ contexts: [definition] });
      const [a] = locks(ld, ['a'], { kind: 'map' });
      use(ld.owner('p'), name, a);
      const q = ld.owner('q');
      q.disable(need);
      q.acquire(a);
      expect(rules(ld)).toEqual([]);
      q.enable(need);
      expect(rules(ld)).toEqual(['irq-inconsistent']);
    }
  });
});

describe('what a context allows', () => {
  it('is what it says of itself', () => {
    const limits = ['free', 'spin', 'config', 'sleep'] as const;
    const found = limits.map((limit) => {
      const ld = createLockdep({ contexts: [{ name: 'here', limit }] });
      const p = ld.owner('p');
      p.enter('here');
      for (const kind of ['rcu', 'raw_spin', 'spin', 'mutex']) {
        const lock = ld.lock(kind, { kind });
        p.acquire(lock);
        p.release(lock);
      }
      return ld.violations.filter(({ rule }) => rule === 'wait-context').length;
    });
    expect(found).toEqual([3, 2, 1, 0]);
  });

  it('is more where its handler would run in a thread, and less in one that interrupts it and would not', () => {
    const ld = createLockdep();
    const p = ld.owner('p');
    const [a, b, c] = locks(ld, ['a', 'b', 'c'], { kind: 'spin' });
    const take = (lock: LockInstance): number => {
      p.acquire(lock);
      p.release(lock);
      return ld.violations.length;
    };
    p.hardirqEnter();
    const counts = [take(a)];
    p.hardirqEnter({ threaded: false });
    counts.push(take(b));
    p.hardirqExit();
    p.hardirqDisable();
    counts.push(take(c));
    p.hardirqExit();
    expect([counts, rules(ld)]).toEqual([[0, 1, 1], ['wait-context']]);
  });

  it('is that all readers are recursive, where it says so', () => {
    const CASES: [enter: (owner: Owner) => void, expected: string[]][] = [
      [() => {}, ['recursion']],
      [(p) => p.hardirqDisable(), ['recursion']],
      [(p) => p.softirqDisable(), []],
      [(p) => p.hardirqEnter(), []],
      [(p) => p.softirqEnter(), []],
      [(p) => p.enter('trap'), []],
      [(p) => p.enter('plain'), ['recursion']],
    ];
    for (const [enter, expected] of CASES) {
      const ld = createLockdep({ contexts: [{ name: 'trap', interrupt: true }, { name: 'plain' }] });
      const [a] = locks(ld, ['a'], { kind: 'rwlock' });
      const p = ld.owner('p');
      enter(p);
      p.acquire(a, { mode: 'shared' });
      p.acquire(a, { mode: 'shared' });
      expect([enter.toString(), ...rules(ld)]).toEqual([enter.toString(), ...expected]);
    }
  });

  it('is named where nobody knows it', () => {
    const p = createLockdep({ contexts: [{ name: 'signal' }] }).owner('p');
    for (const act of ['enter', 'exit', 'disable', 'enable', 'assertDisabled', 'assertInContext'] as const) {
      expect(() => p[act]('sigal')).toThrow("context: expected one of hardirq, softirq, signal, got 'sigal'");
    }
  });

  it('can be meant by what ld.context() gave', () => {
    const ld = createLockdep();
    const signal = ld.context({ name: 'signal' });
    const p = ld.owner('p');
    p.enter(signal);
    p.assertInContext(signal);
    p.assertInContext('signal');
    p.exit(signal);
    p.assertNotInContext(signal);
    expect(rules(ld)).toEqual([]);
  });
});
