/**
 * Findings about what happens while the program runs, as the engine words them.
 */
import type { Site } from '../../../lib/model/lock.ts';
import type {
  DeadlockViolation,
  LeaseExpiredViolation,
  LimitViolation,
  SplitKeyViolation,
  WaitRef,
} from '../../../lib/model/violation.ts';
import { base, held, lock, site } from './build.ts';
import { auditAsked, auditTaken, settleAsked, settleTaken } from './violations.ts';

const orders = lock('orders');
const ledger = lock('ledger');

/** `settle#7` closed it: it has orders and asks for ledger. */
export function deadlock(more: Partial<DeadlockViolation> = {}): DeadlockViolation {
  return {
    ...base({ confidence: 'certain' }),
    rule: 'deadlock',
    message:
      'A deadlock happened: audit#3 waits for orders, which settle#7 holds; settle#7 waits for ledger, which audit#3 holds.',
    owner: 'settle#7',
    sites: [settleAsked, auditTaken, auditAsked, settleTaken],
    held: [held(orders, settleTaken)],
    waits: [
      {
        owner: 'audit#3',
        lock: orders,
        asked: auditAsked,
        waited: 1234,
        held: [held(ledger, auditTaken)],
        holders: [{ owner: 'settle#7', site: settleTaken }],
      },
      {
        owner: 'settle#7',
        lock: ledger,
        asked: settleAsked,
        waited: 0,
        held: [held(orders, settleTaken)],
        holders: [{ owner: 'audit#3', site: auditTaken }],
      },
    ],
    rejected: false,
    ...more,
  };
}

/** A ring of as many owners, each in code of its own and with a lock of its own. */
export function ring(size: number, more: Partial<DeadlockViolation> = {}): DeadlockViolation {
  const steps = Array.from({ length: size }, (_, at) => at);
  const owner = (at: number): string => `step${(at % size) + 1}#${(at % size) + 1}`;
  const own = (at: number): string => `lock${(at % size) + 1}`;
  const taken = (at: number): Site => site(`src/step${(at % size) + 1}.ts:10:5`, `await ${own(at)}.acquire()`);
  const waits = steps.map(
    (at): WaitRef => ({
      owner: owner(at),
      lock: lock(own(at + 1)),
      asked: site(`src/step${at + 1}.ts:12:7`, `await ${own(at + 1)}.acquire()`),
      waited: 100 * (size - 1 - at),
      held: [held(lock(own(at)), taken(at)), ...(at === 0 ? [held(lock('cache'), taken(at))] : [])],
      holders: [{ owner: owner(at + 1), site: taken(at + 1) }],
    }),
  );
  const names = [...steps, 0].map(owner).join(' → ');
  return deadlock({
    waits,
    owner: owner(size - 1),
    message: `A deadlock happened: ${size} owners wait for each other, ${names}.`,
    ...more,
  });
}

/** Two transfers between the same accounts, in the same code. */
export function transfers(): DeadlockViolation {
  const account = lock('account');
  const taken = site('src/transfer.ts:5:20', 'await from.lock.acquire()');
  const asked = site('src/transfer.ts:6:18', 'await to.lock.acquire()');
  const wait = (owner: string, other: string, waited: number): WaitRef => ({
    owner,
    lock: account,
    asked,
    waited,
    held: [held(account, taken)],
    holders: [{ owner: other, site: taken }],
  });
  return deadlock({
    message:
      'A deadlock happened: transfer#1 waits for account, which transfer#2 holds; transfer#2 waits for account, which transfer#1 holds; the wait of transfer#2 was rejected.',
    owner: 'transfer#2',
    held: [held(account, taken)],
    waits: [wait('transfer#1', 'transfer#2', 3), wait('transfer#2', 'transfer#1', 0)],
    rejected: true,
  });
}

/** One owner that asks for what it holds. */
export function itself(): DeadlockViolation {
  return deadlock({
    message: 'A deadlock happened: settle#7 waits for orders, which it holds itself.',
    waits: [
      {
        owner: 'settle#7',
        lock: orders,
        asked: settleAsked,
        waited: 0,
        held: [held(orders, settleTaken)],
        holders: [{ owner: 'settle#7', site: settleTaken }],
      },
    ],
  });
}

/** A reader that has to wait, since a writer asked before it. */
export function queued(): DeadlockViolation {
  const table = lock('table', { kind: 'rwsem' });
  const readTaken = site('src/read.ts:4:9', 'await table.read()');
  const readAsked = site('src/read.ts:7:9', 'await table.read()');
  return deadlock({
    message:
      'A deadlock happened: write#2 waits for table, which read#1 holds; read#1 waits for table, which write#2 is to get first.',
    owner: 'read#1',
    held: [{ ...held(table, readTaken), mode: 'shared' }],
    waits: [
      {
        owner: 'write#2',
        lock: table,
        asked: site('src/write.ts:3:9', 'await table.write()'),
        waited: 40,
        held: [],
        holders: [{ owner: 'read#1', site: readTaken }],
      },
      {
        owner: 'read#1',
        lock: table,
        asked: readAsked,
        waited: 0,
        held: [{ ...held(table, readTaken), mode: 'shared' }],
        holders: [{ owner: 'read#1', site: readTaken }],
      },
    ],
  });
}

export function longHold(more: Partial<LimitViolation> = {}): LimitViolation {
  return {
    ...base({ severity: 'warning', confidence: 'certain' }),
    rule: 'long-hold',
    message: 'settle#7 held orders for 1250 ms (the limit is 200 ms); 3 others waited for it.',
    owner: 'settle#7',
    sites: [settleTaken],
    held: [held(orders, settleTaken)],
    lock: orders,
    ms: 1250,
    limitMs: 200,
    site: settleTaken,
    waiters: 3,
    holders: [],
    ...more,
  };
}

export function longWait(more: Partial<LimitViolation> = {}): LimitViolation {
  return {
    ...longHold(),
    rule: 'long-wait',
    message: 'settle#7 waited for ledger for 1250 ms (the limit is 200 ms); audit#3 held it.',
    sites: [settleAsked, auditTaken],
    lock: ledger,
    site: settleAsked,
    waiters: 0,
    holders: [{ owner: 'audit#3', site: auditTaken }],
    ...more,
  };
}

const lockFor = site('src/account.ts:12:20', 'await lockFor(id).acquire()');

export function splitKey(more: Partial<SplitKeyViolation> = {}): SplitKeyViolation {
  const withdraw = site('src/account.ts:27:20', 'await lockFor(id).acquire()');
  return {
    ...base({ confidence: 'certain' }),
    rule: 'split-key',
    message: "withdraw#2 asks for a second lock of account for the key '42' while deposit#1 holds the first one.",
    owner: 'withdraw#2',
    sites: [withdraw, lockFor],
    held: [held(orders, settleTaken)],
    lock: lock('account'),
    lockKey: '42',
    asked: withdraw,
    other: { owner: 'deposit#1', site: lockFor, act: 'holds' },
    ...more,
  };
}

export function leaseExpired(more: Partial<LeaseExpiredViolation> = {}): LeaseExpiredViolation {
  const done = site('src/stock.ts:31:9', 'await lock.release()');
  const taken = site('src/stock.ts:20:22', "await redlock.acquire(['stock'], 500)");
  return {
    ...base({ severity: 'warning', confidence: 'possible' }),
    rule: 'lease-expired',
    message: 'reserve#1 releases stock after its lease has run out.',
    owner: 'reserve#1',
    sites: [done, taken],
    held: [],
    lock: lock('stock'),
    act: 'releases',
    done,
    taken,
    expiredForMs: 1250,
    successor: null,
    ...more,
  };
}

/** Another owner was granted the lock before the late release. */
export function leaseLost(more: Partial<LeaseExpiredViolation> = {}): LeaseExpiredViolation {
  return leaseExpired({
    severity: 'error',
    confidence: 'certain',
    message: 'reserve#1 releases stock after its lease has run out, and reserve#2 was granted it in between.',
    successor: { owner: 'reserve#2', site: site('src/stock.ts:20:22', "await redlock.acquire(['stock'], 500)") },
    ...more,
  });
}
