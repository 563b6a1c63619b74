import { createLockdep, type Lockdep } from '../lib/lockdep.ts';
import { findings, locks, nest, only } from './state/world.ts';

/** Each finding as `severity ×count`. */
function graded(ld: Lockdep): string[] {
  return ld.violations.map(({ rule, severity, count }) => `${rule} ${severity} ×${count}`);
}

describe('two instances of one class, one inside the other', () => {
  it('are a warning as long as it is always the same way round', () => {
    const ld = createLockdep();
    const [one, other] = locks(ld, ['account', 'account']);
    for (const name of ['p', 'q', 'p']) nest(ld.owner(name), [one, other]);
    expect(graded(ld)).toEqual(['recursion warning ×3']);
    expect(only(ld, 'recursion')).toMatchObject({ sameInstance: false, confidence: 'possible' });
  });

  it('are an error once both orders have been seen, though each step was known', () => {
    const ld = createLockdep();
    const [one, other] = locks(ld, ['account', 'account']);
    nest(ld.owner('p'), [one, other]);
    nest(ld.owner('q'), [other, one]);
    expect(graded(ld)).toEqual(['recursion warning ×1', 'recursion error ×1']);
  });

  it('are an error at once in the kernel profile', () => {
    const ld = createLockdep({ profile: 'kernel' });
    const [one, other] = locks(ld, ['account', 'account']);
    nest(ld.owner('p'), [one, other]);
    expect(graded(ld)).toEqual(['recursion error ×1']);
  });

  it('are an error when three of them go round in a circle', () => {
    const ld = createLockdep();
    const [one, two, three] = locks(ld, ['account', 'account', 'account']);
    nest(ld.owner('p'), [one, two]);
    nest(ld.owner('p'), [two, three]);
    expect(graded(ld)).toEqual(['recursion warning ×2']);
    nest(ld.owner('q'), [three, one]);
    expect(graded(ld)).toEqual(['recursion warning ×2', 'recursion error ×1']);
  });

  it('stay a warning in every order that fits together', () => {
    const ld = createLockdep();
    const all = locks(ld, ['account', 'account', 'account', 'account']);
    nest(ld.owner('p'), all);
    for (const [at, one] of all.entries()) for (const other of all.slice(at + 1)) nest(ld.owner('q'), [one, other]);
    expect(new Set(ld.violations.map(({ severity }) => severity))).toEqual(new Set(['warning']));
  });

  it('are judged with other locks in between', () => {
    const ld = createLockdep();
    const [one, other, a] = locks(ld, ['account', 'account', 'a']);
    nest(ld.owner('p'), [one, a, other]);
    expect(graded(ld)).toContain('recursion warning ×1');
  });

  it('say nothing when the inner one was tried: a try never waits', () => {
    const ld = createLockdep();
    const [one, other] = locks(ld, ['account', 'account']);
    const p = ld.owner('p');
    p.acquire(one);
    p.acquire(other, { try: true });
    p.release(other);
    p.release(one);
    nest(ld.owner('q'), [other]);
    expect(findings(ld)).toEqual([]);
  });

  it('are no reversal where the first order was only tried', () => {
    const ld = createLockdep();
    const [one, other] = locks(ld, ['account', 'account']);
    const p = ld.owner('p');
    p.acquire(one);
    p.acquire(other, { try: true });
    p.release(other);
    p.release(one);
    nest(ld.owner('q'), [other, one]);
    expect(graded(ld)).toEqual(['recursion warning ×1']);
  });

  it('are two matters if they are of two classes', () => {
    const ld = createLockdep();
    const [one, other] = locks(ld, ['account 1', 'account 2']);
    nest(ld.owner('p'), [one, other]);
    expect(findings(ld)).toEqual([]);
  });

  it('hide no cycle with another class', () => {
    const ld = createLockdep();
    const [a, one, other] = locks(ld, ['a', 'account', 'account']);
    nest(ld.owner('p'), [a, one, other]);
    nest(ld.owner('q'), [other, a]);
    expect(ld.violations.map(({ rule }) => rule)).toEqual(['recursion', 'order-cycle']);
  });
});

describe('one instance, twice', () => {
  it('is certain, in every profile, and found each time', () => {
    for (const profile of ['default', 'kernel'] as const) {
      const ld = createLockdep({ profile });
      const [a] = locks(ld, ['a']);
      for (const name of ['p', 'q']) nest(ld.owner(name), [a, a]);
      expect(only(ld, 'recursion')).toMatchObject({ severity: 'error', confidence: 'certain', sameInstance: true });
      expect(ld.violations[0]?.count).toBe(2);
    }
  });

  it('is nobody’s fault if the first was given back, or somebody else has it', () => {
    const ld = createLockdep();
    const [a] = locks(ld, ['a']);
    nest(ld.owner('p'), [a]);
    nest(ld.owner('p'), [a]);
    ld.owner('p').acquire(a);
    ld.owner('q').acquire(a);
    expect(findings(ld)).toEqual([]);
  });
});
