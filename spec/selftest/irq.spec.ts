/**
 * Locks that a handler takes and that are held while the handler can interrupt, in one class or along a path, in every
 * order of the events. After the hardirq and softirq rows of the kernel's self-test.
 */
import { type Context, disable, enable, HARDIRQ, inHandler, masked, SIGNAL, SOFTIRQ, UNTHREADED } from './context.ts';
import { MUTEX, RAW_SPIN, RTMUTEX, RWLOCK, RWLOCKS, RWSEM, SPIN } from './how.ts';
import { all, give, type How, inOrder, orderName, orders, pair, type Step, take, use } from './program.ts';
import { type Case, QUIET, selftest, toldIn, type Verdict } from './selftest.ts';

/** The contexts with the writers that may be taken in their handlers. */
const WRITERS: readonly (readonly [Context, readonly How[]])[] = [
  [HARDIRQ, [SPIN, RAW_SPIN, RWLOCK.write]],
  [UNTHREADED, [RAW_SPIN]],
  [SOFTIRQ, [SPIN, RAW_SPIN, RWLOCK.write]],
  [SIGNAL, [SPIN, RAW_SPIN, MUTEX, RTMUTEX, RWSEM.write, RWLOCK.write]],
];

/** The contexts with the readers that may be taken in their handlers. All of them are recursive there. */
const READERS: readonly (readonly [Context, readonly How[]])[] = [HARDIRQ, SOFTIRQ, SIGNAL].map((context) => {
  return [context, RWLOCKS.map(({ read }) => read)];
});

interface Program {
  readonly label: string;
  readonly events: (context: Context, how: How) => readonly Step[];
  /** What is told of a writer when the events come in this order. */
  readonly verdict: (context: string, order: readonly number[]) => Verdict;
}

/** Steps that hold the lock and let the context in meanwhile. */
const opened = (context: Context, how: How): Step =>
  all(disable(context), take(how, 'A'), enable(context), give(how, 'A'));

const inconsistent = (context: string): Verdict => toldIn(context, 'irq-inconsistent');

/** Of a dependency A → B (event 1) and marks at its ends, what came last is what is told of. */
const byLast = (context: string, order: readonly number[]): Verdict =>
  toldIn(context, order.at(-1) === 0 ? 'irq-order' : 'irq-inversion');

const PROGRAMS: readonly Program[] = [
  {
    label: 'irqs on + irq-safe A',
    events: (context, how) => [inHandler(context, use(how, 'A')), use(how, 'A')],
    verdict: inconsistent,
  },
  {
    label: 'safe A + irqs on',
    events: (context, how) => [inHandler(context, use(how, 'A')), opened(context, how)],
    verdict: inconsistent,
  },
  {
    label: 'safe A + unsafe B #1',
    events: (context, how) => [pair([how, 'A'], [how, 'B']), use(how, 'B'), inHandler(context, use(how, 'A'))],
    // A is unsafe by itself, and B after it: the pair is found by the handler if the pair is known then, else by the pair.
    verdict: (context, order) =>
      toldIn(context, 'irq-inconsistent', order.indexOf(0) < order.indexOf(2) ? 'irq-inversion' : 'irq-order'),
  },
  {
    label: 'safe A + unsafe B #2',
    events: (context, how) => [
      masked(context, pair([how, 'A'], [how, 'B'])),
      use(how, 'B'),
      inHandler(context, use(how, 'A')),
    ],
    verdict: byLast,
  },
  {
    label: 'safe A + B opened while held',
    events: (context, how) => [
      masked(context, pair([how, 'B'], [how, 'A'])),
      opened(context, how),
      inHandler(context, use(how, 'B')),
    ],
    verdict: byLast,
  },
  {
    label: 'safe A + a path of two to unsafe C',
    events: (context, how) => [
      masked(context, pair([how, 'A'], [how, 'B']), pair([how, 'B'], [how, 'C'])),
      use(how, 'C'),
      inHandler(context, use(how, 'A')),
    ],
    verdict: byLast,
  },
];

function casesOf({ label, events, verdict }: Program, context: Context, how: How, isReader: boolean): Case[] {
  const steps = events(context, how);
  return orders(steps.length).map((order) => {
    return {
      name: `${label} ${orderName(order)}: ${how.label}, ${context.label}`,
      events: inOrder(steps, order),
      verdict: isReader ? QUIET : verdict(context.name, order),
      options: context.options,
    };
  });
}

describe.each(WRITERS.map(([context, hows]) => [context.label, context, hows] as const))('%s', (_, context, hows) => {
  selftest(PROGRAMS.flatMap((program) => hows.flatMap((how) => casesOf(program, context, how, false))));
});

describe.each(READERS.map(([context, hows]) => [context.label, context, hows] as const))(
  'only readers and %s',
  (_, context, hows) => {
    selftest(PROGRAMS.flatMap((program) => hows.flatMap((how) => casesOf(program, context, how, true))));
  },
);

describe('a softirq-safe lock held while hardirqs come on', () => {
  const events = (how: How): Step[] => [inHandler(SOFTIRQ, use(how, 'A')), opened(HARDIRQ, how)];
  const cases = (hows: readonly How[], verdict: Verdict): Case[] =>
    hows.flatMap((how) =>
      orders(2).map((order) => {
        return { name: `${orderName(order)}: ${how.label}`, events: inOrder(events(how), order), verdict };
      }),
    );
  selftest([
    ...cases([SPIN, RAW_SPIN, RWLOCK.write], inconsistent('softirq')),
    ...cases(
      RWLOCKS.map(({ read }) => read),
      QUIET,
    ),
  ]);
});

describe('a lock of handlers that is only ever taken with them kept out', () => {
  selftest(
    WRITERS.flatMap(([context, hows]) =>
      hows.map((how) => {
        return {
          name: `${how.label}, ${context.label}`,
          events: [
            inHandler(context, pair([how, 'A'], [how, 'B'])),
            masked(context, pair([how, 'A'], [how, 'B'])),
            use(how, 'C'),
            pair([how, 'C'], [how, 'D']),
          ],
          verdict: QUIET,
          options: context.options,
        };
      }),
    ),
  );
});

describe('a lock of one context, held open to another', () => {
  const others: readonly (readonly [Context, Context])[] = [
    [HARDIRQ, SIGNAL],
    [SOFTIRQ, SIGNAL],
  ];
  selftest(
    others.flatMap(([used, open]) =>
      [SPIN, RAW_SPIN].flatMap((how) =>
        orders(2).map((order) => {
          const steps = [inHandler(used, use(how, 'A')), masked(used, opened(open, how))];
          return {
            name: `${orderName(order)}: ${how.label}, ${used.label} and ${open.label}`,
            events: inOrder(steps, order),
            verdict: QUIET,
            options: open.options,
          };
        }),
      ),
    ),
  );
});
