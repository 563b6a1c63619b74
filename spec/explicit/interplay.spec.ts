/** Where two features meet: each program, and the rules that it breaks. */
import {
  createLockdep,
  type Lock,
  type Lockdep,
  type LockdepOptions,
  type LockOptions,
  type Owner,
} from '../../lib/index.ts';

interface Scene {
  readonly ld: Lockdep;
  readonly p: Owner;
  readonly q: Owner;
  lock(name: string, options?: LockOptions): Lock;
}

type Row = readonly [title: string, program: (scene: Scene) => void, rules: readonly string[]];

const sceneOf = (options: LockdepOptions = {}): Scene => {
  const ld = createLockdep(options);
  const lock = (name: string, own: LockOptions = {}): Lock => ld.lock(name, { kind: 'spin', ...own });
  return { ld, p: ld.owner('p'), q: ld.owner('q'), lock };
};

const rulesOf = (ld: Lockdep): string[] => ld.violations.map(({ rule }) => rule);

const ROWS: readonly Row[] = [
  [
    'a lock that is re-classed is used as its new class',
    ({ p, lock }) => {
      const [a, b] = [lock('a'), lock('b')];
      p.acquire(a);
      p.setClass(a, 'b');
      p.release(a);
      p.hardirqEnter();
      p.acquire(b);
    },
    ['irq-inconsistent'],
  ],
  [
    'a lock that is re-classed has the level of its new class',
    ({ p, lock }) => {
      lock('low', { level: 1 });
      const [high, middle] = [lock('high', { level: 3 }), lock('middle', { level: 4 })];
      p.acquire(high);
      p.acquire(middle);
      p.setClass(middle, 'low');
    },
    ['level-order'],
  ],
  [
    'an inner lock that inhibits what an outer one inhibits leaves it inhibited',
    ({ p, lock }) => {
      const [a, b] = [lock('a', { inhibits: 'hardirq' }), lock('b', { inhibits: 'hardirq' })];
      p.acquire(a);
      p.acquire(b);
      p.release(b);
      p.assertIrqsDisabled();
      p.release(a);
      p.assertIrqsEnabled();
    },
    [],
  ],
  [
    'a lock that inhibits what is disabled leaves it disabled',
    ({ p, lock }) => {
      const a = lock('a', { inhibits: 'hardirq' });
      p.hardirqDisable();
      p.acquire(a);
      p.release(a);
      p.assertIrqsDisabled();
    },
    [],
  ],
  [
    'units that are given back in a handler do not shift what the handler holds',
    ({ p, ld, lock }) => {
      const [units, a] = [ld.lock('units', { kind: 'semaphore', capacity: 2 }), lock('a')];
      p.acquire(units);
      p.hardirqEnter();
      p.release(units);
      p.acquire(a);
      p.release(a);
      p.hardirqExit();
      p.assertNoneHeld();
    },
    [],
  ],
  [
    'a handler does not release what an interrupted handler of its like holds, however well known the step is',
    ({ p, lock }) => {
      const a = lock('a');
      p.hardirqEnter();
      for (let turn = 0; turn < 2; turn++) {
        p.acquire(a);
        p.release(a);
      }
      p.acquire(a);
      p.hardirqEnter();
      p.release(a);
    },
    ['bad-release'],
  ],
  [
    'another owner that gives units back lets in what they kept out',
    ({ p, q, ld }) => {
      const units = ld.lock('units', { kind: 'semaphore', capacity: 2, inhibits: 'hardirq' });
      p.acquire(units);
      q.release(units);
      p.assertIrqsEnabled();
    },
    [],
  ],
  [
    'units that are declared owned are not given back by another',
    ({ p, q, ld }) => {
      const units = ld.lock('units', { kind: 'semaphore', capacity: 2, owned: true });
      p.acquire(units);
      q.release(units);
      p.assertHeld(units);
    },
    ['wrong-owner-release'],
  ],
  [
    'a pin of one lock does not hold another one that is folded with it',
    ({ p, lock }) => {
      const [guard, one, two] = [lock('guard'), lock('x'), lock('x')];
      p.acquire(guard);
      p.acquire(one, { nest: guard });
      p.pin(one);
      p.acquire(two, { nest: guard });
      p.release(two);
      p.release(one);
    },
    ['pinned-release'],
  ],
  [
    'a downgrade of one lock leaves another one, folded with it, as it is',
    ({ p, lock }) => {
      const rw = { kind: 'rwlock' };
      const [guard, one, two] = [lock('guard'), lock('x', rw), lock('x', rw)];
      p.acquire(guard);
      p.acquire(one, { nest: guard });
      p.acquire(two, { nest: guard });
      p.downgrade(two);
      p.assertHeldExclusive(one);
      p.assertHeldShared(two);
    },
    [],
  ],
  [
    'a comparison looks at all locks that are folded into one',
    ({ p, lock }) => {
      const compare = (held: Lock, wanted: Lock): number => Number(held.data) - Number(wanted.data);
      const [one, five, three] = [1, 5, 3].map((data) => lock('x', { compare, data })) as [Lock, Lock, Lock];
      const guard = lock('guard');
      p.acquire(guard);
      p.acquire(one, { nest: guard });
      p.acquire(five, { nest: guard });
      p.acquire(three);
    },
    ['recursion'],
  ],
  [
    'what is taken after a guarded lock depends on what is below that, too',
    ({ p, q, lock }) => {
      const [guard, one, two, a, z] = [lock('guard'), lock('x'), lock('x'), lock('a'), lock('z')];
      p.acquire(guard);
      p.acquire(one, { nest: guard });
      p.acquire(a);
      p.acquire(two, { nest: guard });
      p.acquire(z);
      q.acquire(z);
      q.acquire(a);
    },
    ['order-cycle'],
  ],
  [
    'a guard that is released first leaves no other finding behind than that',
    ({ p, lock }) => {
      const [guard, one, two, y] = [lock('guard'), lock('x'), lock('x'), lock('y')];
      p.acquire(guard);
      p.acquire(one, { nest: guard });
      p.acquire(y);
      p.acquire(two, { nest: guard });
      p.release(guard);
    },
    ['nest-not-held', 'nest-not-held'],
  ],
];

describe.each(['kernel', 'default'] as const)('in the %s profile', (profile) => {
  it.each(ROWS)('%s', (_, program, rules) => {
    const scene = sceneOf({ profile });
    program(scene);
    expect(rulesOf(scene.ld)).toEqual(rules);
    expect(scene.ld.failure).toBeNull();
  });

  it('a lock that is refused leaves no mark', () => {
    const { ld, p } = sceneOf({ profile, onViolation: 'throw' });
    const m = ld.lock('m');
    p.hardirqEnter();
    expect(() => p.acquire(m)).toThrow('wait-context');
    p.hardirqExit();
    expect(() => p.acquire(m)).not.toThrow();
    expect(rulesOf(ld)).toEqual(['wait-context']);
  });

  it('is an error for every nesting of a class once two of its locks were nested both ways', () => {
    const { ld, p } = sceneOf({ profile });
    const [x, y, z, u] = ['n', 'n', 'n', 'n'].map((name) => ld.lock(name)) as [Lock, Lock, Lock, Lock];
    const nest = (outer: Lock, inner: Lock): void => {
      p.acquire(outer);
      p.acquire(inner);
      p.release(inner);
      p.release(outer);
    };
    nest(x, y);
    nest(y, x);
    const before = ld.violations.at(-1)?.count ?? 0;
    nest(z, u);
    const last = ld.violations.at(-1);
    expect([last?.rule, last?.severity, last?.count]).toEqual(['recursion', 'error', before + 1]);
  });
});

it('a snapshot with a nesting level survives JSON', () => {
  const { ld, p, lock } = sceneOf();
  p.acquire(lock('a'), { subclass: 1 });
  const snapshot = ld.snapshot();
  expect(JSON.parse(JSON.stringify(snapshot)).classes).toEqual(snapshot.classes);
});
