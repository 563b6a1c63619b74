import { createLockdep } from '../../lib/lockdep.ts';
import type { LockInstance } from '../../lib/state/classes.ts';
import { findings, heldNames, lineOf, locks, nest, only } from '../state/world.ts';
import { type Cast, castOf, messages, rules } from './cast.ts';

interface World extends Cast {
  /** Ready from the start. */
  readonly a: LockInstance;
  /** To be initialised. */
  readonly raw: LockInstance;
}

const LIVES: [what: string, program: (world: World) => void, expected: string[]][] = [
  ['ready from the start', ({ p, a }) => nest(p, [a]), []],
  ['initialised, and used', ({ p, raw }) => [p.init(raw), nest(p, [raw]), p.destroy(raw)], []],
  ['used before', ({ p, raw }) => p.acquire(raw), ['uninitialised: p takes raw, which was never initialised.']],
  ['released before', ({ p, raw }) => p.release(raw), ['uninitialised: p releases raw, which was never initialised.']],
  ['destroyed before', ({ p, raw }) => p.destroy(raw), ['uninitialised: p destroys raw, which was never initialised.']],
  ['another of its class', ({ ld, p, raw }) => [p.init(raw), nest(p, [ld.lock('raw')])], []],
  ['used after', ({ p, a }) => [p.destroy(a), p.acquire(a)], ['use-after-destroy: p takes a, which was destroyed.']],
  [
    'tried after',
    ({ p, a }) => [p.destroy(a), p.acquire(a, { try: true })],
    ['use-after-destroy: p takes a, which was destroyed.'],
  ],
  [
    'released after',
    ({ p, a }) => [p.destroy(a), p.release(a)],
    ['use-after-destroy: p releases a, which was destroyed.'],
  ],
  [
    'destroyed twice',
    ({ p, a }) => [p.destroy(a), p.destroy(a)],
    ['use-after-destroy: p destroys a, which was destroyed.'],
  ],
  ['born again', ({ p, a }) => [p.destroy(a), p.init(a), nest(p, [a])], []],
  ['initialised twice', ({ p, a }) => [p.init(a), p.init(a)], []],
  ['initialised while held', ({ p, a }) => [p.acquire(a), p.init(a)], ['held-reinit: p initialises a, which p holds.']],
  [
    'initialised while another one holds it',
    ({ p, q, a }) => [q.acquire(a), p.init(a)],
    ['held-reinit: p initialises a, which q holds.'],
  ],
  ['destroyed while held', ({ p, a }) => [p.acquire(a), p.destroy(a)], ['held-destroy: p destroys a, which p holds.']],
  [
    'destroyed while another one holds it',
    ({ p, q, a }) => [q.acquire(a), p.destroy(a)],
    ['held-destroy: p destroys a, which q holds.'],
  ],
  ['another one, destroyed while held', ({ ld, p, a }) => [p.acquire(a), p.destroy(ld.lock('a'))], []],
  [
    'by nobody known',
    ({ ld, a }) => [ld.owner('p').acquire(a), ld.init(a)],
    ['held-reinit: somebody initialises a, which p holds.'],
  ],
  [
    'by whoever runs',
    ({ ld, q, a }) => [ld.owner('p').acquire(a), q.run(() => ld.destroy(a))],
    ['held-destroy: q destroys a, which p holds.'],
  ],
  [
    'by whoever is named',
    ({ ld, q, a }) => [ld.destroy(a, q), ld.destroy(a, q)],
    ['use-after-destroy: q destroys a, which was destroyed.'],
  ],
];

describe('the life of a lock', () => {
  it.each(LIVES)('%s', (_what, program, expected) => {
    const ld = createLockdep();
    const [a] = locks(ld, ['a']);
    program({ ...castOf(ld), a, raw: ld.lock('raw', { initialised: false }) });
    expect(messages(ld)).toEqual(expected);
  });

  it('that is over is counted on, though every step was known', () => {
    const ld = createLockdep();
    const [a] = locks(ld, ['a']);
    const p = ld.owner('p');
    for (let turn = 0; turn < 3; turn++) nest(p, [a]);
    p.destroy(a); // destroyed here
    for (let turn = 0; turn < 3; turn++) nest(p, [a]);
    expect(findings(ld)).toEqual(['use-after-destroy certain ×3']);
    const places = only(ld, 'use-after-destroy').places.map(({ label, site }) => `${label} ${site?.line}`);
    expect(places[1]).toBe(`destroyed ${lineOf(__filename, 'destroyed here')}`);
    ld.init(a);
    nest(p, [a]);
    expect(findings(ld)).toEqual(['use-after-destroy certain ×3']);
  });

  it('is that of one lock, not of its class', () => {
    const ld = createLockdep();
    const [a, b] = locks(ld, ['a', 'a']);
    nest(ld.owner('p'), [a]);
    ld.destroy(a);
    nest(ld.owner('p'), [b]);
    expect(rules(ld)).toEqual([]);
  });
});

describe('where no owner is known', () => {
  it('a lock is not taken, and not released', () => {
    const ld = createLockdep();
    const [a] = locks(ld, ['a']);
    ld.acquire(a);
    ld.release(a);
    expect(messages(ld)).toEqual([
      'no-owner: a is taken where no owner is known.',
      'no-owner: a is released where no owner is known.',
    ]);
    expect(ld.holdersOf(a)).toEqual([]);
    expect(() => ld.acquire({} as never)).toThrow(TypeError);
  });

  it('somebody can say who it is', () => {
    const ld = createLockdep();
    const [a] = locks(ld, ['a']);
    const [p, q] = [ld.owner('p'), ld.owner('q')];
    const result = p.run(() => {
      ld.acquire(a, { mode: 'exclusive' });
      const inner = q.run(() => ld.currentOwner().name);
      return [inner, ld.currentOwner().name, heldNames(p)];
    });
    expect(result).toEqual(['q', 'p', ['a']]);
    expect(() => ld.currentOwner()).toThrow('no owner is known here');
    p.run(() => ld.release(a));
    expect([rules(ld), heldNames(p)]).toEqual([[], []]);
  });

  it('is everywhere behind what the owner ran, even if that threw', async () => {
    const ld = createLockdep();
    const p = ld.owner('p');
    const fails = (): never => {
      throw new Error('mine');
    };
    expect(() => p.run(fails)).toThrow('mine');
    expect(() => ld.currentOwner()).toThrow('no owner is known here');
    const later = p.run(async () => {
      await null;
      return ld.currentOwner();
    });
    await expect(later).rejects.toThrow('no owner is known here');
  });
});

describe('an owner that ends', () => {
  it('leaves nothing behind', () => {
    const ld = createLockdep();
    const [a, b] = locks(ld, ['a', 'b']);
    const p = ld.owner('p');
    p.acquire(a); // a was taken
    p.acquire(b); // b was taken
    p.exit();
    p.exit();
    expect(ld.violations.map(({ message }) => message)).toEqual(['p ended with a held.', 'p ended with b held.']);
    expect(ld.violations.map(({ sites }) => sites[0]?.line)).toEqual([
      lineOf(__filename, 'a was taken'),
      lineOf(__filename, 'b was taken'),
    ]);
    expect([ld.holdersOf(a), heldNames(p)]).toEqual([[], []]);
    nest(ld.owner('q'), [a, b]);
    expect(rules(ld)).toEqual(['held-at-exit', 'held-at-exit']);
  });

  it('each lock of a guard that it still holds', () => {
    const ld = createLockdep();
    const [guard, a, b] = locks(ld, ['guard', 'a', 'a']);
    const p = ld.owner('p');
    p.acquire(guard);
    for (const lock of [a, b]) p.acquire(lock, { nest: guard });
    p.exit();
    expect(ld.violations.map(({ message }) => message).toSorted()).toEqual([
      'p ended with a held.',
      'p ended with guard held.',
    ]);
  });

  it('takes no more, and says so', () => {
    const ld = createLockdep();
    const [a] = locks(ld, ['a']);
    nest(ld.owner('p'), [a]);
    const p = ld.owner('p');
    p.exit();
    for (const act of ['acquire', 'mightLock'] as const) {
      expect(() => p[act](a)).toThrow("owner 'p' has exited: it takes no lock any more");
    }
    expect(() => p.run(() => ld.acquire(a))).toThrow('has exited');
    expect([rules(ld), ld.holdersOf(a)]).toEqual([[], []]);
  });

  it('without a lock is no finding', () => {
    const ld = createLockdep();
    const [a] = locks(ld, ['a']);
    nest(ld.owner('p'), [a]);
    ld.owner('p').exit();
    expect(rules(ld)).toEqual([]);
  });
});
