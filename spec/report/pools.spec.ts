/**
 * What is said of pools, whose units are connections.
 */
import type { Violation } from '../../lib/model/violation.ts';
import { compact } from '../../lib/report/compact.ts';
import { merge } from '../../lib/report/merge.ts';
import { cells } from '../../lib/report/part/columns.ts';
import { text } from '../../lib/report/text.ts';
import { abandoned } from '../../lib/rules/abandoned.ts';
import { badRelease } from '../../lib/rules/bad-release.ts';
import { blockingWhileHeld } from '../../lib/rules/blocking-while-held.ts';
import { deadlock } from '../../lib/rules/deadlock.ts';
import { heldAtExit } from '../../lib/rules/held-at-exit.ts';
import { longHold } from '../../lib/rules/long-hold.ts';
import { longWait } from '../../lib/rules/long-wait.ts';
import { orderCycle } from '../../lib/rules/order-cycle.ts';
import { poolNesting } from '../../lib/rules/pool-nesting.ts';
import { recursion } from '../../lib/rules/recursion.ts';
import { stalled, type Wait } from '../../lib/rules/stalled.ts';
import type { LockInstance } from '../../lib/state/classes.ts';
import { asking, at, depend, holding, lockOf, NOW, ownerOf, stateOf } from '../rules/scene.ts';
import { snapshot } from './support/build.ts';
import { expectGolden } from './support/golden.ts';

const [p, q, r] = [ownerOf('transfer#1', 1), ownerOf('transfer#2', 2), ownerOf('report#3', 3)];
const poolOf = (capacity: number): LockInstance => lockOf(stateOf(), 'db', 'pool', capacity);
const [single, pair, many] = [poolOf(1), poolOf(2), poolOf(10)];
const state = stateOf();

function wait(owner: typeof p, lock: LockInstance, more: Partial<Wait> = {}): Wait {
  return { owner, lock, held: [], holders: [], site: at(12), since: NOW - 1500, ...more };
}

const nested = (owner: typeof p, others: readonly (typeof p)[], lock: LockInstance = pair): Wait =>
  wait(owner, lock, {
    held: [holding(owner, lock, { line: 11 })],
    holders: others.map((other) => holding(other, lock, { line: 11 })),
  });

function cycle(): readonly Violation[] {
  const own = stateOf();
  const [db, cache] = [lockOf(own, 'db', 'pool', 4), lockOf(own, 'cache')];
  depend(own, cache, db, { lines: [21, 22] });
  return orderCycle(own, asking(p, cache, { held: [holding(p, db, { line: 11 })], line: 12 }));
}

const release = { lastReleased: null, exact: true, held: [], entry: undefined, holder: undefined } as const;

const CASES: readonly (readonly [name: string, found: readonly Violation[]])[] = [
  ['pool-nested', poolNesting(state, asking(p, pair, { held: [holding(p, pair, { line: 11 })], line: 12 }))],
  ['pool-nested-many', poolNesting(state, asking(p, many, { held: [holding(p, many, { line: 11 })], line: 12 }))],
  [
    'pool-nested-alone',
    poolNesting(state, asking(p, pair, { held: [holding(p, pair, { line: 9 }), holding(p, pair, { line: 11 })] })),
  ],
  ['pool-recursion', recursion(state, asking(p, single, { held: [holding(p, single, { line: 11 })], line: 12 }))],
  ['pool-held-at-exit', heldAtExit(state, { held: [holding(p, many, { line: 11 })], severity: 'error' })],
  ['pool-held-at-exit-single', heldAtExit(state, { held: [holding(p, single, { line: 11 })], severity: 'error' })],
  ['pool-held-at-exit-warning', heldAtExit(state, { held: [holding(p, many, { line: 11 })], severity: 'warning' })],
  ['pool-stalled', stalled(state, { waits: [nested(p, [p, q]), nested(q, [p, q])], severity: 'error' })],
  [
    'pool-stalled-lost-release',
    stalled(state, { waits: [wait(p, single, { holders: [holding(r, single, { line: 31 })] })], severity: 'error' }),
  ],
  ['pool-stalled-orphan', stalled(state, { waits: [wait(p, many)], severity: 'error' })],
  ['pool-deadlock', deadlock(state, { waits: [nested(p, [p, q]), nested(q, [p, q])], rejected: false })],
  ['pool-deadlock-alone', deadlock(state, { waits: [nested(p, [p])], rejected: false })],
  ['pool-deadlock-single', deadlock(state, { waits: [nested(p, [p], single)], rejected: false })],
  ['pool-cycle', cycle()],
  ['pool-abandoned', abandoned(state, { held: holding(p, many, { line: 11 }), how: 'collected' })],
  ['pool-granted-to-nobody', abandoned(state, { held: holding(p, many, { line: 11 }), how: 'granted-to-nobody' })],
  ['pool-bad-release', badRelease(state, { ...release, owner: p, lock: many, site: at(15) })],
  ['pool-released-twice', badRelease(state, { ...release, owner: p, lock: many, site: at(15), lastReleased: at(14) })],
  ['pool-long-hold', longHold(state, { held: holding(p, many, { line: 11 }), ms: 1250, limitMs: 200, waiters: 3 })],
  ['pool-long-wait', longWait(state, { wait: wait(p, many), ms: 1250, limitMs: 200 })],
  [
    'pool-blocking',
    blockingWhileHeld(state, { owner: p, held: [holding(p, many, { line: 11 })], call: 'readFileSync', site: at(12) }),
  ],
];

const textOf = (violations: readonly Violation[]): string => text(merge([snapshot({ violations })]));

describe('the text report of pools', () => {
  test.each(CASES)('%s is as in its golden text', (name, found) => {
    expect(found).toHaveLength(1);
    expectGolden(`${name}.txt`, textOf(found));
  });

  test.each(CASES)('%s fits into 100 columns, with nothing at its end', (_, found) => {
    const lines = textOf(found).split('\n');
    expect(lines.filter((line) => cells(line) > 100 || line !== line.trimEnd())).toEqual([]);
  });

  test.each(CASES)('%s speaks of connections, not of units', (_, found) => {
    expect(textOf(found)).toContain('connection');
    expect(textOf(found) + compact(merge([snapshot({ violations: found })]))).not.toMatch(/\bunits?\b/);
  });
});
