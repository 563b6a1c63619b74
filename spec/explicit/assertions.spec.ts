import { createLockdep, type Lockdep } from '../../lib/lockdep.ts';
import { LockdepError } from '../../lib/policy.ts';
import type { LockInstance } from '../../lib/state/classes.ts';
import { findings, heldNames, lineOf, locks, nest, only } from '../state/world.ts';
import type { Cast } from './cast.ts';

interface World extends Cast {
  readonly r: LockInstance;
  readonly other: LockInstance;
}

/** What the owner is doing, and the claim. */
type Scene = (world: World) => unknown;

const none: Scene = () => {};
const writer: Scene = ({ p, r }) => p.acquire(r);
const reader: Scene = ({ p, r }) => p.acquire(r, { mode: 'shared' });
const recursive: Scene = ({ p, r }) => p.acquire(r, { mode: 'recursive-shared' });
const tried: Scene = ({ p, r }) => p.acquire(r, { try: true });
const another: Scene = ({ p, other }) => p.acquire(other);
const somebody: Scene = ({ q, r }) => q.acquire(r);
const subclassed: Scene = ({ p, r }) => p.acquire(r, { subclass: 2 });

const held: Scene = ({ p, r }) => p.assertHeld(r);
const exclusive: Scene = ({ p, r }) => p.assertHeldExclusive(r);
const shared: Scene = ({ p, r }) => p.assertHeldShared(r);
const notHeld: Scene = ({ p, r }) => p.assertNotHeld(r);
const noneHeld: Scene = ({ p }) => p.assertNoneHeld();

const CASES: [what: string, scene: Scene, claim: Scene, message: string | null][] = [
  ['held, by none', none, held, 'p does not hold r.'],
  ['held, as writer', writer, held, null],
  ['held, as reader', reader, held, null],
  ['held, as recursive reader', recursive, held, null],
  ['held, by a try', tried, held, null],
  ['held, in a subclass', subclassed, held, null],
  ['held, another of the class', another, held, 'p does not hold r.'],
  ['held, by somebody else', somebody, held, 'p does not hold r; q holds it.'],
  ['exclusive, by none', none, exclusive, 'p does not hold r.'],
  ['exclusive, as writer', writer, exclusive, null],
  ['exclusive, as reader', reader, exclusive, 'p holds r as shared, not as exclusive.'],
  ['exclusive, as recursive reader', recursive, exclusive, 'p holds r as recursive-shared, not as exclusive.'],
  ['exclusive, by somebody else', somebody, exclusive, 'p does not hold r; q holds it.'],
  ['shared, as writer', writer, shared, 'p holds r as exclusive, not as shared.'],
  ['shared, as reader', reader, shared, null],
  ['shared, as recursive reader', recursive, shared, null],
  ['mode exclusive', writer, ({ p, r }) => p.assertHeld(r, 'exclusive'), null],
  ['mode shared', reader, ({ p, r }) => p.assertHeld(r, 'shared'), null],
  ['mode of the other', writer, ({ p, r }) => p.assertHeld(r, 'shared'), 'p holds r as exclusive, not as shared.'],
  ['not held, by none', none, notHeld, null],
  ['not held, as reader', reader, notHeld, 'p holds r.'],
  ['not held, by a try', tried, notHeld, 'p holds r.'],
  ['not held, another of the class', another, notHeld, null],
  ['not held, by somebody else', somebody, notHeld, null],
  ['none held', none, noneHeld, null],
  ['none held, by somebody else', somebody, noneHeld, null],
  ['none held, one', reader, noneHeld, 'p holds r.'],
  ['none held, two', (w) => [tried(w), w.p.acquire(w.other, { try: true })], noneHeld, 'p holds r, r.'],
  ['owner', none, ({ p }) => p.assertOwner('p'), null],
  ['owner, as object', none, ({ p }) => p.assertOwner(p), null],
  ['owner, another', none, ({ p }) => p.assertOwner('q'), 'p runs what only q may.'],
  ['owner, another object', none, ({ p, q }) => p.assertOwner(q), 'p runs what only q may.'],
  ['irqs disabled', none, ({ p }) => p.assertIrqsDisabled(), 'p runs with hardirq enabled, not disabled.'],
  ['irqs disabled, they are', ({ p }) => p.irqSave(), ({ p }) => p.assertIrqsDisabled(), null],
  ['irqs disabled, in a handler', ({ p }) => p.hardirqEnter(), ({ p }) => p.assertIrqsDisabled(), null],
  ['irqs enabled', none, ({ p }) => p.assertIrqsEnabled(), null],
  [
    'irqs enabled, they are not',
    ({ p }) => p.hardirqDisable(),
    ({ p }) => p.assertIrqsEnabled(),
    'p runs with hardirq disabled, not enabled.',
  ],
  ['softirqs disabled', none, ({ p }) => p.assertSoftirqsDisabled(), 'p runs with softirq enabled, not disabled.'],
  ['softirqs enabled', ({ p }) => p.hardirqEnter(), ({ p }) => p.assertSoftirqsEnabled(), null],
  [
    'softirqs enabled, they are not',
    ({ p }) => p.softirqDisable(),
    ({ p }) => p.assertSoftirqsEnabled(),
    'p runs with softirq disabled, not enabled.',
  ],
  ['another context', ({ p }) => p.disable('signal'), ({ p }) => p.assertDisabled('signal'), null],
  [
    'another context, enabled',
    none,
    ({ p }) => p.assertDisabled('signal'),
    'p runs with signal enabled, not disabled.',
  ],
  ['in a context', none, ({ p }) => p.assertInContext('signal'), 'p runs with signal not entered.'],
  ['in a context, it is', ({ p }) => p.enter('signal'), ({ p }) => p.assertInContext('signal'), null],
  ['disabled is not in', ({ p }) => p.disable('signal'), ({ p }) => p.assertNotInContext('signal'), null],
  [
    'not in a context',
    ({ p }) => p.enter('signal'),
    ({ p }) => p.assertNotInContext('signal'),
    'p runs with signal entered.',
  ],
  ['may sleep', none, ({ p }) => p.assertMaySleep(), null],
  [
    'may sleep, in a handler',
    ({ p }) => p.softirqEnter(),
    ({ p }) => p.assertMaySleep(),
    'p may not sleep: it is in softirq.',
  ],
  [
    'may sleep, with irqs off',
    ({ p }) => p.hardirqDisable(),
    ({ p }) => p.assertMaySleep(),
    'p may not sleep: hardirq is disabled.',
  ],
  ['may sleep, under a spinning lock', writer, ({ p }) => p.assertMaySleep(), 'p may not sleep: it holds r, a rwlock.'],
  ['may sleep, with signals off', ({ p }) => p.disable('signal'), ({ p }) => p.assertMaySleep(), null],
];

const RULES: [start: string, rule: string][] = [
  ['none held', 'assert-none-held'],
  ['not held', 'assert-not-held'],
  ['owner', 'assert-owner'],
  ['may sleep', 'assert-may-sleep'],
];

function ruleOf(what: string): string {
  const isContext = /irqs|context/.test(what.split(',')[0] as string) || what === 'disabled is not in';
  return isContext ? 'assert-context' : (RULES.find(([start]) => what.startsWith(start))?.[1] ?? 'assert-held');
}

function worldOf(ld: Lockdep): World {
  const [r, other] = locks(ld, ['r', 'r'], { kind: 'rwlock' });
  return { ld, p: ld.owner('p', { yields: true }), q: ld.owner('q', { yields: true }), r, other };
}

const SIGNAL = { contexts: [{ name: 'signal' }] };

/** Breaks many rules, and leaves nothing behind. */
function havoc(ld: Lockdep): void {
  const owners = ['x', 'y'].map((name) => ld.owner(name));
  for (let turn = 0; turn < 12; turn++) {
    const [a, b, s] = [`a${turn}`, `b${turn}`, `s${turn}`].map((name) => ld.lock(name)) as [
      LockInstance,
      LockInstance,
      LockInstance,
    ];
    for (const owner of owners) {
      nest(owner, [a, b]);
      nest(owner, [b, a]);
      nest(owner, [s, s]);
      owner.release(s);
      owner.softirqExit();
    }
  }
}

describe('a claim', () => {
  it.each(CASES)('%s', (what, scene, claim, message) => {
    const world = worldOf(createLockdep(SIGNAL));
    scene(world);
    claim(world);
    const expected = message === null ? [] : [`${ruleOf(what)}: ${message}`];
    expect(world.ld.violations.map((one) => `${one.rule}: ${one.message}`)).toEqual(expected);
    const before = heldNames(world.p);
    for (let turn = 0; turn < 2; turn++) claim(world);
    expect(world.ld.violations.map(({ count }) => count)).toEqual(message === null ? [] : [3]);
    expect(heldNames(world.p)).toEqual(before);
  });

  it.each(CASES)('is as exact after many reports: %s', (what, scene, claim, message) => {
    const world = worldOf(createLockdep({ ...SIGNAL, resolver: () => null }));
    havoc(world.ld);
    const before = world.ld.violations.length;
    expect(before).toBeGreaterThan(30);
    scene(world);
    claim(world);
    const found = world.ld.violations.slice(before).map((one) => `${one.rule}: ${one.message}`);
    expect(found).toEqual(message === null ? [] : [`${ruleOf(what)}: ${message}`]);
  });

  it.each(CASES)('throws where that is the policy: %s', (what, scene, claim, message) => {
    const world = worldOf(createLockdep({ ...SIGNAL, onViolation: 'throw' }));
    scene(world);
    const before = heldNames(world.p);
    for (let turn = 0; turn < 2; turn++) {
      if (message === null) expect(() => claim(world)).not.toThrow();
      else expect(() => claim(world)).toThrow(LockdepError);
    }
    expect(heldNames(world.p)).toEqual(before);
    expect(world.ld.violations.map(({ rule }) => rule)).toEqual(message === null ? [] : [ruleOf(what)]);
  });

  it('names who holds the lock, and where he took it', () => {
    const world = worldOf(createLockdep());
    world.q.acquire(world.r); // q took r
    world.p.assertHeld(world.r); // claimed
    const { holder, asserted, lock } = only(world.ld, 'assert-held');
    expect([holder?.owner, holder?.site?.line]).toEqual(['q', lineOf(__filename, 'q took r')]);
    expect([asserted?.line, lock?.name]).toEqual([lineOf(__filename, 'claimed'), 'r']);
  });

  it('at one place is one finding, with a count', () => {
    const { ld, p, r } = worldOf(createLockdep());
    for (let turn = 0; turn < 4; turn++) p.assertHeld(r);
    expect(findings(ld)).toEqual(['assert-held certain ×4']);
  });

  it('must be made with words that are known', () => {
    const { ld, p, r } = worldOf(createLockdep());
    expect(() => p.assertHeld({} as never)).toThrow('lock: expected a lock');
    expect(() => p.assertOwner(undefined as never)).toThrow('owner: expected an owner or the name of one');
    expect(() => p.assertEnabled('nowhere')).toThrow('context: expected one of hardirq, softirq');
    expect(() => p.assertHeld(r, 'exclusiv' as never)).toThrow(TypeError);
    expect(ld.violations).toEqual([]);
  });
});
