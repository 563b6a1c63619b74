/**
 * Cases of the kernel's self-test that stand alone: per-CPU local locks, a path on which only one context matters, and
 * memory reclaim as a pseudo-lock.
 */
import { type Context, HARDIRQ, inHandler, masked, SOFTIRQ } from './context.ts';
import { LOCAL_LOCK, MAP, MUTEX, RAW_SPIN, SPIN } from './how.ts';
import { all, give, type How, inOrder, orderName, orders, pair, type Step, take, use } from './program.ts';
import { type Case, QUIET, selftest, told, toldIn } from './selftest.ts';

const CONTEXTS: readonly Context[] = [HARDIRQ, SOFTIRQ];

describe('local_lock', () => {
  const L = [LOCAL_LOCK, 'L'] as const;
  const [A, B] = [[SPIN, 'A'] as const, [SPIN, 'B'] as const];

  /** Every order of the events, which are quiet in all of them unless told otherwise. */
  const permuted = (name: string, context: Context, events: readonly Step[]): Case[] =>
    orders(events.length).map((order) => {
      return { name: `${name} ${orderName(order)}, ${context.label}`, events: inOrder(events, order), verdict: QUIET };
    });

  const safe = (context: Context): Step => inHandler(context, use(...A));

  selftest(
    CONTEXTS.flatMap((context) => [
      ...permuted('2: open, and taken under a safe lock', context, [
        use(...L),
        safe(context),
        masked(context, pair(A, L)),
      ]),
      ...permuted('3A: on the way from a safe lock to an unsafe one', context, [
        pair(L, B),
        safe(context),
        masked(context, pair(A, L)),
      ]),
    ]),
  );

  // The dependency that goes round the local lock is event 4.
  selftest(
    CONTEXTS.flatMap((context) => {
      const events = [pair(L, B), safe(context), masked(context, pair(A, L)), masked(context, pair(A, B))];
      return permuted('3B: and on a way round it', context, events).map((one, at): Case => {
        const order = orders(4)[at] ?? [];
        const last = order.filter((event) => event !== 2).at(-1);
        return { ...one, verdict: toldIn(context.name, last === 3 ? 'irq-order' : 'irq-inversion') };
      });
    }),
  );

  // No search finds a way through it, but the class itself is as bad as any.
  selftest(
    CONTEXTS.flatMap((context) =>
      permuted('itself taken in a handler, and open', context, [inHandler(context, use(...L)), use(...L)]).map(
        (one): Case => ({ ...one, verdict: toldIn(context.name, 'irq-inconsistent') }),
      ),
    ),
  );

  selftest([
    { name: 'in a ring', events: [pair(L, A), pair(A, L)], verdict: told('order-cycle') },
    { name: 'in a ring of three', events: [pair(L, A), pair(A, B), pair(B, L)], verdict: told('order-cycle') },
  ]);
});

describe('a path that is bad for hardirqs and not for softirqs', () => {
  const spin = (outer: string, inner: string): Step => masked(HARDIRQ, pair([SPIN, outer], [SPIN, inner]));
  const events = [
    all(take(MUTEX, 'M'), masked(HARDIRQ, use(SPIN, 'C')), give(MUTEX, 'M')),
    inHandler(HARDIRQ, use(SPIN, 'A')),
    spin('A', 'B'),
    spin('B', 'C'),
    inHandler(SOFTIRQ, use(SPIN, 'D')),
    masked(SOFTIRQ, use(SPIN, 'D')),
    spin('C', 'D'),
  ];
  const marks = [1, 5];
  const relevant = [1, 2, 3, 5, 6];
  /** Each event as the last one. */
  const rotated = events.map((_, at) => events.map((__, index) => (at + 1 + index) % events.length));

  selftest(
    rotated.map((order): Case => {
      const last = order.filter((at) => relevant.includes(at)).at(-1) ?? 0;
      return {
        name: orderName(order),
        events: inOrder(events, order),
        verdict: toldIn('hardirq', marks.includes(last) ? 'irq-inversion' : 'irq-order'),
      };
    }),
  );
  selftest([
    { name: 'without the hardirq', events: inOrder(events, [0, 2, 3, 4, 5, 6]), verdict: QUIET },
    { name: 'without the middle', events: inOrder(events, [0, 1, 2, 4, 5, 6]), verdict: QUIET },
    { name: 'without the end', events: inOrder(events, [0, 1, 2, 3, 4, 5]), verdict: QUIET },
    { name: 'with D open to nobody', events: inOrder(events, [0, 1, 2, 3, 4, 6]), verdict: QUIET },
  ]);
});

describe('memory reclaim', () => {
  const RECLAIM = [MAP, 'R'] as const;
  const allocate: Step = ({ owner, lock }) => owner.mightLock(lock(...RECLAIM));
  const reclaim = (...steps: readonly Step[]): Step => all(take(...RECLAIM), ...steps, give(...RECLAIM));
  const holding = (how: How, name: string, step: Step): Step => all(take(how, name), step, give(how, name));

  selftest([
    { name: 'that allocates outside it', events: [allocate, reclaim()], verdict: QUIET },
    { name: 'that allocates without reclaim', events: [reclaim(use(MUTEX, 'A'))], verdict: QUIET },
    { name: 'that allocates inside it', events: [reclaim(allocate)], verdict: told('recursion') },
    { name: 'that is entered twice', events: [reclaim(use(...RECLAIM))], verdict: told('recursion') },
    ...[MUTEX, SPIN, RAW_SPIN].map((how) => {
      return {
        name: `that takes a lock under which somebody allocates: ${how.label}`,
        events: [reclaim(use(how, 'A')), holding(how, 'A', allocate)],
        verdict: told('order-cycle'),
      };
    }),
    ...[MUTEX, SPIN, RAW_SPIN].map((how) => {
      return {
        name: `that takes a lock under which nobody allocates: ${how.label}`,
        events: [reclaim(use(how, 'A')), all(use(how, 'A'), allocate), holding(how, 'B', allocate)],
        verdict: QUIET,
      };
    }),
    {
      name: 'that takes a lock by way of another one',
      events: [reclaim(use(MUTEX, 'A')), pair([MUTEX, 'A'], [MUTEX, 'B']), holding(MUTEX, 'B', allocate)],
      verdict: told('order-cycle'),
    },
    {
      name: 'that takes a lock of a handler',
      events: [reclaim(use(SPIN, 'A')), inHandler(SOFTIRQ, use(SPIN, 'A'))],
      verdict: toldIn('softirq', 'irq-inconsistent'),
    },
  ]);
});
