/**
 * Irq rules with readers and writers: the lock inversion and the three read recursions of the kernel's self-test, in every
 * order of their events. Which of them can block a plain reader is what its queued-reader cases are about.
 */
import { type Context, HARDIRQ, inHandler, masked, SIGNAL, SOFTIRQ } from './context.ts';
import { RAW_SPIN, RWLOCK, RWLOCKS, type Shared, SPIN } from './how.ts';
import { all, give, type How, inOrder, orderName, orders, pair, type Step, take, use } from './program.ts';
import { type Case, QUIET, selftest, toldIn, type Verdict } from './selftest.ts';

const CONTEXTS: readonly Context[] = [HARDIRQ, SOFTIRQ, SIGNAL];

interface Program {
  readonly label: string;
  readonly events: (context: Context, shared: Shared, how: How) => readonly Step[];
  readonly writer: (context: string, order: readonly number[]) => Verdict;
  /** What is told where the readers of a task with the context disabled are plain. */
  readonly plainReader: (context: string, order: readonly number[]) => Verdict;
}

const quiet = (): Verdict => QUIET;

/** Of a dependency (event 1) and marks at its ends, what came last is what is told of. */
const byLast = (context: string, order: readonly number[]): Verdict =>
  toldIn(context, order.at(-1) === 0 ? 'irq-order' : 'irq-inversion');

const INVERSION: Program = {
  label: 'lock inversion',
  events: (context, { read, write }, how) => [
    masked(context, pair([write, 'A'], [how, 'B'])),
    use(how, 'B'),
    inHandler(context, use(read, 'A')),
  ],
  writer: byLast,
  plainReader: byLast,
};

const RECURSIONS: readonly Program[] = [
  {
    label: 'read recursion #1',
    events: (context, { read, write }, how) => [
      masked(context, use(write, 'A')),
      use(read, 'A'),
      inHandler(context, pair([how, 'A'], [SPIN, 'B'])),
    ],
    writer: (context) => toldIn(context, 'irq-inconsistent'),
    plainReader: quiet,
  },
  {
    label: 'read recursion #2',
    events: (context, { read }, how) => [
      masked(context, pair([SPIN, 'B'], [how, 'A'])),
      use(read, 'A'),
      inHandler(context, use(SPIN, 'B')),
    ],
    writer: byLast,
    plainReader: byLast,
  },
  {
    label: 'read recursion #3',
    events: (context, { read, write }, how) => [
      masked(context, pair([write, 'B'], [how, 'A'])),
      use(read, 'A'),
      inHandler(context, use(read, 'B')),
    ],
    writer: byLast,
    plainReader: byLast,
  },
];

function permuted(program: Program, context: Context, shared: Shared, how: How): Case[] {
  const events = program.events(context, shared, how);
  const isPlain = !shared.recursive && !context.readersWhenDisabled;
  const verdictOf = how.mode === 'exclusive' ? program.writer : isPlain ? program.plainReader : quiet;
  return orders(events.length).map((order) => {
    return {
      name: `${orderName(order)}: ${how.label}, ${shared.label}, ${context.label}`,
      events: inOrder(events, order),
      verdict: verdictOf(context.name, order),
      options: context.options,
    };
  });
}

describe('lock inversion', () => {
  selftest(
    CONTEXTS.flatMap((context) =>
      RWLOCKS.flatMap((shared) =>
        [SPIN, RAW_SPIN, shared.write, shared.read]
          .filter((how) => how !== RAW_SPIN || shared === RWLOCK)
          .flatMap((how) => permuted(INVERSION, context, shared, how)),
      ),
    ),
  );
});

describe.each(RECURSIONS.map((program) => [program.label, program] as const))('%s', (_, program) => {
  selftest(
    CONTEXTS.flatMap((context) =>
      RWLOCKS.flatMap((shared) =>
        [shared.write, shared.read].flatMap((how) => permuted(program, context, shared, how)),
      ),
    ),
  );
});

/** The readers of a task are plain here, those of a handler are not. */
describe('queued readers', () => {
  const { read } = RWLOCK;
  const steps = (context: Context, ...programs: readonly (readonly Step[])[]): Case[] =>
    programs.map((events, at) => {
      const isPlain = !context.readersWhenDisabled;
      const names = ['handler read-lock, task lock-read', 'handler lock-read, task read-lock'];
      const name = `${names[at]}: ${context.label}`;
      const verdict: Verdict = at === 0 && isPlain ? { must: ['order-cycle'] } : QUIET;
      return { name, events, verdict, options: context.options };
    });
  const [readLock, lockRead] = [pair([read, 'A'], [SPIN, 'B']), pair([SPIN, 'B'], [read, 'A'])];

  selftest(
    CONTEXTS.flatMap((context) =>
      steps(
        context,
        [inHandler(context, readLock), masked(context, lockRead)],
        [inHandler(context, lockRead), masked(context, readLock)],
      ),
    ),
  );
  selftest(
    CONTEXTS.flatMap((context) =>
      orders(3).map((order): Case => {
        const events = [masked(context, lockRead), use(read, 'A'), inHandler(context, use(SPIN, 'B'))];
        return {
          name: `inversion ${orderName(order)}: ${context.label}`,
          events: inOrder(events, order),
          verdict: context.readersWhenDisabled ? QUIET : byLast(context.name, order),
          options: context.options,
        };
      }),
    ),
  );
});

/** Two conditions at once: disabled softirqs make readers recursive, disabled hardirqs do not. */
describe('a reader that is recursive by where it is', () => {
  const { read, write } = RWLOCK;
  const twice = all(take(read, 'A'), use(read, 'A'), give(read, 'A'));
  const both = all(take(write, 'A'), use(read, 'A'), give(write, 'A'));
  const places = CONTEXTS.flatMap((context) => [
    { label: `${context.label} disabled`, context, put: masked, isRecursive: context.readersWhenDisabled },
    { label: `in ${context.label}`, context, put: inHandler, isRecursive: true },
  ]);
  selftest(
    places.flatMap(({ label, context, put, isRecursive }): Case[] => [
      {
        name: `may take the lock again: ${label}`,
        events: [put(context, twice)],
        verdict: isRecursive ? QUIET : { must: ['recursion'] },
        options: context.options,
      },
      {
        name: `may not take it as its own writer: ${label}`,
        events: [put(context, both)],
        verdict: { must: ['recursion'] },
        options: context.options,
      },
    ]),
  );
});
