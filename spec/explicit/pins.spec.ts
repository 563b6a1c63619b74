import { createLockdep } from '../../lib/lockdep.ts';
import type { LockInstance } from '../../lib/state/classes.ts';
import { findings, heldNames, locks, nest, only } from '../state/world.ts';
import { type Cast, castOf, messages, rules } from './cast.ts';

interface World extends Cast {
  readonly a: LockInstance;
  readonly b: LockInstance;
}

function world(kind = 'rwsem'): World {
  const ld = createLockdep();
  const [a, b] = locks(ld, ['a', 'b'], { kind });
  return { ...castOf(ld), a, b };
}

const PINS: [what: string, program: (world: World) => void, expected: string[]][] = [
  [
    'released',
    ({ p, a }) => [p.acquire(a), p.pin(a), p.release(a)],
    ['pinned-release: p releases a while it is pinned.'],
  ],
  ['unpinned first', ({ p, a }) => [p.acquire(a), p.unpin(a, p.pin(a)), p.release(a)], []],
  [
    'unpinned once of two times',
    ({ p, a }) => {
      p.acquire(a);
      const cookie = p.pin(a);
      p.pin(a);
      p.unpin(a, cookie);
      p.release(a);
    },
    ['pinned-release: p releases a while it is pinned.'],
  ],
  [
    'unpinned both times, the first pin first',
    ({ p, a }) => {
      p.acquire(a);
      const cookies = [p.pin(a), p.pin(a)];
      for (const cookie of cookies) p.unpin(a, cookie);
      p.release(a);
    },
    [],
  ],
  [
    'unpinned twice with one cookie',
    ({ p, a }) => {
      p.acquire(a);
      const cookie = p.pin(a);
      p.unpin(a, cookie);
      p.unpin(a, cookie);
    },
    ['bad-unpin: p unpins a, which is not pinned.'],
  ],
  [
    'unpinned with the cookie of another pin',
    ({ p, a, b }) => {
      nest(p, []);
      p.acquire(a);
      p.acquire(b);
      const cookie = p.pin(a);
      p.pin(b);
      p.unpin(b, cookie);
    },
    ['bad-unpin: p unpins b, with a cookie that is not that of a pin on it.'],
  ],
  ['not held', ({ p, a }) => p.pin(a), ['bad-unpin: p pins a, which it does not hold.']],
  ['held by another one', ({ p, q, a }) => [q.acquire(a), p.pin(a)], ['bad-unpin: p pins a, which it does not hold.']],
  ['released while another is pinned', ({ p, a, b }) => [p.acquire(a), p.acquire(b), p.pin(b), p.release(a)], []],
  [
    'still pinned when one below is released',
    ({ p, a, b }) => {
      p.acquire(a);
      p.acquire(b);
      p.pin(b);
      p.release(a);
      p.release(b);
    },
    ['pinned-release: p releases b while it is pinned.'],
  ],
  [
    'still pinned when it is downgraded',
    ({ p, a }) => {
      p.acquire(a);
      p.pin(a);
      p.downgrade(a);
      p.release(a);
    },
    ['pinned-release: p releases a while it is pinned.'],
  ],
  [
    'still pinned when it is re-classed',
    ({ p, a }) => {
      p.acquire(a);
      const cookie = p.pin(a);
      p.setSubclass(a, 1);
      p.unpin(a, cookie);
      p.release(a);
    },
    [],
  ],
  [
    'taken again after it was pinned and released',
    ({ p, a }) => {
      p.acquire(a);
      p.unpin(a, p.pin(a));
      p.release(a);
      nest(p, [a]);
      nest(p, [a]);
    },
    [],
  ],
];

describe('a pinned lock', () => {
  it.each(PINS)('that is %s', (_what, program, expected) => {
    const all = world();
    program(all);
    expect(messages(all.ld)).toEqual(expected);
  });

  it('is released all the same, and its pin is gone with it', () => {
    const { ld, p, a } = world();
    p.acquire(a);
    p.pin(a);
    p.release(a);
    expect(heldNames(p)).toEqual([]);
    for (let turn = 0; turn < 3; turn++) nest(p, [a]);
    expect(findings(ld)).toEqual(['pinned-release certain ×1']);
  });
});

const MIGHT: [what: string, kind: string, program: (world: World) => void, expected: string[]][] = [
  ['it alone', 'mutex', ({ p, a }) => p.mightLock(a), []],
  [
    'both orders',
    'mutex',
    ({ p, a, b }) => [p.acquire(a), p.mightLock(b), p.release(a), p.acquire(b), p.mightLock(a)],
    ['order-cycle'],
  ],
  ['one order', 'mutex', ({ p, q, a, b }) => [p.acquire(a), p.mightLock(b), q.acquire(a), q.mightLock(b)], []],
  ['itself', 'mutex', ({ p, a }) => [p.acquire(a), p.mightLock(a)], ['recursion']],
  ['a try', 'mutex', ({ p, a }) => [p.acquire(a), p.mightLock(a, { try: true })], []],
  [
    'readers in readers',
    'rwlock',
    ({ p, a }) => {
      p.acquire(a, { mode: 'recursive-shared' });
      p.mightLock(a, { mode: 'recursive-shared' });
    },
    [],
  ],
  ['where it may not wait', 'mutex', ({ p, a }) => [p.hardirqEnter(), p.mightLock(a)], ['wait-context']],
  [
    'in a handler',
    'spin',
    ({ p, a }) => {
      p.hardirqEnter();
      p.mightLock(a);
      p.hardirqExit();
      p.mightLock(a);
    },
    ['irq-inconsistent'],
  ],
];

describe('a lock that might be taken', () => {
  it.each(MIGHT)('is judged as if it were: %s', (_what, kind, program, expected) => {
    const all = world(kind);
    program(all);
    expect(rules(all.ld)).toEqual(expected);
  });

  it('is not held afterwards, and what was held still is', () => {
    const { ld, p, a, b } = world();
    const guard = ld.lock('guard');
    p.acquire(guard);
    p.acquire(a, { nest: guard });
    p.mightLock(b);
    p.mightLock(ld.lock('a', { kind: 'rwsem' }), { nest: guard });
    expect([heldNames(p), rules(ld)]).toEqual([['guard', 'a'], []]);
    p.assertHeld(a);
  });

  it('was not taken, nor released, when it is released', () => {
    const { ld, p, a } = world();
    p.mightLock(a);
    p.release(a);
    const { lastTaken, lastReleased } = only(ld, 'bad-release');
    expect([lastTaken, lastReleased]).toEqual([null, null]);
  });

  it('is not refused its pins', () => {
    const { ld, p, a } = world();
    p.acquire(a, { mode: 'shared' });
    p.pin(a);
    p.mightLock(a, { mode: 'shared', try: true });
    expect([rules(ld), heldNames(p)]).toEqual([[], ['a']]);
    p.release(a);
    expect(rules(ld)).toEqual(['pinned-release']);
  });
});
