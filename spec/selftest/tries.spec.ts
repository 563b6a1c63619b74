/**
 * Locks that are taken without waiting: nobody waits for them in a bad order, but others wait for who holds them.
 */
import { type Context, HARDIRQ, inHandler, masked, SOFTIRQ } from './context.ts';
import { EXCLUSIVE, MUTEX, RAW_SPIN, RWLOCK, SPIN } from './how.ts';
import { all, give, type How, inOrder, orderName, orders, type Step, take, tryTake, use } from './program.ts';
import { QUIET, selftest, told, toldIn } from './selftest.ts';

/** Takes the locks one inside the other; a letter in brackets is only tried. */
function nested(how: How, words: string): Step {
  const wanted = words.match(/[A-Z]\d?|\([A-Z]\d?\)/g) ?? [];
  const names = wanted.map((word) => word.replace(/[()]/g, ''));
  const taken = wanted.map((word, at) => (word.startsWith('(') ? tryTake : take)(how, names[at] ?? ''));
  return all(...taken, ...names.toReversed().map((name) => give(how, name)));
}

const RINGS: readonly (readonly [ring: string, isCycle: boolean])[] = [
  ['AB BA', true],
  ['A(B) BA', false],
  ['AB B(A)', false],
  ['A(B) B(A)', false],
  ['(A)B BA', true],
  ['(A)B (B)A', true],
  ['(A)(B) BA', false],
  ['A(B) BC CA', false],
  ['A(B)C CA', true],
  ['A(B)C CB', true],
  ['(A)(B)C CA', true],
  ['(A)(B)C CB', true],
  ['ABC CA', true],
  ['AB(C) CA', false],
];

describe('a ring', () => {
  selftest(
    EXCLUSIVE.flatMap((how) =>
      RINGS.map(([ring, isCycle]) => {
        const events = ring.split(' ').map((words) => nested(how, words));
        return { name: `${ring}: ${how.label}`, events, verdict: isCycle ? told('order-cycle') : QUIET };
      }),
    ),
  );
});

describe('two of one class', () => {
  selftest(
    EXCLUSIVE.flatMap((how) => [
      { name: `the second tried: ${how.label}`, events: [nested(how, 'X1(X2)')], verdict: QUIET },
      { name: `both tried: ${how.label}`, events: [nested(how, '(X1)(X2)')], verdict: QUIET },
      { name: `the first tried: ${how.label}`, events: [nested(how, '(X1)X2')], verdict: told('recursion') },
    ]),
  );
});

const SPINNING: readonly How[] = [SPIN, RAW_SPIN, RWLOCK.write];

const tried = (how: How): Step => nested(how, '(A)');

describe.each([
  ['hardirq', HARDIRQ],
  ['softirq', SOFTIRQ],
] as const)('a try and %s', (_, context: Context) => {
  const programs = (how: How) => [
    { label: 'in the handler does not wait', events: [inHandler(context, tried(how)), use(how, 'A')], verdict: QUIET },
    {
      label: 'in the task is held all the same',
      events: [inHandler(context, use(how, 'A')), tried(how)],
      verdict: toldIn(context.name, 'irq-inconsistent'),
    },
    {
      label: 'in the task that keeps the handler out',
      events: [inHandler(context, use(how, 'A')), masked(context, tried(how))],
      verdict: QUIET,
    },
  ];
  selftest(
    SPINNING.flatMap((how) =>
      programs(how).flatMap(({ label, events, verdict }) =>
        orders(2).map((order) => {
          return { name: `${label} ${orderName(order)}: ${how.label}`, events: inOrder(events, order), verdict };
        }),
      ),
    ),
  );
});

describe('a try of a lock that sleeps', () => {
  selftest([
    {
      name: 'under one that spins',
      events: [all(take(SPIN, 'A'), tryTake(MUTEX, 'B'), give(MUTEX, 'B'), give(SPIN, 'A'))],
      verdict: QUIET,
    },
    {
      name: 'does not lift what the outer one forbids',
      events: [all(take(SPIN, 'A'), tryTake(MUTEX, 'B'), take(MUTEX, 'C'))],
      verdict: told('wait-context'),
    },
  ]);
});
