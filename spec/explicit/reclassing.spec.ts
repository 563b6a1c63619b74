import { createLockdep } from '../../lib/lockdep.ts';
import { heldNames, locks, nest, only } from '../state/world.ts';
import { rules } from './cast.ts';

describe('a held lock that gets another class', () => {
  it('is of that class from then on', () => {
    const ld = createLockdep();
    const [a, b, c] = locks(ld, ['a', 'a', 'c']);
    const [p, q] = [ld.owner('p'), ld.owner('q')];
    p.acquire(a);
    p.setClass(a, 'b');
    p.acquire(c);
    expect(heldNames(p)).toEqual(['b', 'c']);
    nest(q, [c, b]);
    expect(rules(ld)).toEqual([]);
    p.release(c);
    p.release(a);
    nest(q, [c, a]);
    expect(rules(ld)).toEqual(['order-cycle']);
  });

  it('is judged again, with all that was taken under it', () => {
    const ld = createLockdep();
    const [a, b, c] = locks(ld, ['a', 'b', 'c']);
    const [p, q] = [ld.owner('p'), ld.owner('q')];
    nest(q, [c, b]);
    p.acquire(a);
    p.acquire(c);
    expect(rules(ld)).toEqual([]);
    p.setClass(a, 'b');
    expect(only(ld, 'order-cycle').owner).toBe('p');
    p.assertHeld(a);
    p.assertHeld(c);
  });

  it('is no other lock for its assertions and its release', () => {
    const ld = createLockdep({ onViolation: 'throw' });
    const [a] = locks(ld, ['a']);
    const p = ld.owner('p');
    p.acquire(a);
    p.setClass(a, 'b');
    p.assertHeld(a);
    expect(() => p.acquire(a)).toThrow('recursion');
    p.release(a);
    p.assertNotHeld(a);
    expect(a.class.ref.name).toBe('b');
  });

  it('cannot be of one of another kind', () => {
    const ld = createLockdep();
    const [a] = locks(ld, ['a']);
    locks(ld, ['s'], { kind: 'spin' });
    const p = ld.owner('p');
    p.acquire(a);
    expect(() => p.setClass(a, 's')).toThrow("class 's' is of kind 'spin', not 'mutex'");
    expect(() => p.setClass(a, 3 as never)).toThrow(TypeError);
    expect(() => p.setClass(a, 'b', { subclass: -1 })).toThrow(TypeError);
    expect(() => p.setSubclass(a, 1.5)).toThrow(TypeError);
    expect([heldNames(p), a.class.ref.name, rules(ld)]).toEqual([['a'], 'a', []]);
  });

  it('is one that somebody holds', () => {
    const ld = createLockdep();
    const [a, b] = locks(ld, ['a', 'b']);
    const [p, q] = [ld.owner('p'), ld.owner('q')];
    q.acquire(b);
    p.setClass(a, 'c');
    p.setSubclass(b, 1);
    expect(ld.violations.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([
      'bad-release: p re-classes a, which nobody holds.',
      'wrong-owner-release: p re-classes b, which q holds.',
    ]);
    expect([a.class.ref.name, heldNames(q)]).toEqual(['a', ['b']]);
  });
});

describe('a held lock that gets another subclass', () => {
  it('makes room for one of its class', () => {
    const ld = createLockdep({ profile: 'kernel' });
    const [a, b] = locks(ld, ['a', 'a']);
    const p = ld.owner('p');
    for (let turn = 0; turn < 2; turn++) {
      p.acquire(a);
      p.setSubclass(a, 1);
      p.acquire(b);
      p.release(b);
      p.release(a);
    }
    expect(rules(ld)).toEqual([]);
    nest(p, [a, b]);
    expect(rules(ld)).toEqual(['recursion']);
  });

  it('meets one that is of that subclass', () => {
    const ld = createLockdep({ profile: 'kernel' });
    const [a, b] = locks(ld, ['a', 'a']);
    const p = ld.owner('p');
    p.acquire(a, { subclass: 1 });
    p.acquire(b);
    expect(rules(ld)).toEqual([]);
    p.setSubclass(b, 1);
    expect(rules(ld)).toEqual(['recursion']);
  });
});
