import { createLockdep } from '../../lib/lockdep.ts';
import type { Owner } from '../../lib/owner.ts';
import type { LockInstance } from '../../lib/state/classes.ts';
import { heldNames, locks, nest, only } from '../state/world.ts';
import { type Cast, rules } from './cast.ts';

interface World extends Cast {
  readonly r: Owner;
  readonly a: LockInstance;
  readonly b: LockInstance;
  readonly done: LockInstance;
  readonly ready: LockInstance;
}

function world(events?: boolean): World {
  const ld = createLockdep(events === undefined ? {} : { events });
  const [a, b] = locks(ld, ['a', 'b']);
  const [p, q, r] = ['p', 'q', 'r'].map((name) => ld.owner(name)) as [Owner, Owner, Owner];
  return { ld, p, q, r, a, b, done: ld.event('done'), ready: ld.event('ready') };
}

/** Holds a lock while it waits. */
function waitUnder(owner: Owner, lock: LockInstance, event: LockInstance): void {
  owner.acquire(lock);
  owner.wait(event);
  owner.release(lock);
}

/** Holds a lock while it signals. */
function signalUnder(owner: Owner, lock: LockInstance, event: LockInstance): void {
  owner.acquire(lock);
  owner.signal(event);
  owner.release(lock);
}

const CASES: [what: string, program: (world: World) => void, expected: string[]][] = [
  [
    'a waiter and a signaller that need one lock',
    ({ p, q, a, done }) => {
      waitUnder(p, a, done);
      signalUnder(q, a, done);
    },
    ['order-cycle'],
  ],
  [
    'the same, the signaller first',
    ({ p, q, a, done }) => {
      signalUnder(q, a, done);
      waitUnder(p, a, done);
    },
    ['order-cycle'],
  ],
  [
    'a lock that is taken and released on the way to the signal',
    ({ p, q, a, done }) => {
      p.acquire(a);
      p.wait(done);
      nest(q, [a]);
      q.signal(done);
    },
    ['order-cycle'],
  ],
  [
    'a lock that is taken since the event was requested',
    ({ p, q, a, done }) => {
      p.request(done);
      nest(q, [a]);
      q.signal(done);
      waitUnder(p, a, done);
    },
    ['order-cycle'],
  ],
  [
    'a lock that is taken before it was requested',
    ({ p, q, a, done }) => {
      nest(q, [a]);
      p.request(done);
      q.signal(done);
      waitUnder(p, a, done);
    },
    [],
  ],
  [
    'a lock that is taken where nobody requested',
    ({ p, q, a, done }) => {
      nest(q, [a]);
      q.signal(done);
      waitUnder(p, a, done);
    },
    [],
  ],
  [
    'a lock that is taken after the signal',
    ({ p, q, a, done }) => {
      p.request(done);
      q.signal(done);
      nest(q, [a]);
      waitUnder(p, a, done);
    },
    [],
  ],
  [
    'a way round over another lock',
    ({ p, q, r, a, b, done }) => {
      waitUnder(p, a, done);
      nest(r, [b, a]);
      signalUnder(q, b, done);
    },
    ['order-cycle'],
  ],
  [
    'two events, each signalled under what is held where the other is awaited',
    ({ p, q, a, b, done, ready }) => {
      waitUnder(p, a, done);
      signalUnder(p, b, ready);
      waitUnder(q, b, ready);
      signalUnder(q, a, done);
    },
    ['order-cycle', 'order-cycle'],
  ],
  ['two locks', ({ p, q, a, b, done }) => [waitUnder(p, a, done), signalUnder(q, b, done)], []],
  ['two events', ({ p, q, a, done, ready }) => [waitUnder(p, a, done), signalUnder(q, a, ready)], []],
  ['a signal without any lock', ({ p, q, a, done }) => [waitUnder(p, a, done), q.signal(done)], []],
  ['a wait without any lock', ({ p, q, a, done }) => [p.wait(done), signalUnder(q, a, done)], []],
  [
    'a waiter that releases first',
    ({ p, q, a, done }) => {
      nest(p, [a]);
      p.wait(done);
      signalUnder(q, a, done);
    },
    [],
  ],
  ['a signal that nobody awaits', ({ q, a, done }) => signalUnder(q, a, done), []],
];

describe('events', () => {
  it.each(CASES)('that are watched: %s', (_what, program, expected) => {
    const all = world(true);
    program(all);
    expect([rules(all.ld), all.ld.failure]).toEqual([expected, null]);
  });

  it.each(CASES)('that are not: %s', (_what, program) => {
    const [all, off] = [world(), world(false)];
    program(all);
    program(off);
    expect([rules(all.ld), rules(off.ld)]).toEqual([[], []]);
  });

  it('that a cycle goes through are named in it', () => {
    const { ld, p, q, a, done } = world(true);
    waitUnder(p, a, done);
    signalUnder(q, a, done);
    const { edges } = only(ld, 'order-cycle');
    expect(edges.map(({ from, to }) => `${from.name} ${to.name}`).toSorted()).toEqual(['a done', 'done a']);
  });

  it('are not held', () => {
    const { ld, p, q, a, done } = world(true);
    p.wait(done);
    q.signal(done);
    expect([heldNames(p), heldNames(q), ld.holdersOf(done)]).toEqual([[], [], []]);
    nest(p, [a]);
    expect(rules(ld)).toEqual([]);
  });

  it.each([true, false])('are not awaited where nobody may sleep (events: %s)', (events) => {
    const { ld, p, done } = world(events);
    const [s] = locks(ld, ['s'], { kind: 'spin' });
    p.acquire(s);
    p.wait(done);
    p.release(s);
    p.signal(done);
    p.hardirqEnter();
    p.signal(done);
    p.wait(done);
    p.hardirqExit();
    expect(ld.violations.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([
      'sleep-while-held: p waits for done while holding s, a spin.',
      'sleep-while-held: p waits for done in hardirq.',
    ]);
  });

  it('are refused where they are none of this checker', () => {
    const { p } = world();
    const { done } = world();
    for (const act of ['wait', 'signal', 'request'] as const) {
      expect(() => p[act](done)).toThrow("lock: expected a lock made by this checker's lock(), got 'done'");
      expect(() => p[act](undefined as never)).toThrow(TypeError);
    }
  });

  it('are events: a lock is none', () => {
    const { p, a } = world(true);
    for (const act of ['wait', 'signal', 'request'] as const) expect(() => p[act](a)).toThrow(TypeError);
  });

  it('under the throw policy: the wait is refused', () => {
    const ld = createLockdep({ events: true, onViolation: 'throw' });
    const [a] = locks(ld, ['a']);
    const done = ld.event('done');
    const [p, q] = [ld.owner('p'), ld.owner('q')];
    signalUnder(q, a, done);
    p.acquire(a);
    for (let turn = 0; turn < 2; turn++) expect(() => p.wait(done)).toThrow('order-cycle');
    expect(heldNames(p)).toEqual(['a']);
  });
});
