/**
 * What the kernel's search does not see: it visits each class once, so that a class that is first reached by a way which leads
 * nowhere is closed to a later way which leads on. Its self-test has no such case, and all of these are to be told.
 */
import { type Context, HARDIRQ, inHandler, masked, SOFTIRQ } from './context.ts';
import { RWLOCK_ASKED, RWLOCK_FORCED, type Shared, SPIN } from './how.ts';
import {
  all,
  type Cast,
  type How,
  inOrder,
  orderName,
  orders,
  pair,
  type Step,
  take,
  takeUnder,
  use,
} from './program.ts';
import { type Case, QUIET, selftest, told, toldIn } from './selftest.ts';

const EACH: readonly Cast[] = ['a cpu for each event'];

/** `A → B` as a recursive reader, which leads no further, and `A → C → B` as a writer, which goes on from B to D. */
const steps = ({ read, write }: Shared): Step[] => [
  pair([SPIN, 'A'], [read, 'B']),
  pair([SPIN, 'A'], [SPIN, 'C']),
  pair([SPIN, 'C'], [write, 'B']),
  pair([read, 'B'], [SPIN, 'D']),
];

describe.each([RWLOCK_FORCED, RWLOCK_ASKED].map((shared) => [shared.label, shared] as const))('%s', (_, shared) => {
  const parts = steps(shared);

  /** In each order of the steps; the one that closes the ring comes last, or first. */
  const permuted = (name: string, chosen: readonly number[], verdict: Case['verdict']): Case[] =>
    orders(chosen.length).flatMap((order) => {
      const events = inOrder(inOrder(parts, chosen), order);
      const back = pair([SPIN, 'D'], [SPIN, 'A']);
      return [
        { name: `${name} ${orderName(order)}, closed last`, events: [...events, back], verdict },
        { name: `${name} ${orderName(order)}, closed first`, events: [back, ...events], verdict },
      ];
    });

  selftest([
    ...permuted('a ring by both ways', [0, 1, 2, 3], told('order-cycle')),
    ...permuted('a ring by the strong way', [1, 2, 3], told('order-cycle')),
    ...permuted('no ring by the weak way', [0, 3], QUIET),
  ]);

  const safe = (context: Context, chosen: readonly number[]): Step[] => [
    masked(context, ...inOrder(parts, chosen)),
    use(SPIN, 'D'),
    inHandler(context, use(SPIN, 'A')),
  ];
  selftest(
    orders(4).flatMap((order) =>
      orders(3).map((turn): Case => {
        return {
          name: `from hardirq to D: steps ${orderName(order)}, events ${orderName(turn)}`,
          events: inOrder(safe(HARDIRQ, order), turn),
          verdict: toldIn('hardirq', turn.at(-1) === 0 ? 'irq-order' : 'irq-inversion'),
        };
      }),
    ),
  );
  selftest(
    [HARDIRQ, SOFTIRQ].flatMap((context) =>
      orders(3).map((turn): Case => {
        return {
          name: `from ${context.label} to D by the weak way: events ${orderName(turn)}`,
          events: inOrder(safe(context, [0, 3]), turn),
          verdict: QUIET,
        };
      }),
    ),
  );
});

/** Its chain cache knows no guards: classes that were nested under one once pass without it. */
describe('a chain that was accepted under a guard', () => {
  const G: readonly [How, string] = [SPIN, 'G'];
  const guarded = all(take(...G), takeUnder(SPIN, 'X1', G), takeUnder(SPIN, 'X2', G));
  const bare = all(take(...G), take(SPIN, 'X1'), take(SPIN, 'X2'));
  selftest([
    { name: 'is not accepted without it', events: [guarded, bare], casts: EACH, verdict: told('recursion') },
    { name: 'is accepted again', events: [guarded, guarded], casts: EACH, verdict: QUIET },
  ]);
});
