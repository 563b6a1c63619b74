/**
 * Findings about locks that threads contend for, as the engine words them.
 */
import type {
  DeadlockViolation,
  OwnerDiedViolation,
  PriorityInversionViolation,
  StarvationViolation,
  WaitRef,
} from '../../../lib/model/violation.ts';
import { base, held, lock, site } from './build.ts';
import { deadlock } from './happening.ts';

const queue = lock('queue', { kind: 'spin' });
const stats = lock('stats', { kind: 'spin' });
const pushTaken = site('src/push.ts:12:9', 'queue.lock()');
const pushAsked = site('src/push.ts:14:11', 'stats.lock()');
const countTaken = site('src/count.ts:30:9', 'stats.lock()');
const countAsked = site('src/count.ts:33:11', 'queue.lock()');

export function ownerDied(more: Partial<OwnerDiedViolation> = {}): OwnerDiedViolation {
  return {
    ...base({ confidence: 'certain' }),
    rule: 'owner-died',
    message: 'worker 3 ended while it held queue; main waits for it.',
    owner: 'main',
    sites: [pushTaken, countAsked],
    held: [held(stats, countTaken)],
    lock: queue,
    dead: { thread: 'worker 3', owner: 'worker 3', site: pushTaken },
    mode: 'exclusive',
    waiters: 1,
    asked: countAsked,
    ...more,
  };
}

/** A reader, an owner of its own within its thread. */
export function readerDied(): OwnerDiedViolation {
  return ownerDied({
    message: 'poller (worker 3) ended while it held queue as a reader; main and 2 others wait for it.',
    dead: { thread: 'worker 3', owner: 'poller', site: pushTaken },
    mode: 'shared',
    waiters: 3,
  });
}

export function priorityInversion(more: Partial<PriorityInversionViolation> = {}): PriorityInversionViolation {
  return {
    ...base({ severity: 'warning', confidence: 'certain' }),
    rule: 'priority-inversion',
    message: 'net (priority 10) spun for 25 ms on queue; its holder log (priority 1) got no CPU time meanwhile.',
    owner: 'net',
    sites: [countAsked, pushTaken],
    held: [],
    lock: queue,
    asked: countAsked,
    ms: 25.2,
    spins: 123_456,
    isSpinning: true,
    priority: 10,
    holder: { thread: 'log', owner: 'log', priority: 1, site: pushTaken },
    evidence: 'descheduled',
    cpuMs: 0,
    ...more,
  };
}

/** Of a waiter that sleeps, and a holder of which no more is known than that it does not go on. */
export function inversionAsleep(more: Partial<PriorityInversionViolation> = {}): PriorityInversionViolation {
  return priorityInversion({
    confidence: 'possible',
    message: 'net (priority 10) waited 25 ms for queue; its holder log (priority 1) made no progress meanwhile.',
    isSpinning: false,
    spins: 40,
    evidence: 'no-progress',
    cpuMs: null,
    ...more,
  });
}

export function starvation(more: Partial<StarvationViolation> = {}): StarvationViolation {
  return {
    ...base({ severity: 'warning', confidence: 'certain' }),
    rule: 'starvation',
    message: 'log waited 1250 ms for queue while others got it 25 times; net holds it now.',
    owner: 'log',
    sites: [countAsked, pushTaken],
    held: [held(stats, countTaken)],
    lock: queue,
    asked: countAsked,
    ms: 1250,
    passed: 25,
    holder: { thread: 'net', owner: 'net', site: pushTaken },
    ...more,
  };
}

/** `worker 1` came last, and `worker 2` found it. */
export function threadDeadlock(more: Partial<DeadlockViolation> = {}): DeadlockViolation {
  return deadlock({
    message:
      'A deadlock happened: worker 1 spins on stats, which worker 2 holds; worker 2 spins on queue, which worker 1 holds.',
    owner: 'worker 2',
    sites: [countAsked, pushTaken, pushAsked, countTaken],
    held: [held(stats, countTaken)],
    waits: [
      {
        owner: 'worker 1',
        thread: 'worker 1',
        isSpinning: true,
        lock: stats,
        asked: pushAsked,
        waited: 27,
        held: [held(lock('config'), pushTaken), held(queue, pushTaken)],
        holders: [{ owner: 'worker 2', thread: 'worker 2', site: countTaken }],
      },
      {
        owner: 'worker 2',
        thread: 'worker 2',
        isSpinning: true,
        lock: queue,
        asked: countAsked,
        waited: 41,
        held: [held(stats, countTaken)],
        holders: [{ owner: 'worker 1', thread: 'worker 1', site: pushTaken }],
      },
    ],
    ...more,
  });
}

/** Two sleeping waiters with one owner name, for two locks of one class; the one who found it is rejected. */
export function pollerDeadlock(): DeadlockViolation {
  const account = lock('account');
  const taken = site('src/transfer.ts:5:8', 'from.lock.lock()');
  const asked = site('src/transfer.ts:6:6', 'to.lock.lock()');
  const wait = (thread: string, other: string, waited: number): WaitRef => ({
    owner: 'poller',
    thread,
    lock: account,
    asked,
    waited,
    held: [held(account, taken)],
    holders: [{ owner: 'poller', thread: other, site: taken }],
  });
  return threadDeadlock({
    message:
      'A deadlock happened: poller (reactor 1) waits for account, which poller (reactor 2) holds; poller (reactor 2) waits for account, which poller (reactor 1) holds; the wait of poller (reactor 2) was rejected.',
    owner: 'poller',
    held: [held(account, taken)],
    waits: [wait('reactor 1', 'reactor 2', 30), wait('reactor 2', 'reactor 1', 25)],
    rejected: true,
  });
}

/** A writer that readers pass. */
export function starvedWriter(): StarvationViolation {
  return starvation({
    lock: lock('table', { kind: 'rwlock' }),
    message: 'log waited 1250 ms for table while others got it 25 times; net holds it now.',
  });
}
