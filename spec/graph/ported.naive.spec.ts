import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EdgeKind, PortedOrder, type PortStep } from '../../lib/graph/ported.ts';

const { EN, ER, SN, SR } = EdgeKind;
const KINDS: readonly number[] = [EN, ER, SN, SR];

function orderOf(nodes: number): PortedOrder {
  const order = new PortedOrder();
  for (let i = 0; i < nodes; i++) order.addNode();
  return order;
}

const leftOf = (kind: number): string => (kind === EN || kind === ER ? 'E' : 'S');
const rightOf = (kind: number): string => (kind === EN || kind === SN ? 'N' : 'R');

/** The rule itself: no -(*R)-> followed by -(S*)->. */
const follows = (first: PortStep, second: PortStep): boolean =>
  first.to === second.from && !(rightOf(first.kind) === 'R' && leftOf(second.kind) === 'S');

const isStrongCycle = (steps: readonly PortStep[]): boolean =>
  steps.length > 0 && steps.every((step, i) => follows(step, steps[(i + 1) % steps.length]!));

/** The slow, obvious thing: a list of steps that are accepted, and a walk over all of it for every question. */
class NaiveOrder {
  steps: PortStep[] = [];

  kinds(from: number, to: number): number {
    let kinds = 0;
    for (const step of this.steps) if (step.from === from && step.to === to) kinds |= step.kind;
    return kinds;
  }

  insert(wanted: PortStep): string {
    if ((this.kinds(wanted.from, wanted.to) & wanted.kind) !== 0) return 'known';
    if (this.shortestCycle(wanted) !== undefined) return 'cycle';
    this.steps.push(wanted);
    return 'added';
  }

  remove(from: number, to: number): void {
    this.steps = this.steps.filter((step) => step.from !== from || step.to !== to);
  }

  /** Length of a shortest strong closed walk that begins with the wanted step; undefined if there is none. */
  shortestCycle(wanted: PortStep): number | undefined {
    let ends = [wanted];
    const seen = new Set<string>();
    for (let length = 1; ends.length > 0; length++) {
      if (ends.some((last) => follows(last, wanted))) return length;
      ends = this.#oneFurther(ends, seen);
    }
    return undefined;
  }

  /** Whether a strong walk leads from one node to another, with no demand on how the first was arrived at. */
  reaches(from: number, to: number): boolean {
    let ends = this.steps.filter((step) => step.from === from);
    const seen = new Set<string>();
    while (ends.length > 0) {
      if (ends.some((last) => last.to === to)) return true;
      ends = this.#oneFurther(ends, seen);
    }
    return false;
  }

  /** The steps that may follow, one for each node and right letter that was not met before. */
  #oneFurther(ends: readonly PortStep[], seen: Set<string>): PortStep[] {
    const next = [];
    for (const step of this.steps) {
      const state = `${step.to}${rightOf(step.kind)}`;
      if (seen.has(state) || !ends.some((last) => follows(last, step))) continue;
      seen.add(state);
      next.push(step);
    }
    return next;
  }
}

function picture(order: PortedOrder): string {
  const rows = [];
  for (const { from, to, kinds } of order.edges()) rows.push(`${from}>${to}:${kinds}`);
  return rows.join(' ');
}

describe('PortedOrder beside a naive model', () => {
  const step = (nodes: number): fc.Arbitrary<PortStep> =>
    fc.record(
      { from: fc.nat(nodes - 1), to: fc.nat(nodes - 1), kind: fc.constantFrom(...KINDS) },
      { noNullPrototype: true },
    );

  it('agrees on every edge of any sequence', () => {
    // Fewer nodes give more kinds per edge and nodes that a walk passes by both ports; more nodes, longer cycles.
    const sequences = fc.integer({ min: 2, max: 12 }).chain((nodes) => {
      const change = fc.record({ wanted: step(nodes), remove: fc.integer({ min: 0, max: 9 }).map((n) => n === 0) });
      return fc.record({ nodes: fc.constant(nodes), changes: fc.array(change, { maxLength: 40, size: 'max' }) });
    });
    const lengths: number[] = [];
    fc.assert(
      fc.property(sequences, ({ nodes, changes }) => {
        const order = orderOf(nodes);
        const naive = new NaiveOrder();
        for (const { wanted, remove } of changes) {
          if (remove) {
            order.remove(wanted.from, wanted.to);
            naive.remove(wanted.from, wanted.to);
          } else {
            checkInsertion(order, naive, wanted, lengths);
          }
          checkEdges(order, naive);
          assert.equal(order.reaches(wanted.from, wanted.to), naive.reaches(wanted.from, wanted.to));
        }
      }),
      { numRuns: 10_000 },
    );
    expect(lengths.length).toBeGreaterThan(10_000);
    expect(Math.max(...new Set(lengths))).toBeGreaterThan(4);
  });

  function checkInsertion(order: PortedOrder, naive: NaiveOrder, wanted: PortStep, lengths: number[]): void {
    const { from, to, kind } = wanted;
    const before = picture(order);
    const length = naive.shortestCycle(wanted);
    const cycle = order.cycleThrough(from, to, kind);
    const verdict = order.insert(from, to, kind);
    assert.equal(verdict, naive.insert(wanted));
    assert.equal(cycle?.length, length);
    assert.equal(verdict === 'cycle', cycle !== undefined);
    if (verdict !== 'added') assert.equal(picture(order), before);
    if (cycle === undefined) return;
    lengths.push(cycle.length);
    assert.deepEqual(cycle[0], wanted);
    assert.ok(isStrongCycle(cycle));
    for (const taken of cycle.slice(1)) {
      assert.ok(naive.steps.some((s) => s.from === taken.from && s.to === taken.to && s.kind === taken.kind));
    }
    assert.deepEqual(order.cycleThrough(from, to, kind), cycle);
  }

  function checkEdges(order: PortedOrder, naive: NaiveOrder): void {
    let bits = 0;
    for (const { from, to, kinds } of order.edges()) {
      assert.equal(kinds, naive.kinds(from, to));
      assert.equal(kinds, order.kinds(from, to));
      bits += KINDS.filter((kind) => (kinds & kind) !== 0).length;
    }
    assert.equal(bits, naive.steps.length);
  }

  it('agrees with the rule tried on every closed walk there is', () => {
    fc.assert(
      fc.property(fc.array(step(3), { maxLength: 7, size: 'max' }), (wanted) => {
        const order = orderOf(3);
        const accepted: PortStep[] = [];
        for (const next of wanted) {
          const walks = closedWalks(next, accepted);
          const shortest = Math.min(...walks.filter(isStrongCycle).map((walk) => walk.length));
          const length = order.cycleThrough(next.from, next.to, next.kind)?.length ?? Number.POSITIVE_INFINITY;
          assert.equal(length, shortest);
          if (order.insert(next.from, next.to, next.kind) === 'added') accepted.push(next);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  /** All closed walks from the first step, by nodes alone, up to two visits of each of three nodes. */
  function closedWalks(first: PortStep, steps: readonly PortStep[]): PortStep[][] {
    const closed: PortStep[][] = [];
    let walks = [[first]];
    for (let length = 1; length <= 6; length++) {
      for (const walk of walks) if (walk.at(-1)!.to === first.from) closed.push(walk);
      walks = walks.flatMap((walk) => steps.filter((s) => s.from === walk.at(-1)!.to).map((s) => [...walk, s]));
    }
    return closed;
  }
});
