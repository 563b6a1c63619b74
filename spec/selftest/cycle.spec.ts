/**
 * Rings of locks: who takes them in orders that lead back to the start can block himself together with others. After the
 * A-A to A-B-C-D rows of the kernel's self-test.
 */
import { type Context, HARDIRQ, inHandler, masked, SOFTIRQ } from './context.ts';
import { EXCLUSIVE, PLAIN_READERS, RAW_SPIN, RECURSIVE_READERS, RWLOCK, SPIN } from './how.ts';
import { all, type How, inOrder, orderName, orders, pair, type Step, take } from './program.ts';
import { type Case, QUIET, selftest, told } from './selftest.ts';

/** Each pair of letters is an event: the first lock, then the second. */
const RINGS: readonly string[] = [
  'AB BA',
  'AB BC CA',
  'AB CA BC',
  'AB BC CD DA',
  'AB CD BD DA',
  'AB CD BC DA',
  'X1Y2 Y1X2',
  'X1Y1 Y2Z1 Z2X2',
];

const eventsOf = (how: How, ring: string): Step[] =>
  ring.split(' ').map((names) => {
    const [outer = '', inner = ''] = names.match(/[A-Z]\d?/g) ?? [];
    return pair([how, outer], [how, inner]);
  });

const aa = (how: How, second: string): Step[] => [all(take(how, 'X1'), take(how, second))];

const WAYS = [
  ...[...EXCLUSIVE, ...PLAIN_READERS].map((how) => ({ how, blocks: true })),
  ...RECURSIVE_READERS.map((how) => ({ how, blocks: false })),
];

describe('A-A', () => {
  selftest(
    WAYS.flatMap(({ how, blocks }) => [
      { name: `one ${how.label} twice`, events: aa(how, 'X1'), verdict: blocks ? told('recursion') : QUIET },
      { name: `two of one class: ${how.label}`, events: aa(how, 'X2'), verdict: blocks ? told('recursion') : QUIET },
    ]),
  );
});

describe('a ring', () => {
  selftest(
    WAYS.flatMap(({ how, blocks }) =>
      RINGS.map((ring) => {
        return {
          name: `${ring}: ${how.label}`,
          events: eventsOf(how, ring),
          verdict: blocks ? told('order-cycle') : QUIET,
        };
      }),
    ),
  );
});

describe('a ring without its last step', () => {
  selftest(
    WAYS.flatMap(({ how }) =>
      RINGS.filter((ring) => ring !== 'AB CD BD DA').map((ring) => {
        return { name: `${ring}: ${how.label}`, events: eventsOf(how, ring).slice(0, -1), verdict: QUIET };
      }),
    ),
  );
});

describe('a ring of four, in every order of its steps', () => {
  selftest(
    WAYS.filter(({ how }) => how.kind === 'spin' || how.kind === 'rwlock').flatMap(({ how, blocks }) =>
      orders(4).map((order) => {
        const events = inOrder(eventsOf(how, 'AB BC CD DA'), order);
        return { name: `${orderName(order)}: ${how.label}`, events, verdict: blocks ? told('order-cycle') : QUIET };
      }),
    ),
  );
});

interface Place {
  readonly label: string;
  readonly put: (step: Step) => Step;
  /** True where the readers of an rwlock are recursive. */
  readonly recursive: boolean;
}

const places = (context: Context): Place[] => [
  {
    label: `${context.label} disabled`,
    put: (step) => masked(context, step),
    recursive: context.readersWhenDisabled,
  },
  { label: `in ${context.label}`, put: (step) => inHandler(context, step), recursive: true },
];

function ringIn({ label, put, recursive }: Place): Case[] {
  return [SPIN, RAW_SPIN, RWLOCK.write, RWLOCK.read].flatMap((how) =>
    RINGS.map((ring) => {
      const isQuiet = recursive && how === RWLOCK.read;
      const events = eventsOf(how, ring).map(put);
      return { name: `${ring}: ${how.label}, ${label}`, events, verdict: isQuiet ? QUIET : told('order-cycle') };
    }),
  );
}

describe('a ring where not everybody can interrupt', () => {
  selftest([...places(HARDIRQ), ...places(SOFTIRQ)].flatMap(ringIn));
});

describe('a ring of which one step is taken in a handler', () => {
  const inside = ([first, ...rest]: readonly Step[]): Step[] => [
    ...(first === undefined ? [] : [inHandler(HARDIRQ, first)]),
    ...rest.map((step) => masked(HARDIRQ, step)),
  ];
  selftest(
    [SPIN, RAW_SPIN, RWLOCK.write].flatMap((how) =>
      RINGS.map((ring) => {
        return { name: `${ring}: ${how.label}`, events: inside(eventsOf(how, ring)), verdict: told('order-cycle') };
      }),
    ),
  );
});
