/**
 * A gate: a lock that is held each time two steps of a cycle are gone, so that the two never meet. The cycle is kept, and is
 * a report the moment it is gone without the gate.
 */
import { createLockdep, type Lockdep } from '../lib/lockdep.ts';
import type { LockdepOptions, LockOptions } from '../lib/options.ts';
import type { Owner } from '../lib/owner.ts';
import type { LockInstance } from '../lib/state/classes.ts';
import { findings, heldNames, locks, nest, only } from './state/world.ts';

interface Scene {
  readonly ld: Lockdep;
  readonly p: Owner;
  readonly q: Owner;
  readonly g: LockInstance;
  readonly a: LockInstance;
  readonly b: LockInstance;
  readonly c: LockInstance;
}

function scene(gate: LockOptions = {}, options: LockdepOptions = {}, kind = 'mutex'): Scene {
  const ld = createLockdep(options);
  const [a, b, c] = locks(ld, ['a', 'b', 'c'], { kind });
  return { ld, p: ld.owner('p'), q: ld.owner('q'), g: ld.lock('gate', gate), a, b, c };
}

const cycles = ({ quiet }: Lockdep): string[] => quiet.map(({ rule, confidence }) => `${rule} ${confidence}`);

describe('a cycle whose steps were all taken under one lock', () => {
  it('is kept and not reported', () => {
    const { ld, p, q, g, a, b } = scene();
    nest(p, [g, a, b]);
    nest(q, [g, b, a]);
    expect([findings(ld), cycles(ld)]).toEqual([[], ['order-cycle guarded']]);
    expect(ld.snapshot().violations.map(({ confidence }) => confidence)).toEqual(['guarded']);
  });

  it('is thrown by no policy', () => {
    const { ld, p, q, g, a, b } = scene({}, { onViolation: 'throw' });
    nest(p, [g, a, b]);
    nest(q, [g, b, a]);
    expect(findings(ld)).toEqual([]);
  });

  it('is reported in the kernel profile, which knows no gates', () => {
    const { ld, p, q, g, a, b } = scene({}, { profile: 'kernel' });
    nest(p, [g, a, b]);
    nest(q, [g, b, a]);
    expect(findings(ld)).toEqual(['order-cycle possible ×1']);
  });

  it('is reported when it closes without the gate', () => {
    const { ld, p, q, g, a, b } = scene();
    nest(p, [g, a, b]);
    nest(q, [b, a]);
    expect([findings(ld), cycles(ld)]).toEqual([['order-cycle possible ×1'], []]);
  });

  it.each([
    ['the step that closed it', 'q'],
    ['the step that was there before', 'p'],
  ])('is reported, once, when %s is gone without the gate', (_, name) => {
    const heard: string[] = [];
    const { ld, p, q, g, a, b } = scene({}, { onViolation: ({ rule }) => heard.push(rule) });
    nest(p, [g, a, b]);
    nest(q, [g, b, a]);
    expect(heard).toEqual([]);
    for (let turn = 0; turn < 2; turn++) nest(ld.owner(name), name === 'q' ? [b, a] : [a, b]);
    expect([heard, cycles(ld)]).toEqual([['order-cycle'], []]);
    expect(only(ld, 'order-cycle').confidence).toBe('possible');
  });

  it('throws then, and gives no lock', () => {
    const { ld, p, q, g, a, b } = scene({}, { onViolation: 'throw' });
    nest(p, [g, a, b]);
    nest(q, [g, b, a]);
    q.acquire(b);
    for (let turn = 0; turn < 2; turn++) expect(() => q.acquire(a)).toThrow('order-cycle');
    expect([heldNames(q), findings(ld).length]).toEqual([['b'], 1]);
  });
});

describe('a gate', () => {
  it('is a lock with one unit', () => {
    for (const [capacity, found] of [
      [1, []],
      [2, ['order-cycle possible ×1']],
    ] as const) {
      const { ld, p, q, g, a, b } = scene({ kind: 'semaphore', capacity });
      nest(p, [g, a, b]);
      nest(q, [g, b, a]);
      expect(findings(ld)).toEqual(found);
    }
  });

  const pairs = [
    ['shared', 'shared', ['order-cycle possible ×1']],
    ['shared', 'exclusive', []],
    ['exclusive', 'shared', []],
  ] as const;
  const kinds = [
    ['rwsem', 'mutex'],
    ['rwlock', 'spin'],
  ] as const;
  it.each(
    kinds.flatMap(([gate, kind]) => pairs.map(([there, back, found]) => [gate, there, back, kind, found] as const)),
  )('of kind %s held %s there and %s back keeps the two apart, or not', (gate, there, back, kind, found) => {
    const { ld, p, q, g, a, b } = scene({ kind: gate }, {}, kind);
    p.acquire(g, { mode: there });
    nest(p, [a, b]);
    p.release(g);
    q.acquire(g, { mode: back });
    nest(q, [b, a]);
    q.release(g);
    expect(findings(ld)).toEqual(found);
  });

  it('is one instance: two of a class keep nobody apart', () => {
    const { ld, p, q, g, a, b } = scene();
    const other = ld.lock('gate');
    nest(p, [g, a, b]);
    nest(q, [other, b, a]);
    expect(findings(ld)).toEqual(['order-cycle possible ×1']);
  });

  it('is one instance, though its class gets a second one when every step is known', () => {
    const { ld, p, q, g, a, b } = scene();
    for (let turn = 0; turn < 2; turn++) {
      nest(p, [g, a, b]);
      nest(q, [g, b, a]);
    }
    nest(q, [ld.lock('gate'), b, a]);
    expect(findings(ld).map((found) => found.split(' ×')[0])).toEqual(['order-cycle possible']);
  });

  it('is held when the second lock is asked for: giving it back before the others changes nothing', () => {
    const { ld, p, q, g, a, b } = scene();
    for (const lock of [g, a, b]) p.acquire(lock);
    p.release(g);
    for (const lock of [b, a]) p.release(lock);
    nest(q, [g, b, a]);
    expect([findings(ld), cycles(ld)]).toEqual([[], ['order-cycle guarded']]);
  });

  it('may be taken between the two', () => {
    const { ld, p, q, g, a, b } = scene();
    p.acquire(a);
    p.acquire(g, { try: true });
    p.acquire(b);
    p.release(b);
    p.release(g);
    p.release(a);
    q.acquire(b);
    q.acquire(g, { try: true });
    q.acquire(a);
    expect([findings(ld), cycles(ld)]).toEqual([[], ['order-cycle guarded']]);
  });
});

describe('a cycle that only seems to be gated', () => {
  it('is reported where one owner goes two of its steps: they are one step for whoever waits', () => {
    const { ld, p, q, g, a, b, c } = scene();
    nest(p, [g, a, b, c]);
    nest(q, [c, a]);
    expect(findings(ld)).toEqual(['order-cycle possible ×1']);
  });

  it('is reported where a longer way leads back without the gate', () => {
    const { ld, p, q, g, a, b, c } = scene();
    nest(p, [a, c]);
    nest(p, [c, b]);
    nest(p, [g, a, b]);
    nest(q, [g, b, a]);
    expect(findings(ld)).toEqual(['order-cycle possible ×1']);
  });

  it('is reported where a longer way without the gate comes later', () => {
    const { ld, p, q, g, a, b, c } = scene();
    nest(p, [g, a, b]);
    nest(q, [g, b, a]);
    nest(p, [a, c]);
    expect(findings(ld)).toEqual([]);
    nest(p, [c, b]);
    expect(findings(ld)).toEqual(['order-cycle possible ×1']);
  });
});

describe('an acquire that was refused', () => {
  it('leaves no half of a cycle behind: what was never taken closes nothing later', () => {
    const ld = createLockdep({ onViolation: 'throw' });
    const [a, b, c] = locks(ld, ['a', 'b', 'c']);
    const p = ld.owner('p');
    for (const lock of [a, b, c]) p.acquire(lock);
    expect(() => p.acquire(a)).toThrow('recursion');
    expect(() => p.release(a)).not.toThrow();
    expect(heldNames(p)).toEqual(['b', 'c']);
  });
});
