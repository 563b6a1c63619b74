import type { LockInstance } from '../../lib/state/classes.ts';
import { findings, heldNames, nest, only } from '../state/world.ts';
import { type Family, family, guarded, rules } from './cast.ts';

describe('subclasses', () => {
  it('can be any number', () => {
    const { ld, p } = family();
    const many = Array.from({ length: 100 }, () => ld.lock('level'));
    for (const [subclass, lock] of many.entries()) p.acquire(lock, { subclass });
    p.acquire(ld.lock('level'), { subclass: 1_000_000 });
    expect([rules(ld), p.held.length]).toEqual([[], 101]);
    p.acquire(ld.lock('level'), { subclass: 57 });
    expect(rules(ld)).toEqual(['recursion']);
  });

  it('are named after their class', () => {
    const { ld, p, own } = family();
    nest(p, own.slice(0, 2), { subclass: 2 });
    expect(only(ld, 'recursion').lock.name).toBe('node/2');
  });
});

describe('locks that are folded under a guard', () => {
  const ORDERS = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ];

  it.each(ORDERS)('are released as %i, %i, %i', (...order) => {
    const { ld, p, guard, own, other } = family();
    for (let turn = 0; turn < 3; turn++) {
      p.acquire(guard);
      for (const lock of own) p.acquire(lock, { nest: guard });
      p.acquire(other);
      expect(heldNames(p)).toEqual(['guard', 'node', 'node', 'node', 'other']);
      for (const [at, index] of order.entries()) {
        p.release(own[index] as LockInstance);
        const left = order.slice(at + 1).map((one) => own[one]);
        for (const lock of left) p.assertHeld(lock as LockInstance);
        p.assertNotHeld(own[index] as LockInstance);
      }
      expect(heldNames(p)).toEqual(['guard', 'other']);
      p.release(other);
      p.release(guard);
    }
    expect(rules(ld)).toEqual([]);
    p.release(own[0]);
    expect(rules(ld)).toEqual(['bad-release']);
  });

  it('make no order with each other, and one with what is taken under them', () => {
    const { ld, p, q, guard, own, other } = family();
    p.acquire(guard);
    for (const lock of own) p.acquire(lock, { nest: guard });
    p.acquire(other);
    expect(ld.graph().edges().length).toBe(2);
    nest(q, [other, own[2]]);
    expect(rules(ld)).toEqual(['order-cycle']);
  });

  it('say that their guard is gone', () => {
    const { ld, p, guard, own } = family();
    p.acquire(guard);
    for (const lock of own) p.acquire(lock, { nest: guard });
    p.release(guard);
    expect(only(ld, 'nest-not-held').message).toBe('p still holds node as nested under guard, which it does not hold.');
    for (const lock of own) p.release(lock);
    expect([rules(ld), heldNames(p)]).toEqual([['nest-not-held'], []]);
  });

  it('need it each time', () => {
    const { ld, p, guard, own } = family();
    guarded({ ld, p, guard, own } as Family);
    for (let turn = 0; turn < 3; turn++) nest(p, [own[0]], { nest: guard });
    expect(findings(ld)).toEqual(['nest-not-held certain ×3']);
  });

  it('are reported without a guard, though every step is known', () => {
    const all = family();
    const {
      ld,
      p,
      guard,
      own: [a, b],
    } = all;
    for (let turn = 0; turn < 3; turn++) guarded(all);
    nest(p, [guard, a]);
    nest(p, [guard, b]);
    for (let turn = 0; turn < 3; turn++) nest(p, [guard, a, b]);
    guarded(all);
    expect(findings(ld)).toEqual(['recursion possible ×3']);
  });
});

describe('an order over the locks of a class', () => {
  const compare = (held: LockInstance, wanted: LockInstance): number => Number(held.data) - Number(wanted.data);

  it('is kept', () => {
    const {
      ld,
      p,
      q,
      own: [a, b, c],
    } = family({ compare }, 'kernel');
    nest(p, [a, b, c]);
    nest(q, [a, c]);
    expect(rules(ld)).toEqual([]);
  });

  it('is broken, also when every step is known', () => {
    const {
      ld,
      p,
      own: [a, b],
    } = family({ compare });
    for (let turn = 0; turn < 3; turn++) nest(p, [a, b]);
    for (let turn = 0; turn < 2; turn++) nest(p, [b, a]);
    const { message, severity, count } = only(ld, 'recursion');
    expect(message).toContain('asks for one node while holding another, against the order that is declared for them');
    expect([severity, count]).toEqual(['error', 2]);
  });

  it('is that with all that are held, not with the last alone', () => {
    const {
      ld,
      p,
      own: [a, b, c],
    } = family({ compare });
    p.acquire(c);
    p.acquire(a, { try: true });
    p.acquire(b);
    expect(rules(ld)).toEqual(['recursion']);
  });

  it.each([0, Number.NaN, 1])('does not hold where it says %d', (result) => {
    const {
      ld,
      p,
      own: [a, b],
    } = family({ compare: () => result });
    nest(p, [a, b]);
    expect(rules(ld)).toEqual(['recursion']);
  });

  it('does not hold for one lock and itself', () => {
    const {
      ld,
      p,
      own: [a],
    } = family({ compare: () => -1 });
    nest(p, [a, a]);
    expect(only(ld, 'recursion').sameInstance).toBe(true);
  });

  it('that throws breaks nothing in the program, and is said once', () => {
    const said = jest.spyOn(console, 'error').mockImplementation(() => {});
    const compareBadly = (): number => {
      throw new Error('no order');
    };
    const {
      ld,
      p,
      own: [a, b],
    } = family({ compare: compareBadly });
    expect(() => nest(p, [a, b])).not.toThrow();
    nest(p, [b, a]);
    expect([said.mock.calls.length, ld.failure, heldNames(p)]).toEqual([1, null, []]);
    said.mockRestore();
  });
});

describe('a reentrant lock', () => {
  it('may be taken again, and is held as often', () => {
    const {
      ld,
      p,
      other,
      own: [a],
    } = family({ reentrant: true }, 'kernel');
    for (let turn = 0; turn < 3; turn++) {
      nest(p, [a, a, a]);
      nest(p, [a, other, a]);
    }
    p.acquire(a);
    p.acquire(a);
    p.release(a);
    p.assertHeld(a);
    p.release(a);
    expect([rules(ld), heldNames(p)]).toEqual([[], []]);
  });

  it('is not any lock of its class', () => {
    const {
      ld,
      p,
      own: [a, b],
    } = family({ reentrant: true });
    nest(p, [a, b]);
    expect(only(ld, 'recursion').sameInstance).toBe(false);
  });

  it('has an order with others all the same', () => {
    const {
      ld,
      p,
      q,
      other,
      own: [a],
    } = family({ reentrant: true });
    nest(p, [a, other, a]);
    expect(rules(ld)).toEqual([]);
    nest(q, [other, a]);
    expect(rules(ld)).toEqual(['order-cycle']);
  });
});
