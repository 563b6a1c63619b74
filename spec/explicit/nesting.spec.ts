import { locks, nest } from '../state/world.ts';
import { type Family, family, guarded } from './cast.ts';

const CASES: [what: string, program: (world: Family) => void, found: string[], kernel?: string[]][] = [
  ['two of one class', ({ p, own: [a, b] }) => nest(p, [a, b]), ['recursion warning'], ['recursion error']],
  [
    'two of one class, in both directions',
    ({ p, q, own: [a, b] }) => [nest(p, [a, b]), nest(q, [b, a])],
    ['recursion warning', 'recursion error'],
    // The kernel's is the same defect: an error from the first time on.
    ['recursion error', 'recursion error'],
  ],
  ['one lock twice', ({ p, own: [a] }) => nest(p, [a, a]), ['recursion error']],
  ['a try of another one', ({ p, own: [a, b] }) => [p.acquire(a), p.acquire(b, { try: true })], []],
  [
    'another one over a try',
    ({ p, own: [a, b] }) => [p.acquire(a, { try: true }), p.acquire(b)],
    ['recursion warning'],
    ['recursion error'],
  ],
  ['another subclass', ({ p, own: [a, b] }) => [p.acquire(a), p.acquire(b, { subclass: 1 })], []],
  [
    'the same subclass',
    ({ p, own: [a, b] }) => nest(p, [a, b], { subclass: 3 }),
    ['recursion warning'],
    ['recursion error'],
  ],
  [
    'subclasses in both orders',
    ({ p, q, own: [a, b] }) => {
      p.acquire(a, { subclass: 1 });
      p.acquire(b, { subclass: 2 });
      q.acquire(a, { subclass: 2 });
      q.acquire(b, { subclass: 1 });
    },
    ['order-cycle error'],
  ],
  ['a guard that is held', guarded, []],
  [
    'a guard, in the other order too',
    ({ p, guard, own: [a, b, c] }) => {
      p.acquire(guard);
      nest(p, [a, b, c], { nest: guard });
      nest(p, [c, b, a], { nest: guard });
    },
    [],
  ],
  ['a guard that is not held', ({ p, guard, own: [a] }) => nest(p, [a], { nest: guard }), ['nest-not-held error']],
  [
    'a guard that somebody else holds',
    ({ p, q, guard, own: [a, b] }) => [q.acquire(guard), nest(p, [a, b], { nest: guard })],
    ['nest-not-held error', 'recursion warning'],
    ['nest-not-held error', 'recursion error'],
  ],
  [
    'one lock twice under a guard',
    ({ p, guard, own: [a] }) => [p.acquire(guard), nest(p, [a, a], { nest: guard })],
    ['recursion error'],
  ],
  [
    'a folded lock again under the guard',
    ({ p, guard, own: [a, b] }) => [p.acquire(guard), nest(p, [a, b, a], { nest: guard })],
    ['recursion error'],
  ],
  [
    'the guard released first',
    ({ p, guard, own: [a, b] }) => {
      p.acquire(guard);
      p.acquire(a, { nest: guard });
      p.acquire(b, { nest: guard });
      p.release(guard);
    },
    ['nest-not-held error'],
  ],
  [
    'a guard, and then none',
    (all) => {
      const {
        p,
        guard,
        own: [a, b],
      } = all;
      guarded(all);
      nest(p, [guard, a, b]);
    },
    ['recursion warning'],
    ['recursion error'],
  ],
  [
    'no guard, and then one',
    (all) => {
      const {
        p,
        guard,
        own: [a],
      } = all;
      nest(p, [guard, a]);
      guarded(all);
    },
    [],
  ],
  [
    'under a guard, with something in between',
    ({ p, guard, other, own: [a, b] }) => {
      p.acquire(guard);
      p.acquire(a, { nest: guard });
      p.acquire(other);
      p.acquire(b, { nest: guard });
    },
    [],
  ],
  [
    'readers of a plain kind',
    ({ p, ld }) => {
      nest(p, locks(ld, ['r', 'r'], { kind: 'rwsem' }), { mode: 'shared' });
    },
    ['recursion warning'],
    ['recursion error'],
  ],
  [
    'recursive readers',
    ({ p, ld }) => {
      nest(p, locks(ld, ['r', 'r'], { kind: 'rwlock' }), { mode: 'recursive-shared' });
    },
    [],
  ],
  [
    'a writer under a recursive reader',
    ({ p, ld }) => {
      const [r] = locks(ld, ['r'], { kind: 'rwlock' });
      p.acquire(r, { mode: 'recursive-shared' });
      p.acquire(r);
    },
    ['recursion error'],
  ],
];

describe.each(['default', 'kernel'] as const)('nesting of one class, %s profile', (profile) => {
  it.each(CASES)('%s', (_what, program, found, kernel = found) => {
    const all = family({}, profile);
    program(all);
    expect(all.ld.violations.map(({ rule, severity }) => `${rule} ${severity}`)).toEqual(
      profile === 'kernel' ? kernel : found,
    );
    expect(all.ld.failure).toBeNull();
  });
});
