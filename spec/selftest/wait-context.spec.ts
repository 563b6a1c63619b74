/**
 * Which lock may be taken where: a lock that waits in a stronger way than what is around it allows is refused. The matrix of
 * the kernel's self-test, with more kinds, for a real-time kernel and for another one.
 */
import { HARDIRQ, inHandler, masked, SOFTIRQ, UNTHREADED } from './context.ts';
import {
  LOCAL_LOCK,
  MAP,
  MUTEX,
  RAW_SPIN,
  RCU,
  RCU_BH,
  RCU_SCHED,
  RTMUTEX,
  RWLOCK,
  RWSEM,
  SPIN,
  WW_MUTEX,
} from './how.ts';
import { all, give, type How, type Step, take, tryTake, use } from './program.ts';
import { type Case, QUIET, selftest, told } from './selftest.ts';

/** What may be taken inside, from everything to only what spins on every kernel. */
type Allows = 'everything' | 'what spins or preempts' | 'what spins';

/** How an inner lock waits. */
type Waits = 'never' | 'spins' | 'spins or preempts' | 'sleeps';

const INNERS: readonly (readonly [Waits, readonly How[]])[] = [
  ['never', [RCU, RCU_BH, RCU_SCHED, MAP]],
  ['spins', [RAW_SPIN]],
  ['spins or preempts', [SPIN, LOCAL_LOCK, RWLOCK.write, RWLOCK.read]],
  ['sleeps', [MUTEX, RTMUTEX, WW_MUTEX, RWSEM.write, RWSEM.read]],
];

/** On a real-time kernel. On another one what spins or preempts only spins. */
const ALLOWED: Readonly<Record<Allows, readonly Waits[]>> = {
  everything: ['never', 'spins', 'spins or preempts', 'sleeps'],
  'what spins or preempts': ['never', 'spins', 'spins or preempts'],
  'what spins': ['never', 'spins'],
};

const ALLOWED_ELSEWHERE: Readonly<Record<Allows, readonly Waits[]>> = {
  ...ALLOWED,
  'what spins': ALLOWED['what spins or preempts'],
};

interface Outer {
  readonly label: string;
  readonly allows: Allows;
  readonly around: (step: Step) => Step;
}

const under = (how: How, allows: Allows): Outer[] => [
  { label: `under ${how.label}`, allows, around: (step) => all(take(how, 'A'), step, give(how, 'A')) },
  { label: `under ${how.label}, by a try`, allows, around: (step) => all(tryTake(how, 'A'), step, give(how, 'A')) },
];

const OUTERS: readonly Outer[] = [
  { label: 'in a task', allows: 'everything', around: (step) => step },
  { label: 'with hardirqs off', allows: 'everything', around: (step) => masked(HARDIRQ, step) },
  { label: 'with softirqs off', allows: 'everything', around: (step) => masked(SOFTIRQ, step) },
  { label: 'in a hardirq', allows: 'what spins or preempts', around: (step) => inHandler(HARDIRQ, step) },
  { label: 'in a hardirq, not threaded', allows: 'what spins', around: (step) => inHandler(UNTHREADED, step) },
  { label: 'in a softirq', allows: 'what spins or preempts', around: (step) => inHandler(SOFTIRQ, step) },
  ...under(RCU, 'what spins or preempts'),
  ...under(RCU_BH, 'what spins or preempts'),
  ...under(RCU_SCHED, 'what spins'),
  ...under(RAW_SPIN, 'what spins'),
  ...[SPIN, LOCAL_LOCK, RWLOCK.write, RWLOCK.read].flatMap((how) => under(how, 'what spins or preempts')),
  ...[MUTEX, RTMUTEX, WW_MUTEX, RWSEM.write, RWSEM.read, MAP].flatMap((how) => under(how, 'everything')),
];

function matrix(allowed: Readonly<Record<Allows, readonly Waits[]>>, realtime: boolean): Case[] {
  return OUTERS.flatMap(({ label, allows, around }) =>
    INNERS.flatMap(([waits, hows]) =>
      hows.map((how): Case => {
        const verdict = allowed[allows].includes(waits) ? QUIET : told('wait-context');
        return { name: `${how.label} ${label}`, events: [around(use(how, 'B'))], verdict, options: { realtime } };
      }),
    ),
  );
}

describe('on a real-time kernel', () => {
  selftest(matrix(ALLOWED, true));
});

describe('on another kernel', () => {
  selftest(matrix(ALLOWED_ELSEWHERE, false));
});

describe('a try', () => {
  const tried = (how: How): Step => all(tryTake(how, 'B'), give(how, 'B'));
  selftest(
    OUTERS.flatMap(({ label, around }) =>
      INNERS.flatMap(([, hows]) =>
        hows.map((how) => {
          return { name: `may be made anywhere: ${how.label} ${label}`, events: [around(tried(how))], verdict: QUIET };
        }),
      ),
    ),
  );
});

describe('the strictest of several', () => {
  const stack = (...hows: readonly How[]): Step => all(...hows.map((how, at) => take(how, 'ABCD'.charAt(at))));
  selftest([
    { name: 'counts at any depth', events: [stack(RAW_SPIN, RCU, SPIN)], verdict: told('wait-context') },
    {
      name: 'is not made up for by a weaker one',
      events: [stack(SPIN, RAW_SPIN, SPIN)],
      verdict: told('wait-context'),
    },
    { name: 'is that of the locks, not of the way', events: [stack(MUTEX, SPIN, RAW_SPIN, RCU)], verdict: QUIET },
    {
      name: 'is gone with its lock',
      events: [all(take(MUTEX, 'A'), take(RAW_SPIN, 'B'), give(RAW_SPIN, 'B'), take(MUTEX, 'C'))],
      verdict: QUIET,
    },
    {
      name: 'is gone with its lock, if that lies deeper',
      events: [all(take(RAW_SPIN, 'A'), take(RCU, 'B'), give(RAW_SPIN, 'A'), take(SPIN, 'C'))],
      verdict: QUIET,
    },
  ]);
});

describe('a handler', () => {
  const over = (outer: How, inner: How): Step => all(take(outer, 'A'), inHandler(HARDIRQ, use(inner, 'B')));
  selftest([
    { name: 'is not bound by what the task holds', events: [over(RAW_SPIN, SPIN)], verdict: QUIET },
    { name: 'is not freed by what the task holds', events: [over(MUTEX, MUTEX)], verdict: told('wait-context') },
    {
      name: 'inside a handler is bound by itself alone',
      events: [inHandler(SOFTIRQ, take(RAW_SPIN, 'A'), inHandler(HARDIRQ, use(SPIN, 'B')), give(RAW_SPIN, 'A'))],
      verdict: QUIET,
    },
    {
      name: 'that has ended binds nobody',
      events: [all(inHandler(UNTHREADED, use(RAW_SPIN, 'A')), use(MUTEX, 'B'))],
      verdict: QUIET,
    },
    {
      name: 'that is threaded is told apart from one that is not',
      events: [inHandler(HARDIRQ, use(SPIN, 'A')), inHandler(UNTHREADED, use(SPIN, 'A'))],
      verdict: told('wait-context'),
    },
  ]);
});
