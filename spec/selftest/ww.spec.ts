/**
 * Wound/wait locks as events: their context is a guard under which the order does not matter. After the ww rows of the kernel's
 * self-test, as far as they are about locks and not about the state of a context.
 */
import { MAP, SPIN, WW_MUTEX } from './how.ts';
import { all, type Cast, give, type Step, take, takeUnder, tryTake, use } from './program.ts';
import { QUIET, selftest, told, type Verdict } from './selftest.ts';

const EACH: readonly Cast[] = ['a cpu for each event'];

const CONTEXT = [MAP, 'T'] as const;

/** Ways to take a ww lock. They keep it. */
const WW = {
  block: (name: string): Step => take(WW_MUTEX, name),
  try: (name: string): Step => tryTake(WW_MUTEX, name),
  context: (name: string): Step => takeUnder(WW_MUTEX, name, CONTEXT),
};

const BEGIN: Step = take(...CONTEXT);

describe('two ww locks of one class', () => {
  // A context above the first lock does not cover it: that lock is as likely to be wanted by somebody who waits for the second.
  const uncovered: Verdict = { must: ['recursion'], may: ['order-cycle'] };
  selftest([
    { name: 'context, block', events: [all(BEGIN, WW.context('X1'), WW.block('X2'))], verdict: told('recursion') },
    { name: 'context, try', events: [all(BEGIN, WW.context('X1'), WW.try('X2'))], verdict: QUIET },
    { name: 'context, context', events: [all(BEGIN, WW.context('X1'), WW.context('X2'))], verdict: QUIET },
    { name: 'try, block', events: [all(WW.try('X1'), WW.block('X2'))], verdict: told('recursion') },
    { name: 'try, try', events: [all(WW.try('X1'), WW.try('X2'))], verdict: QUIET },
    { name: 'try, context', events: [all(WW.try('X1'), BEGIN, WW.context('X2'))], verdict: uncovered },
    { name: 'block, block', events: [all(WW.block('X1'), WW.block('X2'))], verdict: told('recursion') },
    { name: 'block, try', events: [all(WW.block('X1'), WW.try('X2'))], verdict: QUIET },
    { name: 'block, context', events: [all(WW.block('X1'), BEGIN, WW.context('X2'))], verdict: uncovered },
  ]);
});

describe('a ww lock and a spin lock, both ways round', () => {
  const [spin, lock, unlock] = [use(SPIN, 'A'), take(SPIN, 'A'), give(SPIN, 'A')];
  const freed = give(WW_MUTEX, 'X1');
  const ring = (way: (name: string) => Step): Step[] => [spin, way('X1'), spin, freed, lock, way('X1'), freed, unlock];
  selftest([
    { name: 'block', events: [all(...ring(WW.block))], verdict: told('order-cycle', 'wait-context') },
    { name: 'try', events: [all(...ring(WW.try))], verdict: QUIET },
    { name: 'context', events: [all(BEGIN, ...ring(WW.context))], verdict: told('order-cycle', 'wait-context') },
  ]);
});

describe('a ww context', () => {
  const back = [give(WW_MUTEX, 'X2'), give(WW_MUTEX, 'X1')];
  selftest([
    { name: 'twice at once', events: [all(take(MAP, 'X1'), take(MAP, 'X2'))], verdict: told('recursion') },
    { name: 'ended twice', events: [all(use(MAP, 'X1'), give(MAP, 'X1'))], verdict: told('bad-release') },
    { name: 'not begun', events: [WW.context('X1')], verdict: told('nest-not-held') },
    { name: 'ended before', events: [all(use(...CONTEXT), WW.context('X1'))], verdict: told('nest-not-held') },
    { name: 'begun by somebody else', events: [BEGIN, WW.context('X1')], casts: EACH, verdict: told('nest-not-held') },
    {
      name: 'whose lock is given back twice',
      events: [all(BEGIN, WW.context('X1'), give(WW_MUTEX, 'X1'), give(WW_MUTEX, 'X1'))],
      verdict: told('bad-release'),
    },
    {
      name: 'that backs off and begins again with the lock it lost',
      events: [all(BEGIN, WW.context('X1'), WW.context('X2'), ...back, WW.context('X2'), WW.context('X1'), ...back)],
      verdict: QUIET,
    },
    {
      name: 'of two owners that go opposite ways',
      events: [
        all(BEGIN, WW.context('X1'), WW.context('X2'), ...back, give(...CONTEXT)),
        all(BEGIN, WW.context('X2'), WW.context('X1'), ...back, give(...CONTEXT)),
      ],
      verdict: QUIET,
    },
  ]);
});
