import { snapshotProblem } from '../../lib/cli/snapshot-shape.ts';
import type { RuleId, Violation } from '../../lib/model/violation.ts';
import { snapshot } from '../report/support/build.ts';
import { deadlock, leaseExpired, leaseLost, longHold, longWait, splitKey } from '../report/support/happening.ts';
import {
  irqInconsistent,
  irqInversion,
  irqOrder,
  misuse,
  orderRule,
  sleepWhileHeld,
  waitContext,
} from '../report/support/kernel.ts';
import { ownerDied, priorityInversion, starvation, threadDeadlock } from '../report/support/threads.ts';
import {
  assertion,
  bankCycle,
  heldAtExit,
  poolNesting,
  recursion,
  release,
  stalled,
} from '../report/support/violations.ts';

/** One violation of every rule; a rule without one does not compile. */
const BY_RULE: Readonly<Record<RuleId, Violation>> = {
  'order-cycle': bankCycle(),
  recursion: recursion(true),
  'pool-nesting': poolNesting(3),
  'irq-inconsistent': irqInconsistent(),
  'irq-order': irqOrder(),
  'irq-inversion': irqInversion(),
  'wait-context': waitContext(),
  'sleep-while-held': sleepWhileHeld(),
  'level-order': orderRule('level-order'),
  'declared-order': orderRule('declared-order'),
  'release-order': orderRule('release-order'),
  'bad-release': release('bad-release'),
  'wrong-owner-release': release('wrong-owner-release'),
  'held-at-exit': heldAtExit(),
  'nest-not-held': misuse('nest-not-held'),
  'bad-unpin': misuse('bad-unpin'),
  'pinned-release': misuse('pinned-release'),
  'held-reinit': misuse('held-reinit'),
  'held-destroy': misuse('held-destroy'),
  'use-after-destroy': misuse('use-after-destroy'),
  uninitialised: misuse('uninitialised'),
  'no-owner': misuse('no-owner'),
  'context-imbalance': misuse('context-imbalance'),
  'ww-misuse': misuse('ww-misuse'),
  abandoned: misuse('abandoned'),
  'callback-under-lock': misuse('callback-under-lock'),
  'blocking-while-held': misuse('blocking-while-held'),
  deadlock: deadlock(),
  'long-hold': longHold(),
  'long-wait': longWait(),
  'owner-died': ownerDied(),
  'priority-inversion': priorityInversion(),
  starvation: starvation(),
  'split-key': splitKey(),
  'lease-expired': leaseLost(),
  stalled: stalled(),
  'assert-held': assertion('assert-held'),
  'assert-not-held': assertion('assert-not-held'),
  'assert-none-held': assertion('assert-none-held', { lock: null, holder: null }),
  'assert-owner': assertion('assert-owner', { lock: null, holder: null }),
  'assert-context': assertion('assert-context', { lock: null, holder: null }),
  'assert-may-sleep': assertion('assert-may-sleep', { lock: null, holder: null }),
};

const CASES = Object.entries(BY_RULE);

function problemOf(violation: unknown): string | undefined {
  return snapshotProblem({ ...snapshot(), violations: [violation] });
}

/** Every way to the fields of a value, such as `path[0].witness.owner`. Fields that are optional in the model are left out. */
function waysTo(value: unknown, path: string = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  if (Array.isArray(value)) {
    return value.slice(0, 1).flatMap((one) => waysTo(one, `${path}[0]`));
  }
  return Object.entries(value).flatMap(([name, one]) => {
    const way = path === '' ? name : `${path}.${name}`;
    return isOptional(path, name) ? [] : [way, ...waysTo(one, way)];
  });
}

const isOptional = (path: string, name: string): boolean =>
  ['text', 'function'].includes(name) || (name === 'site' && /(lock|from|to|safe|unsafe|other)$/.test(path));

/** A copy in which the field at the end of the way is another. */
function changed(value: unknown, way: string, to: unknown): unknown {
  // Not a structured clone, which would keep one site in two fields one object.
  const copy = JSON.parse(JSON.stringify(value));
  const names = way.split(/[.[\]]+/).filter((name) => name !== '');
  const last = names.pop() as string;
  const parent = names.reduce((one, name) => (one as Record<string, unknown>)[name], copy) as Record<string, unknown>;
  parent[last] = to;
  if (to === undefined) {
    delete parent[last];
  }
  return copy;
}

describe('the shape of a violation', () => {
  test.each(CASES)('%s fits', (rule, violation) => {
    expect(violation.rule).toBe(rule);
    expect(problemOf(violation)).toBeUndefined();
  });

  test.each(['may-sleep', 'waited', 'sent', 'gave-way'] as const)('an owner that %s fits', (act) => {
    expect(problemOf(sleepWhileHeld({ act }))).toBeUndefined();
  });

  test('an inversion without CPU time, a starvation without a holder and a circle over threads fit', () => {
    expect(problemOf(priorityInversion({ cpuMs: null }))).toBeUndefined();
    expect(problemOf(starvation({ holder: null }))).toBeUndefined();
    expect(problemOf(threadDeadlock())).toBeUndefined();
  });

  test.each(CASES)('%s lacks no field without being refused', (_, violation) => {
    const ways = waysTo(violation);
    const found = ways.map((way) => problemOf(changed(violation, way, undefined)));
    expect(found).toEqual(ways.map((way) => `violations[0].${way} is missing`));
  });

  test.each(CASES)('%s has no field of another type', (_, violation) => {
    const ways = waysTo(violation);
    const accepted = ways.filter((way) => problemOf(changed(violation, way, Symbol('other'))) === undefined);
    expect(accepted).toEqual([]);
  });

  test.each<[string, unknown, string]>([
    ['a usage', changed(irqOrder(), 'used.usage', 'later'), 'used.usage is "later"'],
    ['a form', changed(irqInconsistent(), 'enabled.form', 'upgrade'), 'enabled.form is "upgrade"'],
    ['an empty path', irqOrder({ path: [] }), 'path is empty'],
    ['a wait type', changed(waitContext(), 'wanted', 'nap'), 'wanted is "nap"'],
    ['a limit', changed(waitContext(), 'limit.type', 'nap'), 'limit.type is "nap"'],
    ['a wait', changed(sleepWhileHeld(), 'act', 'napped'), 'act is "napped"'],
    ['what is disabled', changed(waitContext(), 'limit.disabled', 'no'), 'limit.disabled is not'],
    ['a level', changed(orderRule('level-order'), 'levels.other', '30'), 'levels.other is not a number'],
    ['an act', changed(release('bad-release'), 'act', 'drops'), 'act is "drops"'],
    ['a late act', changed(leaseExpired(), 'act', 'drops'), 'act is "drops"'],
    ['a part of another', changed(splitKey(), 'other.act', 'had'), 'other.act is "had"'],
    ['an evidence', changed(priorityInversion(), 'evidence', 'a hunch'), 'evidence is "a hunch"'],
    ['a dead mode', changed(ownerDied(), 'mode', 'both'), 'mode is "both"'],
    ['a thread', changed(threadDeadlock(), 'waits[1].thread', 7), 'waits[1].thread is not a text'],
    ['a holder', changed(threadDeadlock(), 'waits[0].holders[0].thread', 7), 'holders[0].thread is not a text'],
    ['a spinning wait', changed(threadDeadlock(), 'waits[0].isSpinning', 'yes'), 'waits[0].isSpinning is not'],
    ['a mismatch', changed(release('bad-release'), 'mismatch', 'mood'), 'mismatch is "mood"'],
    ['a label', changed(misuse('bad-unpin'), 'places[0].label', 7), 'places[0].label is not a text'],
  ])('%s that is not known is named', (_, violation, problem) => {
    expect(problemOf(violation)).toContain(problem);
  });
});
