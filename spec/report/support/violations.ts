/**
 * One violation of each rule, as the engine words them.
 */
import { cycleFingerprint } from '../../../lib/model/fingerprint.ts';
import type { ClassRef, Site } from '../../../lib/model/lock.ts';
import type {
  AssertViolation,
  CycleEdge,
  HeldAtExitViolation,
  OrderCycleViolation,
  PoolNestingViolation,
  RecursionViolation,
  ReleaseViolation,
  StalledViolation,
} from '../../../lib/model/violation.ts';
import { base, held, lock, site, T0, witness } from './build.ts';

const orders = lock('orders');
const ledger = lock('ledger');

export const settleTaken: Site = site('src/settle.ts:38:23', 'const o = await orders.acquire()');
export const settleAsked: Site = site('src/settle.ts:41:23', 'const l = await ledger.acquire()');
export const auditTaken: Site = site('src/audit.ts:80:21', 'await ledger.acquire()');
export const auditAsked: Site = site('src/audit.ts:88:19', 'await orders.acquire()');

/** A cycle through these classes; the first step is the attempted one. */
export function cycle(classes: readonly ClassRef[], more: Partial<OrderCycleViolation> = {}): OrderCycleViolation {
  const edges = classes.map((from, at): CycleEdge => {
    const to = classes[(at + 1) % classes.length] as ClassRef;
    const name = `step${at + 1}`;
    return {
      from,
      to,
      count: at + 1,
      attempted: at === 0,
      witness: witness({
        owner: `${name}#${at + 1}`,
        taken: site(`src/${name}.ts:10:5`, `await ${from.name}.acquire()`),
        asked: site(`src/${name}.ts:12:7`, `await ${to.name}.acquire()`),
        at: T0 + (at === 0 ? 10_000 : at),
      }),
    };
  });
  const [first] = edges as [CycleEdge];
  return {
    ...base(),
    rule: 'order-cycle',
    fingerprint: cycleFingerprint(classes.map((one) => one.key)),
    message: `${first.witness.owner} asks for ${first.to.name} while holding ${first.from.name}; others went the other way round.`,
    owner: first.witness.owner,
    held: [held(first.from, first.witness.taken)],
    edges,
    ...more,
  };
}

/** The bank of the mock-up: settle takes orders then ledger, audit the other way round. */
export function bankCycle(): OrderCycleViolation {
  const settle = witness({ owner: 'settle#7', taken: settleTaken, asked: settleAsked, at: T0 + 131_000 });
  const audit = witness({ owner: 'audit#3', taken: auditTaken, asked: auditAsked });
  return cycle([orders, ledger], {
    message: 'settle#7 asks for ledger while holding orders; audit#3 went the other way round.',
    owner: 'settle#7',
    sites: [settleAsked, settleTaken, auditAsked, auditTaken],
    held: [held(orders, settleTaken)],
    edges: [
      { from: orders, to: ledger, witness: settle, count: 1, attempted: true },
      { from: ledger, to: orders, witness: audit, count: 1204, attempted: false },
    ],
  });
}

export function poolNesting(capacity: number, more: Partial<PoolNestingViolation> = {}): PoolNestingViolation {
  const limit = lock('limit', { kind: 'limiter', capacity });
  const taken = site('src/jobs.ts:12:9', 'await limit(() => indexFolder(folder))');
  const asked = site('src/jobs.ts:27:11', 'await limit(() => readFile(file))');
  return {
    ...base(),
    rule: 'pool-nesting',
    message: 'indexFolder#4 asks limit for one more while holding part of it.',
    owner: 'indexFolder#4',
    lock: limit,
    capacity,
    ownersNeeded: capacity,
    taken,
    asked,
    sites: [asked, taken],
    held: [held(limit, taken)],
    ...more,
  };
}

export function recursion(sameInstance: boolean, more: Partial<RecursionViolation> = {}): RecursionViolation {
  const account = lock('account');
  const taken = site('src/transfer.ts:5:20', 'await from.lock.acquire()');
  const asked = site('src/transfer.ts:6:18', 'await to.lock.acquire()');
  return {
    ...base({ confidence: sameInstance ? 'certain' : 'possible' }),
    rule: 'recursion',
    message: sameInstance
      ? 'transfer#2 asks for account while holding it: it waits for itself.'
      : 'transfer#2 asks for one account while holding another, and the two have been taken in the opposite order before.',
    owner: 'transfer#2',
    lock: account,
    sameInstance,
    upgrade: false,
    interruptedBy: null,
    againstOrder: false,
    taken,
    asked,
    sites: [asked, taken],
    held: [held(account, taken)],
    ...more,
  };
}

export function release(rule: ReleaseViolation['rule'], more: Partial<ReleaseViolation> = {}): ReleaseViolation {
  const released = site('src/audit.ts:97:5', 'release()');
  const isBad = rule === 'bad-release';
  return {
    ...base({ confidence: 'certain' }),
    rule,
    message: `audit#3 releases ledger, which ${isBad ? 'nobody' : 'settle#7'} holds.`,
    owner: 'audit#3',
    lock: ledger,
    released,
    holder: isBad ? null : { owner: 'settle#7', site: settleAsked },
    lastTaken: null,
    lastReleased: isBad ? site('src/audit.ts:91:7', 'release()') : null,
    act: 'releases',
    mismatch: null,
    sites: [released],
    ...more,
  };
}

export function heldAtExit(more: Partial<HeldAtExitViolation> = {}): HeldAtExitViolation {
  return {
    ...base({ confidence: 'certain' }),
    rule: 'held-at-exit',
    context: null,
    message: 'settle#7 ended with orders held.',
    owner: 'settle#7',
    lock: orders,
    taken: settleTaken,
    sites: [settleTaken],
    held: [held(orders, settleTaken)],
    ...more,
  };
}

export function stalled(more: Partial<StalledViolation> = {}): StalledViolation {
  return {
    ...base({ confidence: 'certain' }),
    rule: 'stalled',
    message: 'The process ended while 2 owners still waited for locks.',
    owner: 'settle#7',
    sites: [settleAsked, auditAsked],
    held: [held(orders, settleTaken)],
    waits: [
      {
        owner: 'settle#7',
        lock: ledger,
        asked: settleAsked,
        waited: 1234,
        held: [held(orders, settleTaken)],
        holders: [{ owner: 'audit#3', site: auditTaken }],
      },
      {
        owner: 'audit#3',
        lock: orders,
        asked: auditAsked,
        waited: 131_000,
        held: [held(ledger, auditTaken)],
        holders: [{ owner: 'settle#7', site: settleTaken }],
      },
    ],
    ...more,
  };
}

export function assertion(rule: AssertViolation['rule'], more: Partial<AssertViolation> = {}): AssertViolation {
  const asserted = site('src/ledger.ts:14:10', 'ledger.assertHeld()');
  return {
    ...base({ confidence: 'certain' }),
    rule,
    message: `post#9 ${rule === 'assert-held' ? 'does not hold' : 'holds'} ledger; audit#3 holds it.`,
    owner: 'post#9',
    lock: ledger,
    asserted,
    holder: { owner: 'audit#3', site: auditTaken },
    sites: [asserted, auditTaken],
    ...more,
  };
}
