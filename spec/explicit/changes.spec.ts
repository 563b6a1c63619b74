import { createLockdep } from '../../lib/lockdep.ts';
import type { Mode } from '../../lib/model/lock.ts';
import type { Owner } from '../../lib/owner.ts';
import type { LockInstance } from '../../lib/state/classes.ts';
import { heldNames, lineOf, locks, nest, only } from '../state/world.ts';
import { type Cast, castOf, messages, rules } from './cast.ts';

interface World extends Cast {
  readonly r: LockInstance;
  readonly a: LockInstance;
}

function world(upgradable = false): World {
  const ld = createLockdep();
  const r = ld.lock('r', { kind: 'rwlock', upgradable });
  return { ...castOf(ld), r, a: ld.lock('a', { kind: 'spin' }) };
}

const modes = (owner: Owner): Mode[] => owner.held.map(({ mode }) => mode);

const DOWNGRADES: [what: string, program: (world: World) => void, expected: string[]][] = [
  ['of a writer', ({ p, r }) => [p.acquire(r), p.downgrade(r), p.release(r, { mode: 'shared' })], []],
  [
    'of a reader',
    ({ p, r }) => [p.acquire(r, { mode: 'shared' }), p.downgrade(r)],
    ['bad-release: p downgrades r, which it holds as shared, not as exclusive.'],
  ],
  ['of what nobody holds', ({ p, r }) => p.downgrade(r), ['bad-release: p downgrades r, which nobody holds.']],
  [
    'of what somebody else holds',
    ({ p, q, r }) => [q.acquire(r), p.downgrade(r)],
    ['wrong-owner-release: p downgrades r, which q holds.'],
  ],
  [
    'that lets a recursive reader in',
    ({ p, q, r, a }) => {
      p.acquire(r);
      p.downgrade(r);
      p.acquire(a);
      q.acquire(a);
      q.acquire(r, { mode: 'recursive-shared' });
    },
    [],
  ],
  [
    'too late to let him in',
    ({ p, q, r, a }) => {
      p.acquire(r);
      p.acquire(a);
      p.downgrade(r);
      q.acquire(a);
      q.acquire(r, { mode: 'recursive-shared' });
    },
    ['order-cycle: q asks for r while holding a, but p asks for a while holding r.'],
  ],
];

describe('a downgrade', () => {
  it.each(DOWNGRADES)('%s', (_what, program, expected) => {
    const all = world();
    program(all);
    expect(rules(all.ld)).toEqual(expected.map((one) => one.split(':')[0]));
    if (!rules(all.ld).includes('order-cycle')) expect(messages(all.ld)).toEqual(expected);
  });

  it('makes a reader of the writer', () => {
    const { p, r, a } = world();
    p.acquire(r);
    p.acquire(a);
    p.downgrade(r);
    expect([heldNames(p), modes(p)]).toEqual([
      ['r', 'a'],
      ['shared', 'exclusive'],
    ]);
    p.assertHeldShared(r);
  });

  it('needs a kind that has readers', () => {
    const { ld, p, a } = world();
    p.acquire(a);
    expect(() => p.downgrade(a)).toThrow("a lock of kind 'spin' has no readers, so it cannot be downgraded");
    expect([rules(ld), modes(p)]).toEqual([[], ['exclusive']]);
  });
});

const UPGRADES: [what: string, program: (world: World) => void, plain: string[], upgradable: string[]][] = [
  ['that waits', ({ p, r }) => [p.acquire(r, { mode: 'shared' }), p.upgrade(r)], ['recursion'], []],
  ['that is a try', ({ p, r }) => [p.acquire(r, { mode: 'shared' }), p.upgrade(r, { try: true })], [], []],
  ['of a writer', ({ p, r }) => [p.acquire(r), p.upgrade(r)], [], []],
  ['of what nobody holds', ({ p, r }) => p.upgrade(r), ['bad-release'], ['bad-release']],
  ['of what q holds', ({ p, q, r }) => [q.acquire(r), p.upgrade(r)], ['wrong-owner-release'], ['wrong-owner-release']],
  [
    'under a lock that is taken under its readers',
    ({ p, r, a }) => {
      p.acquire(r, { mode: 'shared' });
      p.acquire(a);
      p.upgrade(r);
    },
    ['recursion', 'order-cycle'],
    ['order-cycle'],
  ],
  [
    'by a try, under such a lock',
    ({ p, r, a }) => {
      p.acquire(r, { mode: 'shared' });
      p.acquire(a);
      p.upgrade(r, { try: true });
    },
    [],
    [],
  ],
];

describe.each([false, true])('an upgrade (upgradable: %s)', (upgradable) => {
  it.each(UPGRADES)('%s', (_what, program, plain, expected) => {
    const all = world(upgradable);
    program(all);
    expect(rules(all.ld)).toEqual(upgradable ? expected : plain);
  });

  it('makes a writer of the reader', () => {
    const { ld, p, r } = world(upgradable);
    p.acquire(r, { mode: 'shared' });
    p.upgrade(r, { try: true });
    p.assertHeldExclusive(r);
    p.release(r, { mode: 'exclusive' });
    expect([rules(ld), modes(p)]).toEqual([[], []]);
  });
});

const MODES: [held: Mode, released: Mode, isWrong: boolean][] = [
  ['exclusive', 'exclusive', false],
  ['exclusive', 'shared', true],
  ['exclusive', 'recursive-shared', true],
  ['shared', 'exclusive', true],
  ['shared', 'shared', false],
  ['shared', 'recursive-shared', false],
  ['recursive-shared', 'exclusive', true],
  ['recursive-shared', 'shared', false],
];

describe('a release', () => {
  it.each(MODES)('of what is held as %s as %s', (held, released, isWrong) => {
    const { ld, p, r } = world();
    p.acquire(r, { mode: held });
    p.release(r, { mode: released });
    const expected = isWrong ? [`bad-release: p releases r, which it holds as ${held}, not as ${released}.`] : [];
    expect([messages(ld), heldNames(p)]).toEqual([expected, []]);
  });

  it('of what the interrupted code holds is refused', () => {
    const { ld, p, r } = world();
    p.acquire(r);
    p.hardirqEnter();
    p.release(r);
    expect([only(ld, 'bad-release').mismatch, heldNames(p)]).toEqual(['interrupted', ['r']]);
    expect(messages(ld)).toEqual(['bad-release: p releases r, which the code that it interrupted holds.']);
    p.hardirqExit();
    p.release(r);
    expect([rules(ld), heldNames(p)]).toEqual([['bad-release'], []]);
  });

  it('of what the handler took itself, or of a unit that anybody may give back, is none', () => {
    const { ld, p, a } = world();
    const pool = ld.lock('pool', { kind: 'semaphore', capacity: 2 });
    p.acquire(pool);
    p.hardirqEnter();
    p.acquire(a, { try: true });
    p.release(a);
    p.release(pool);
    p.hardirqExit();
    expect([rules(ld), heldNames(p)]).toEqual([[], []]);
  });

  it.each(['new', 'all'] as const)('the second time tells where it was taken and released (sites: %s)', (sites) => {
    const ld = createLockdep({ sites });
    const [a] = locks(ld, ['a']);
    const p = ld.owner('p');
    p.acquire(a); // taken
    p.release(a); // released
    p.release(a); // again
    const found = only(ld, 'bad-release');
    const lines = [found.lastTaken, found.lastReleased, found.released].map((site) => site?.line);
    expect(lines).toEqual(['taken', 'released', 'again'].map((word) => lineOf(__filename, word)));
    expect(found.holder).toBeNull();
  });

  it('the second time tells of the last time, where every place is looked at', () => {
    const ld = createLockdep({ sites: 'all' });
    const [a] = locks(ld, ['a']);
    const p = ld.owner('p');
    nest(p, [a]);
    p.acquire(a); // last taken
    p.release(a); // last released
    p.release(a);
    const { lastTaken, lastReleased } = only(ld, 'bad-release');
    const expected = ['last taken', 'last released'].map((word) => lineOf(__filename, word));
    expect([lastTaken?.line, lastReleased?.line]).toEqual(expected);
  });

  it('of what another owner holds names him, and leaves it to him', () => {
    const { ld, p, q, a } = world();
    q.acquire(a); // q took it
    p.release(a);
    const { holder, message } = only(ld, 'wrong-owner-release');
    expect([holder?.owner, holder?.site?.line]).toEqual(['q', lineOf(__filename, 'q took it')]);
    expect([message, heldNames(q)]).toEqual(['p releases a, which q holds.', ['a']]);
  });
});

describe('the order of releases', () => {
  const CASES = [
    [undefined, []],
    ['error', ['release-order error ×3']],
    ['warning', ['release-order warning ×3']],
    ['off', []],
  ] as const;

  it.each(CASES)('is of interest where the rule is %s', (severity, expected) => {
    const ld = createLockdep(severity === undefined ? {} : { rules: { 'release-order': severity } });
    const [a, b, c] = locks(ld, ['a', 'b', 'c']);
    const p = ld.owner('p');
    for (let turn = 0; turn < 3; turn++) {
      nest(p, [a, b, c]);
      for (const lock of [a, b]) p.acquire(lock);
      for (const lock of [a, b]) p.release(lock);
    }
    expect(ld.violations.map((one) => `${one.rule} ${one.severity} ×${one.count}`)).toEqual(expected);
    for (const { message } of ld.violations) expect(message).toBe('p releases a before b, which it took later.');
  });
});
