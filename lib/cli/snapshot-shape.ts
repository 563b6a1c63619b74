/**
 * The shape of a snapshot file, field by field as in the model.
 */
import { ADAPTER_STATUSES } from '../model/snapshot.ts';
import type { RuleId } from '../model/violation.ts';
import { classFields, holder, lock, owner, place, site } from './lock-shape.ts';
import { flag, listOf, nullable, number, oneOf, optional, record, type Shape, text } from './shape.ts';
import { stats } from './stats-shape.ts';
import { ownerDied, priorityInversion, starvation } from './thread-shape.ts';

const witness = record({
  kind: oneOf('EN', 'ER', 'SN', 'SR'),
  owner: text,
  taken: place,
  asked: place,
  at: number,
  process: text,
});

const held = listOf(record({ lock, mode: oneOf('exclusive', 'shared', 'recursive-shared'), site: place }));

const edge = record({ from: lock, to: lock, witness, count: number, attempted: flag });
const wait = record({
  owner: text,
  thread: optional(text),
  isSpinning: optional(flag),
  lock,
  asked: place,
  waited: number,
  held,
  holders: listOf(record({ ...owner, thread: optional(text) })),
});

const waitType = oneOf('unchecked', 'free', 'spin', 'config', 'sleep');

const usage = record({
  usage: oneOf('used-in', 'enabled'),
  form: oneOf('read', 'write'),
  owner: text,
  process: text,
  site: place,
});

const irqPath = record({ context: text, safe: lock, used: usage, unsafe: lock, enabled: usage, path: listOf(edge, 1) });

const waiting = record({
  lock: nullable(lock),
  wanted: waitType,
  limit: record({ type: waitType, lock: nullable(lock), context: nullable(text), disabled: flag, taken: place }),
  asked: place,
  act: oneOf('asked', 'may-sleep', 'waited', 'sent', 'gave-way'),
});

const orderRule = record({
  lock,
  other: lock,
  asked: place,
  taken: place,
  levels: nullable(record({ lock: number, other: number })),
  declared: listOf(text),
});

const misuse = record({ lock: nullable(lock), places: listOf(record({ label: text, site: place })) });

const release = record({
  lock,
  released: place,
  holder,
  lastTaken: place,
  lastReleased: place,
  act: oneOf('releases', 'downgrades', 'upgrades', 're-classes'),
  mismatch: nullable(oneOf('mode', 'interrupted')),
});

const splitKey = record({
  lock,
  lockKey: text,
  asked: place,
  other: record({ ...owner, act: oneOf('holds', 'waits') }),
});

const leaseExpired = record({
  lock,
  act: oneOf('releases', 'extends', 'uses'),
  done: place,
  taken: place,
  expiredForMs: number,
  successor: holder,
});

const limit = record({
  lock,
  ms: number,
  limitMs: number,
  site: place,
  waiters: number,
  holders: listOf(record(owner)),
});

const assertion = record({ lock: nullable(lock), asserted: place, holder });

const RULES: Readonly<Record<RuleId, Shape>> = {
  'order-cycle': record({ edges: listOf(edge, 1) }),
  recursion: record({
    lock,
    sameInstance: flag,
    upgrade: flag,
    interruptedBy: nullable(text),
    againstOrder: flag,
    taken: place,
    asked: place,
  }),
  'pool-nesting': record({ lock, capacity: number, ownersNeeded: number, taken: place, asked: place }),
  'irq-inconsistent': record({ lock, context: text, used: usage, enabled: usage }),
  'irq-order': irqPath,
  'irq-inversion': irqPath,
  'wait-context': waiting,
  'sleep-while-held': waiting,
  'level-order': orderRule,
  'declared-order': orderRule,
  'release-order': orderRule,
  'bad-release': release,
  'wrong-owner-release': release,
  'held-at-exit': record({ lock, context: nullable(text), taken: place }),
  'split-key': splitKey,
  'lease-expired': leaseExpired,
  stalled: record({ waits: listOf(wait, 1) }),
  'nest-not-held': misuse,
  'bad-unpin': misuse,
  'pinned-release': misuse,
  'held-reinit': misuse,
  'held-destroy': misuse,
  'use-after-destroy': misuse,
  uninitialised: misuse,
  'no-owner': misuse,
  'context-imbalance': misuse,
  'ww-misuse': misuse,
  abandoned: misuse,
  'callback-under-lock': misuse,
  'blocking-while-held': misuse,
  deadlock: record({ waits: listOf(wait, 1), rejected: flag }),
  'long-hold': limit,
  'long-wait': limit,
  'owner-died': ownerDied,
  'priority-inversion': priorityInversion,
  starvation,
  'assert-held': assertion,
  'assert-not-held': assertion,
  'assert-none-held': assertion,
  'assert-owner': assertion,
  'assert-context': assertion,
  'assert-may-sleep': assertion,
};

const violationBase = record({
  rule: oneOf(...Object.keys(RULES)),
  severity: oneOf('error', 'warning'),
  confidence: oneOf('certain', 'possible', 'weak', 'guarded'),
  fingerprint: text,
  count: number,
  message: text,
  owner: text,
  process: text,
  sites: listOf(site),
  held,
});

const violation: Shape = (value, path) => {
  return violationBase(value, path) ?? RULES[(value as { rule: RuleId }).rule](value, path);
};

const lockClass = record({
  ...classFields,
  instances: number,
  acquisitions: number,
  level: optional(number),
  stats: optional(stats),
});

const fields: Shape = record({
  process: record({
    pid: number,
    thread: number,
    command: text,
    node: text,
    startedAt: number,
    writtenAt: number,
    ending: oneOf('drained', 'exited', 'running'),
  }),
  classes: listOf(lockClass),
  dependencies: listOf(record({ from: number, to: number, count: number, witnesses: listOf(witness, 1) })),
  violations: listOf(violation),
  adapters: listOf(record({ name: text, version: text, status: oneOf(...ADAPTER_STATUSES) })),
  totals: record({ instances: number, acquisitions: number, owners: number, refuted: number }),
  limits: listOf(text),
  failure: nullable(text),
});

/** The first thing that is wrong with a snapshot of the right schema. */
export function snapshotProblem(value: unknown): string | undefined {
  return fields(value, '') ?? danglingIndex(value as Indexed);
}

interface Indexed {
  readonly classes: readonly unknown[];
  readonly dependencies: readonly { readonly from: number; readonly to: number }[];
}

function danglingIndex({ classes, dependencies }: Indexed): string | undefined {
  for (const [at, { from, to }] of dependencies.entries()) {
    for (const index of [from, to]) {
      if (classes[index] === undefined) {
        return `dependencies[${at}] names class ${index}, which is not there`;
      }
    }
  }
  return undefined;
}
