/**
 * Violations of the rules about interrupts, waits, orders and misuse, as the engine words them.
 */
import type { ClassRef, Site } from '../../../lib/model/lock.ts';
import type {
  CycleEdge,
  IrqInconsistentViolation,
  IrqPathViolation,
  MisuseRule,
  MisuseViolation,
  OrderRule,
  OrderRuleViolation,
  UsageRef,
  WaitViolation,
  Witness,
} from '../../../lib/model/violation.ts';
import { base, held, lock, site, T0, witness } from './build.ts';

const spin = (name: string): ClassRef => lock(name, { kind: 'spin' });
const stats = spin('stats');
const queue = spin('queue');
const dev = spin('dev');
const rq = lock('rq', { kind: 'raw_spin' });
const table = lock('table');

const inHandler = site('drivers/nic.ts:31:9', 'cpu.acquire(stats)');
const inTask = site('net/report.ts:12:7', 'cpu.acquire(stats)');
const queueTaken = site('net/send.ts:40:7', 'cpu.acquire(queue)');
const statsTaken = site('net/flush.ts:18:7', 'cpu.acquire(stats)');
const queueAsked = site('net/flush.ts:21:9', 'cpu.acquire(queue)');

export function used(more: Partial<UsageRef> = {}): UsageRef {
  return { usage: 'used-in', form: 'write', owner: 'cpu0', process: '4242', site: inHandler, ...more };
}

export function enabled(more: Partial<UsageRef> = {}): UsageRef {
  return { usage: 'enabled', form: 'write', owner: 'cpu1', process: '4242', site: inTask, ...more };
}

export function irqInconsistent(more: Partial<IrqInconsistentViolation> = {}): IrqInconsistentViolation {
  return {
    ...base(),
    rule: 'irq-inconsistent',
    message: 'cpu1 holds stats with hardirq enabled, and hardirq takes it.',
    owner: 'cpu1',
    lock: stats,
    context: 'hardirq',
    used: used(),
    enabled: enabled(),
    sites: [inTask, inHandler],
    ...more,
  };
}

function step(from: ClassRef, to: ClassRef, more: Partial<CycleEdge> = {}): CycleEdge {
  const seen = witness({ owner: 'cpu2', taken: statsTaken, asked: queueAsked, at: T0 + 2000 });
  return { from, to, count: 1, attempted: false, witness: seen, ...more };
}

/** stats → queue is new; the marks are older. */
export function irqOrder(more: Partial<IrqPathViolation> = {}): IrqPathViolation {
  return {
    ...base(),
    rule: 'irq-order',
    message:
      'stats, which hardirq takes, is held while queue is asked for, and queue is held with hardirq enabled; cpu2 completes it.',
    owner: 'cpu2',
    context: 'hardirq',
    safe: stats,
    used: used(),
    unsafe: queue,
    enabled: enabled({ site: queueTaken }),
    path: [step(stats, queue, { attempted: true })],
    sites: [queueAsked, statsTaken, inHandler, queueTaken],
    held: [held(stats, statsTaken)],
    ...more,
  };
}

const sitesOf = ({ asked, taken }: Witness): readonly Site[] => [asked, taken].filter((one) => one !== null);

/** stats → dev → queue is old; that queue is held with hardirqs enabled is new. */
export function irqInversion(more: Partial<IrqPathViolation> = {}): IrqPathViolation {
  const first = witness({ owner: 'cpu2', taken: statsTaken, asked: site('net/flush.ts:20:9', 'cpu.acquire(dev)') });
  const second = witness({
    owner: 'cpu3',
    taken: site('drivers/dev.ts:7:5', 'cpu.acquire(dev)'),
    asked: site('drivers/dev.ts:9:7', 'cpu.acquire(queue)'),
  });
  return irqOrder({
    rule: 'irq-inversion',
    message:
      'stats, which hardirq takes, is held while queue (by way of 1 other) is asked for, and queue is held with hardirq enabled; cpu1 completes it.',
    owner: 'cpu1',
    path: [step(stats, dev, { witness: first, count: 12 }), step(dev, queue, { witness: second, count: 3 })],
    sites: [queueTaken, ...sitesOf(first), ...sitesOf(second), inHandler],
    held: [held(queue, queueTaken)],
    ...more,
  });
}

const rqTaken = site('kernel/sched.ts:10:5', 'cpu.acquire(rq)');
const tableAsked = site('kernel/sched.ts:14:7', 'cpu.acquire(table)');

export function waitContext(more: Partial<WaitViolation> = {}): WaitViolation {
  return {
    ...base({ confidence: 'certain' }),
    rule: 'wait-context',
    message: 'cpu0 asks for table, a mutex, while holding rq.',
    owner: 'cpu0',
    lock: table,
    wanted: 'sleep',
    limit: { type: 'spin', lock: rq, context: null, disabled: false, taken: rqTaken },
    asked: tableAsked,
    act: 'asked',
    sites: [tableAsked, rqTaken],
    held: [held(rq, rqTaken)],
    ...more,
  };
}

export function sleepWhileHeld(more: Partial<WaitViolation> = {}): WaitViolation {
  const asked = site('kernel/sched.ts:15:7', 'cpu.mightSleep()');
  return waitContext({
    rule: 'sleep-while-held',
    message: 'cpu0 may sleep while holding rq.',
    lock: null,
    asked,
    act: 'may-sleep',
    sites: [asked, rqTaken],
    ...more,
  });
}

const ledger = lock('ledger');
const cache = lock('cache');
const cacheTaken = site('src/cache.ts:8:3', 'owner.acquire(cache)');
const ledgerAsked = site('src/cache.ts:11:5', 'owner.acquire(ledger)');

const FACTS: Readonly<Record<OrderRule, string>> = {
  'level-order': 'refresh#2 asks for ledger (level 10) while holding cache (level 30).',
  'declared-order': 'refresh#2 asks for ledger while holding cache, which is declared to come after it.',
  'release-order': 'refresh#2 releases ledger before cache, which it took later.',
};

export function orderRule(rule: OrderRule, more: Partial<OrderRuleViolation> = {}): OrderRuleViolation {
  const asked = rule === 'release-order' ? site('src/cache.ts:19:5', 'owner.release(ledger)') : ledgerAsked;
  return {
    ...base({ confidence: 'certain' }),
    rule,
    message: FACTS[rule],
    owner: 'refresh#2',
    lock: ledger,
    other: cache,
    asked,
    taken: cacheTaken,
    levels: rule === 'level-order' ? { lock: 10, other: 30 } : null,
    declared: rule === 'declared-order' ? ['ledger', 'audit', 'cache'] : [],
    sites: [asked, cacheTaken],
    held: [held(cache, cacheTaken)],
    ...more,
  };
}

const useSite = site('src/store.ts:30:5', 'owner.acquire(page)');
const holdSite = site('src/store.ts:21:5', 'owner.acquire(page)');
const endSite = site('src/store.ts:27:5', 'owner.destroy(page)');

type Misuse = Pick<MisuseViolation, 'message' | 'places'>;

const MISUSES: Readonly<Record<MisuseRule, Misuse>> = {
  'nest-not-held': {
    message: 'cpu0 takes page as nested under tree, which it does not hold.',
    places: [{ label: 'page asked', site: useSite }],
  },
  'bad-unpin': {
    message: 'cpu0 unpins page, with a cookie that is not that of a pin on it.',
    places: [
      { label: 'unpinned', site: site('src/store.ts:33:5', 'owner.unpin(page, cookie)') },
      { label: 'pinned before', site: site('src/store.ts:23:7', 'owner.pin(page)') },
    ],
  },
  'pinned-release': {
    message: 'cpu0 releases page while it is pinned.',
    places: [
      { label: 'released', site: site('src/store.ts:33:5', 'owner.release(page)') },
      { label: 'pinned', site: site('src/store.ts:23:7', 'owner.pin(page)') },
      { label: 'page taken', site: holdSite },
    ],
  },
  'held-reinit': {
    message: 'cpu0 initialises page, which cpu1 holds.',
    places: [
      { label: 'initialised', site: site('src/store.ts:5:5', 'ld.init(page)') },
      { label: 'taken by cpu1', site: holdSite },
    ],
  },
  'held-destroy': {
    message: 'cpu0 destroys page, which cpu1 holds.',
    places: [
      { label: 'destroyed', site: endSite },
      { label: 'taken by cpu1', site: holdSite },
    ],
  },
  'use-after-destroy': {
    message: 'cpu0 takes page, which was destroyed.',
    places: [
      { label: 'used', site: useSite },
      { label: 'destroyed', site: endSite },
    ],
  },
  uninitialised: {
    message: 'cpu0 takes page, which was never initialised.',
    places: [{ label: 'used', site: useSite }],
  },
  'no-owner': {
    message: 'page is taken where no owner is known.',
    places: [{ label: 'taken', site: site('src/store.ts:30:5', 'ld.acquire(page)') }],
  },
  'context-imbalance': {
    message: 'cpu0 enables softirq more often than it disabled it.',
    places: [{ label: 'enabled', site: site('src/store.ts:40:3', 'owner.softirqEnable()') }],
  },
  'ww-misuse': {
    message: 'cpu0 uses a context of page after its end.',
    places: [{ label: 'used', site: useSite }],
  },
  abandoned: {
    message: 'cpu0 lost the guard of page before its release: it was garbage-collected.',
    places: [{ label: 'taken', site: holdSite }],
  },
  'callback-under-lock': {
    message: "cpu0 calls emit('saved'), which runs code of others, while holding page.",
    places: [
      { label: "calls emit('saved')", site: site('src/store.ts:24:5', "this.emit('saved', page)") },
      { label: 'page taken', site: holdSite },
    ],
  },
  'blocking-while-held': {
    message: 'cpu0 calls execSync, which blocks the thread, while holding page.',
    places: [
      { label: 'calls execSync', site: site('src/store.ts:25:5', "execSync('sync')") },
      { label: 'page taken', site: holdSite },
    ],
  },
};

export const MISUSE_RULES: readonly MisuseRule[] = Object.keys(MISUSES) as MisuseRule[];

const WITHOUT_HELD: readonly MisuseRule[] = ['no-owner', 'context-imbalance', 'use-after-destroy', 'uninitialised'];
const BY_ANOTHER: readonly MisuseRule[] = ['held-reinit', 'held-destroy', 'nest-not-held', 'ww-misuse'];

export function misuse(rule: MisuseRule, more: Partial<MisuseViolation> = {}): MisuseViolation {
  const page = lock('page');
  const { message, places } = MISUSES[rule];
  return {
    ...base({ confidence: 'certain' }),
    rule,
    message,
    owner: rule === 'no-owner' ? 'nobody' : 'cpu0',
    lock: rule === 'context-imbalance' ? null : page,
    places,
    sites: places.flatMap(({ site }) => (site === null ? [] : [site])),
    held: [...WITHOUT_HELD, ...BY_ANOTHER].includes(rule) ? [] : [held(page, holdSite)],
    ...more,
  };
}
