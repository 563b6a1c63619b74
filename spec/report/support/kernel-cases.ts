/**
 * The cases of the golden texts, by name.
 */
import type {
  AssertRule,
  MisuseViolation,
  RecursionViolation,
  ReleaseViolation,
  Violation,
  WaitViolation,
} from '../../../lib/model/violation.ts';
import { held, lock, site, T0, witness } from './build.ts';
import {
  enabled,
  irqInconsistent,
  irqInversion,
  irqOrder,
  MISUSE_RULES,
  misuse,
  orderRule,
  sleepWhileHeld,
  used,
  waitContext,
} from './kernel.ts';
import { assertion, auditTaken, heldAtExit, recursion, release, settleTaken } from './violations.ts';

const spin = lock('config', { kind: 'spin' });
const rcuTaken = site('kernel/sched.ts:9:3', 'cpu.acquire(rcu)');
const waits = { act: 'waited', asked: site('kernel/sched.ts:15:7', 'cpu.wait(done)') } as const;
const sends = { act: 'sent', asked: site('kernel/sched.ts:15:7', 'cpu.sendSync(poller)') } as const;
const sent = 'cpu0 waits for poller to handle a message';
const ALONE = 'transfer#2 asks for account as a writer while holding it as a reader: it waits for itself.';
const held1 = [held(lock('ledger'), settleTaken)];
const claim = (rule: AssertRule, message: string, line: string, more: Partial<Violation> = {}): Violation =>
  assertion(rule, {
    message,
    lock: null,
    holder: null,
    asserted: site('src/post.ts:14:3', line),
    ...(more as object),
  });

export const CASES: readonly (readonly [name: string, violation: Violation])[] = [
  ['irq-inconsistent', irqInconsistent()],
  ['irq-inconsistent-readers', readersAndWriter()],
  ['irq-order', irqOrder()],
  ['irq-inversion', irqInversion()],
  ['irq-inversion-long', longInversion()],
  ['irq-inversion-handler', newHandler()],
  ['wait-context', waitContext()],
  [
    'wait-context-config',
    waitContext({
      lock: spin,
      asked: site('kernel/sched.ts:14:7', 'cpu.acquire(config)'),
      wanted: 'config',
      message: 'cpu0 asks for config, a spin, while holding rq.',
    }),
  ],
  ['wait-context-handler', inHandler()],
  [
    'wait-context-rcu',
    waitContext({
      limit: { type: 'config', lock: lock('rcu', { kind: 'rcu' }), context: null, disabled: false, taken: rcuTaken },
      held: [],
      message: 'cpu0 asks for table, a mutex, while holding rcu.',
    }),
  ],
  ['sleep-while-held', sleepWhileHeld()],
  [
    'sleep-while-held-await',
    sleepWhileHeld({
      asked: null,
      act: 'gave-way',
      message: 'cpu0 gives way to the event loop while holding rq.',
    }),
  ],
  [
    'sleep-while-held-handler',
    sleepWhileHeld({
      limit: { type: 'spin', lock: null, context: 'hardirq', disabled: false, taken: null },
      held: [],
      message: 'cpu0 may sleep in hardirq.',
    }),
  ],
  ['sleep-while-held-disabled', withDisabled()],
  [
    'sleep-while-held-disabled-event',
    withDisabled({ ...waits, message: 'cpu0 waits for done with hardirq disabled.' }),
  ],
  [
    'sleep-while-held-rcu',
    sleepWhileHeld({
      limit: { type: 'config', lock: lock('rcu', { kind: 'rcu' }), context: null, disabled: false, taken: rcuTaken },
      held: [],
      message: 'cpu0 may sleep while holding rcu.',
    }),
  ],
  ['wait-context-unthreaded', unthreaded()],
  ['sleep-while-held-message', synchronous()],
  ['sleep-while-held-message-spin', sleepWhileHeld({ ...sends, message: `${sent} while holding rq.` })],
  [
    'sleep-while-held-message-handler',
    sleepWhileHeld({
      ...sends,
      limit: { type: 'spin', lock: null, context: 'hardirq', disabled: false, taken: null },
      held: [],
      message: `${sent} in hardirq.`,
    }),
  ],
  ['sleep-while-held-message-disabled', withDisabled({ ...sends, message: `${sent} with hardirq disabled.` })],
  ['sleep-while-held-event', waitForEvent()],
  ['level-order', orderRule('level-order')],
  [
    'level-order-equal',
    orderRule('level-order', {
      levels: { lock: 30, other: 30 },
      message: 'refresh#2 asks for ledger (level 30) while holding cache (level 30).',
    }),
  ],
  ['declared-order', orderRule('declared-order')],
  ['release-order', orderRule('release-order')],
  ['bad-unpin-free', misuse('bad-unpin', notHeld('pin', 'owner.pin(page)'))],
  ['bad-unpin-again', misuse('bad-unpin', notHeld('unpin', 'owner.unpin(page, cookie)'))],
  ...MISUSE_RULES.map((rule) => [rule, misuse(rule)] as const),
  ['recursion-order', againstOrder()],
  ['recursion-handler', recursion(true, { interruptedBy: 'hardirq' })],
  ['recursion-handler-two', recursion(false, { interruptedBy: 'hardirq' })],
  ['recursion-handler-reader', { ...readAgain(), interruptedBy: 'hardirq' }],
  ['recursion-handler-upgrade', { ...upgrade(), confidence: 'certain', message: ALONE, interruptedBy: 'hardirq' }],
  ['recursion-reader', readAgain()],
  ['recursion-upgrade', upgrade()],
  [
    'recursion-upgrade-alone',
    {
      ...upgrade(),
      confidence: 'certain',
      message: ALONE,
    },
  ],
  ['bad-release-mode', wrongMode()],
  ['bad-release-interrupted', interrupted()],
  ['bad-release-downgrade', changes('downgrades', { lastTaken: auditTaken })],
  ['bad-release-upgrade', changes('upgrades', { lastReleased: null })],
  ['bad-release-downgrade-mode', wrongDowngrade()],
  [
    'wrong-owner-release-class',
    release('wrong-owner-release', {
      act: 're-classes',
      released: site('src/audit.ts:97:5', "owner.setClass(ledger, 'audit')"),
      message: 'audit#3 re-classes ledger, which settle#7 holds.',
    }),
  ],
  ['bad-release-taken-before', release('bad-release', { lastTaken: auditTaken })],
  [
    'held-at-exit-handler',
    heldAtExit({ owner: 'cpu0', context: 'hardirq', message: 'cpu0 left hardirq with orders held.' }),
  ],
  ['assert-held-mode', wrongClaim()],
  [
    'assert-none-held',
    claim('assert-none-held', 'post#9 holds 1 lock where it claims to hold none.', 'owner.assertNoneHeld()', {
      held: held1,
    }),
  ],
  ['assert-owner', claim('assert-owner', 'post#9 runs what only main#1 may.', "owner.assertOwner('main#1')")],
  [
    'assert-context',
    claim('assert-context', 'post#9 runs with hardirq enabled, not disabled.', 'owner.assertIrqsDisabled()'),
  ],
  [
    'assert-may-sleep',
    claim('assert-may-sleep', 'post#9 claims that it may sleep, and holds ledger (spin).', 'owner.assertMaySleep()', {
      held: held1,
    }),
  ],
];

function readersAndWriter(): Violation {
  const tree = lock('tree', { kind: 'rwlock' });
  const mark = used({ form: 'read', site: site('fs/poll.ts:9:5', 'cpu.acquire(tree, { mode: "shared" })') });
  return irqInconsistent({
    lock: tree,
    context: 'softirq',
    message: 'cpu0 takes tree in softirq, and it is held elsewhere with softirq enabled.',
    owner: 'cpu0',
    used: mark,
    enabled: enabled({ owner: 'cpu0' }),
    sites: mark.site === null ? [] : [mark.site],
    held: [held(lock('inode', { kind: 'spin' }), settleTaken)],
  });
}

function longInversion(): Violation {
  const locks = ['stats', 'dev', 'pool', 'queue'].map((name) =>
    lock(name, name === 'pool' ? { kind: 'semaphore', capacity: 3 } : {}),
  );
  const path = locks.slice(1).map((to, at) => ({
    from: locks[at] ?? to,
    to,
    count: at + 1,
    attempted: false,
    witness: witness({
      owner: 'cpu1',
      at: T0,
      taken: site(`net/pass.ts:${at + 10}:5`, `cpu.acquire(${locks[at]?.name})`),
      asked: site(`net/pass.ts:${at + 11}:5`, `cpu.acquire(${to.name})`),
      kind: at === 1 ? 'SN' : 'EN',
    }),
  }));
  return irqInversion({
    path,
    confidence: 'weak',
    message:
      'stats, which hardirq takes, is held while queue (by way of 2 others) is asked for, and queue is held with hardirq enabled; cpu1 completes it.',
  });
}

/** One owner made both marks; that of the handler is the new one. */
function newHandler(): Violation {
  const { site: asked } = used();
  return irqInversion({
    owner: 'cpu1',
    used: used({ owner: 'cpu1' }),
    sites: [...(asked === null ? [] : [asked]), ...irqInversion().sites],
    held: [],
  });
}

function inHandler(): Violation {
  return waitContext({
    message: 'cpu0 asks for table, a mutex, in hardirq.',
    limit: { type: 'config', lock: null, context: 'hardirq', disabled: false, taken: null },
    held: [],
  });
}

function unthreaded(): Violation {
  return waitContext({
    message: 'cpu0 asks for config, a spin, in hardirq.',
    lock: spin,
    asked: site('drivers/nic.ts:33:9', 'cpu.acquire(config)'),
    wanted: 'config',
    limit: { type: 'spin', lock: null, context: 'hardirq', disabled: false, taken: null },
    held: [],
  });
}

function synchronous(): Violation {
  const taken = site('kernel/sched.ts:9:3', 'cpu.acquire(table)');
  const asked = site('kernel/sched.ts:15:7', 'cpu.sendSync(poller)');
  return sleepWhileHeld({
    act: 'sent',
    message: `${sent} while holding table.`,
    limit: { type: 'sleep', lock: lock('table'), context: null, disabled: false, taken },
    asked,
    held: [held(lock('table'), taken)],
  });
}

function waitForEvent(): Violation {
  return sleepWhileHeld({ ...waits, message: 'cpu0 waits for done while holding rq.' });
}

function withDisabled(more: Partial<WaitViolation> = {}): Violation {
  return sleepWhileHeld({
    limit: { type: 'config', lock: null, context: 'hardirq', disabled: true, taken: null },
    held: [],
    message: 'cpu0 may sleep with hardirq disabled.',
    ...more,
  });
}

function notHeld(act: 'pin' | 'unpin', line: string): Partial<MisuseViolation> {
  return {
    message: `cpu0 ${act}s page, which it does not hold.`,
    places: [{ label: `${act}ned`, site: site('src/store.ts:33:5', line) }],
    held: [],
  };
}

function changes(act: ReleaseViolation['act'], more: Partial<ReleaseViolation>): Violation {
  const released = site('src/audit.ts:97:5', `owner.${act.slice(0, -1)}(ledger)`);
  return release('bad-release', { act, released, message: `audit#3 ${act} ledger, which nobody holds.`, ...more });
}

function wrongDowngrade(): Violation {
  return {
    ...wrongMode(),
    act: 'downgrades',
    released: site('src/audit.ts:97:5', 'owner.downgrade(ledger)'),
    message: 'audit#3 downgrades ledger, which it holds as shared, not as exclusive.',
  };
}

function againstOrder(): Violation {
  return recursion(false, {
    againstOrder: true,
    message: 'transfer#2 asks for one account while holding another, against the order that is declared for them.',
  });
}

function readAgain(): RecursionViolation {
  return recursion(true, {
    confidence: 'possible',
    message:
      'transfer#2 asks to read account while reading it: a writer that asks in between makes it wait for itself.',
    held: [{ ...held(lock('account'), settleTaken), mode: 'shared' }],
  });
}

function upgrade(): RecursionViolation {
  return recursion(true, {
    upgrade: true,
    confidence: 'possible',
    message:
      'transfer#2 waits to become the writer of account, which it reads: two readers that do so wait for each other.',
    held: [{ ...held(lock('account'), settleTaken), mode: 'shared' }],
  });
}

function wrongMode(): ReleaseViolation {
  return release('bad-release', {
    message: 'audit#3 releases ledger, which it holds as shared, not as exclusive.',
    mismatch: 'mode',
    lastReleased: null,
    holder: { owner: 'audit#3', site: auditTaken },
    lastTaken: auditTaken,
    held: [{ ...held(lock('ledger'), auditTaken), mode: 'shared' }],
  });
}

function interrupted(): Violation {
  return release('bad-release', {
    owner: 'cpu0',
    message: 'cpu0 releases ledger, which the code that it interrupted holds.',
    mismatch: 'interrupted',
    lastReleased: null,
    holder: { owner: 'cpu0', site: auditTaken },
    held: [held(lock('ledger'), auditTaken)],
  });
}

function wrongClaim(): Violation {
  return assertion('assert-held', {
    message: 'post#9 holds ledger as shared, not as exclusive.',
    holder: { owner: 'post#9', site: auditTaken },
    held: [{ ...held(lock('ledger'), auditTaken), mode: 'shared' }],
  });
}
