/**
 * Several locks of one class: under a guard that makes their order irrelevant, and told apart by subclass.
 */
import { createLockdep, type RuleId } from '../../lib/index.ts';
import { MAP, MUTEX, RWSEM, SPIN } from './how.ts';
import { all, give, type How, orderName, orders, pair, run, type Step, take, takeUnder } from './program.ts';
import { QUIET, selftest, told } from './selftest.ts';

const GUARDS: readonly (readonly [How, How])[] = [
  [SPIN, SPIN],
  [MUTEX, MUTEX],
  [MUTEX, SPIN],
  [MAP, MUTEX],
  [RWSEM.write, RWSEM.write],
];

describe.each(GUARDS.map(([guard, how]) => [guard.label, how.label, guard, how] as const))(
  'a guard: %s over %s',
  (_, __, guard, how) => {
    const G = [guard, 'G'] as const;
    const nested = (name: string): Step => takeUnder(how, name, G);
    const [lock, unlock] = [take(...G), give(...G)];
    const freeAll = (names: readonly string[]): Step => all(...names.map((name) => give(how, name)));
    /** What is told as well of the guard inside what it guards. */
    const sleeps: readonly RuleId[] = guard === MUTEX && how === SPIN ? ['wait-context'] : [];
    const inside = all(lock, nested('X1'), nested('X2'), nested('X3'));

    selftest([
      {
        name: 'covers what is taken under it',
        events: [all(inside, freeAll(['X3', 'X2', 'X1']), unlock)],
        verdict: QUIET,
      },
      {
        name: 'covers both directions',
        events: [
          ['X1', 'X2'],
          ['X2', 'X1'],
        ].map((names) => all(lock, ...names.map(nested), freeAll(names.toReversed()), unlock)),
        verdict: QUIET,
      },
      ...orders(3).map((order) => {
        const names = order.map((at) => `X${at + 1}`);
        return {
          name: `lets go in any order: ${orderName(order)}`,
          events: [all(inside, freeAll(names), unlock)],
          verdict: QUIET,
        };
      }),
      {
        name: 'lets go of each once',
        events: [all(inside, freeAll(['X1', 'X2', 'X3', 'X2']), unlock)],
        verdict: told('bad-release'),
      },
      {
        name: 'covers another lock between',
        events: [all(lock, nested('X1'), take(how, 'A'), nested('X2'))],
        verdict: QUIET,
      },
      {
        name: 'makes no dependency of what is covered on a lock between',
        events: [
          all(lock, nested('X1'), take(how, 'A'), nested('X2'), freeAll(['X2', 'A', 'X1']), unlock),
          pair([how, 'X1'], [how, 'A']),
        ],
        verdict: QUIET,
      },
      { name: 'that is not held', events: [nested('X1')], verdict: told('nest-not-held') },
      {
        name: 'that is not held, over two',
        events: [all(nested('X1'), nested('X2'))],
        // The second one is a lock of a held class without a guard as well.
        verdict: { must: ['nest-not-held', 'recursion'], may: ['nest-not-held'] },
      },
      {
        name: 'does not cover what is taken without it',
        events: [all(lock, nested('X1'), take(how, 'X2'))],
        verdict: told('recursion'),
      },
      {
        name: 'does not cover what is taken later without it, though the classes are the same',
        events: [
          all(lock, nested('X1'), nested('X2'), freeAll(['X2', 'X1']), unlock),
          all(lock, take(how, 'X1'), take(how, 'X2'), freeAll(['X2', 'X1']), unlock),
        ],
        verdict: told('recursion'),
      },
      {
        name: 'does not cover the lock below it',
        events: [all(take(how, 'X1'), lock, nested('X2'))],
        verdict: { must: ['recursion', ...sleeps], may: ['order-cycle'] },
      },
      {
        name: 'orders its class against others',
        events: [all(lock, nested('X1'), nested('X2'), freeAll(['X2', 'X1']), unlock), pair([how, 'X1'], G)],
        verdict: told('order-cycle', ...sleeps),
      },
    ]);
  },
);

describe('subclasses', () => {
  const sub = (name: string, subclass: number): Step => take(MUTEX, name, { subclass });
  const freed = all(give(MUTEX, 'X2'), give(MUTEX, 'X1'));
  selftest([
    { name: 'tell two of one class apart', events: [all(sub('X1', 0), sub('X2', 1))], verdict: QUIET },
    { name: 'of 0 are the class itself', events: [all(take(MUTEX, 'X1'), sub('X2', 0))], verdict: told('recursion') },
    { name: 'are classes', events: [all(sub('X1', 1), sub('X2', 1))], verdict: told('recursion') },
    { name: 'nest deeper', events: [all(sub('X1', 0), sub('X2', 1), sub('X3', 2), sub('X4', 7))], verdict: QUIET },
    {
      name: 'have an order among them',
      events: [all(sub('X1', 0), sub('X2', 1), freed), all(sub('X1', 1), sub('X2', 0), freed)],
      verdict: told('order-cycle'),
    },
    {
      name: 'have the same order whichever the instances',
      events: [all(sub('X1', 0), sub('X2', 1), freed), all(sub('X2', 0), sub('X1', 1), freed)],
      // As the kernel has it; whoever knows the instances may tell of them.
      verdict: QUIET,
      inDefault: { must: [], may: ['recursion', 'order-cycle'] },
    },
  ]);

  it('keep the name of the lock', () => {
    const ld = createLockdep({ profile: 'kernel' });
    const names: string[] = [];
    const named: Step = ({ lock }) => names.push(lock(RWSEM.write, 'X1').name);
    const changed: Step = ({ owner, lock }) => owner.setSubclass(lock(RWSEM.write, 'X1'), 1);
    run(ld, [all(take(RWSEM.write, 'X1'), named, changed, named, give(RWSEM.write, 'X1'), named)], 'one cpu');
    expect(names).toEqual(Array(3).fill(names[0]));
    expect(ld.violations).toEqual([]);
  });
});
