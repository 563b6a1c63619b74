import { createLockdep } from '../../lib/lockdep.ts';
import type { Owner } from '../../lib/owner.ts';
import { heldNames, locks, only } from '../state/world.ts';
import { rules } from './cast.ts';

type Wait = 'free' | 'spin' | 'config' | 'sleep';

/** The table of semantics §2: what a holder may do, and where it may be taken if that is something else. */
const KINDS: Readonly<Record<string, readonly [inner: Wait | null, outer: Wait | null]>> = {
  raw_spin: ['spin', 'spin'],
  spin: ['config', 'config'],
  rwlock: ['config', 'config'],
  mutex: ['sleep', 'sleep'],
  rtmutex: ['sleep', 'sleep'],
  ww_mutex: ['sleep', 'sleep'],
  rwsem: ['sleep', 'sleep'],
  semaphore: ['sleep', 'sleep'],
  local_lock: ['config', 'config'],
  rcu: ['config', 'free'],
  rcu_bh: ['config', 'free'],
  rcu_sched: ['spin', 'free'],
  map: [null, null],
};
const NAMES = Object.keys(KINDS);

const SITUATIONS: readonly [what: string, enter: (owner: Owner) => void, limit: Wait][] = [
  ['task', () => {}, 'sleep'],
  ['irqs disabled', (owner) => owner.hardirqDisable(), 'sleep'],
  ['hardirq', (owner) => owner.hardirqEnter({ threaded: false }), 'spin'],
  ['threaded hardirq', (owner) => owner.hardirqEnter(), 'config'],
  ['softirq', (owner) => owner.softirqEnter(), 'config'],
  ['hardirq in softirq', (owner) => [owner.softirqEnter(), owner.hardirqEnter({ threaded: false })], 'spin'],
];

function rank(wait: Wait, realtime: boolean): number {
  const order = realtime ? ['free', 'spin', 'config', 'sleep'] : ['free', 'spin', 'sleep'];
  return order.indexOf(wait === 'config' && !realtime ? 'spin' : wait);
}

/** What the table says of a lock of the kind, asked for while those of `held` are held. */
function isForbidden(kind: string, held: readonly string[], { limit, realtime }: Setting): boolean {
  const inner = held.flatMap((one) => KINDS[one]?.[0] ?? []);
  const outer = KINDS[kind]?.[1];
  return outer != null && rank(outer, realtime) > Math.min(...[limit, ...inner].map((one) => rank(one, realtime)));
}

interface Setting {
  readonly limit: Wait;
  readonly realtime: boolean;
}

/** Whether the last lock breaks the rule. The others are tries: they wait for nothing, and forbid all the same. */
function breaks(held: readonly string[], kind: string, start: (owner: Owner) => void, realtime: boolean): boolean {
  const ld = createLockdep({ realtime, resolver: () => null });
  const p = ld.owner('p', { yields: true });
  start(p);
  for (const [at, one] of held.entries()) p.acquire(ld.lock(`h${at}`, { kind: one }), { try: true });
  if (ld.violations.length > 0) throw new Error(`${held.join(', ')}: a try is refused`);
  p.acquire(ld.lock('wanted', { kind }));
  return ld.violations.some(({ rule }) => rule === 'wait-context');
}

describe.each([true, false])('what may be waited for (realtime: %s)', (realtime) => {
  it.each(SITUATIONS)('in %s, under each kind, and in a task under each two', (what, start, limit) => {
    const pairs = what === 'task' ? NAMES.flatMap((one) => NAMES.map((other) => [one, other])) : [];
    const stacks = [[], ...NAMES.map((one) => [one]), ...pairs];
    const wrong = stacks.flatMap((held) =>
      NAMES.filter((kind) => breaks(held, kind, start, realtime) !== isForbidden(kind, held, { limit, realtime })).map(
        (kind) => `${held.join(', ')} → ${kind}`,
      ),
    );
    expect(wrong).toEqual([]);
  });

  it.each(NAMES)('under a %s deep in the stack', (deep) => {
    const above = ['map', 'mutex', 'rwsem', 'map', 'semaphore'];
    const wrong = NAMES.filter(
      (kind) =>
        breaks([deep, ...above], kind, () => {}, realtime) !==
        isForbidden(kind, [deep, ...above], { limit: 'sleep', realtime }),
    );
    expect(wrong).toEqual([]);
  });
});

describe('a forbidden wait', () => {
  it.each([
    ['spin', 'mutex', 'p asks for m, a mutex, while holding s, a spin.'],
    ['raw_spin', 'spin', 'p asks for m, a spin, while holding s, a raw_spin.'],
    ['rcu', 'rwsem', 'p asks for m, a rwsem, while holding s, a rcu.'],
  ])('under a %s names it', (outer, inner, message) => {
    const ld = createLockdep();
    const [s, m] = [ld.lock('s', { kind: outer }), ld.lock('m', { kind: inner })];
    const p = ld.owner('p', { yields: true });
    p.acquire(s);
    p.acquire(m);
    const found = only(ld, 'wait-context');
    expect([found.message, found.limit.lock?.name, found.limit.context]).toEqual([message, 's', null]);
  });

  it('in a handler names it', () => {
    const ld = createLockdep();
    const p = ld.owner('p');
    p.softirqEnter();
    p.acquire(ld.lock('m'));
    const found = only(ld, 'wait-context');
    expect([found.message, found.limit.lock, found.limit.context]).toEqual([
      'p asks for m, a mutex, in softirq.',
      null,
      'softirq',
    ]);
  });

  it('is counted on a way that is known, and none on another one', () => {
    const ld = createLockdep();
    const p = ld.owner('p', { yields: true });
    const [s] = locks(ld, ['s'], { kind: 'spin' });
    const [m] = locks(ld, ['m']);
    for (let turn = 0; turn < 3; turn++) {
      p.acquire(m);
      p.acquire(s);
      p.release(s);
      p.release(m);
      p.acquire(s);
      p.acquire(m);
      p.release(m);
      p.release(s);
    }
    expect(ld.violations.filter(({ rule }) => rule === 'wait-context').map(({ count }) => count)).toEqual([3]);
  });

  it('is none once the spinning lock is released, or where it was taken by the interrupted code', () => {
    const ld = createLockdep();
    const p = ld.owner('p', { yields: true });
    const [raw] = locks(ld, ['raw'], { kind: 'raw_spin' });
    const [s] = locks(ld, ['s'], { kind: 'spin' });
    const [m] = locks(ld, ['m']);
    p.acquire(raw);
    p.hardirqEnter();
    p.acquire(s);
    p.release(s);
    p.hardirqExit();
    expect(rules(ld)).toEqual([]);
    p.acquire(m, { try: true });
    p.release(raw);
    p.release(m);
    p.acquire(m);
    expect([rules(ld), heldNames(p)]).toEqual([[], ['m']]);
  });

  it('is none for a kind of its own that says so', () => {
    const kinds = [
      { name: 'lazy', inner: 'spin' as const, outer: 'sleep' as const },
      { name: 'sleepable', inner: 'sleep' as const, outer: 'free' as const, overridesWait: true },
    ];
    const found = (held: string, wanted: string): string[] => {
      const ld = createLockdep({ kinds });
      const p = ld.owner('p', { yields: true });
      p.acquire(ld.lock('held', { kind: held }));
      p.acquire(ld.lock('wanted', { kind: wanted }));
      return rules(ld);
    };
    expect(found('mutex', 'lazy')).toEqual([]);
    expect(found('spin', 'lazy')).toEqual(['wait-context']);
    expect(found('lazy', 'spin')).toEqual(['wait-context']);
    expect(found('spin', 'sleepable')).toEqual([]);
    expect(found('sleepable', 'mutex')).toEqual([]);
  });
});
