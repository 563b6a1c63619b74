/**
 * Threads that add dependencies at the same time. What a thread does depends on the others only by what it reads before it judges and
 * by where in the log its record comes to stand. So all races are: every order of the records, and in each every age that the
 * end of the log can have when a thread looks at it. All of them are tried.
 */
import assert from 'node:assert/strict';
import type { PeerLog } from '../../lib/exchange.ts';
import type { Lockdep } from '../../lib/lockdep.ts';
import { findings, nest } from '../state/world.ts';
import { checker, checkers, goes, MemoryLog, shared } from './logs.ts';

type Step = (ld: Lockdep) => void;

/** One of so many ways to go on. */
type Choose = (ways: number) => number;

/** A log whose end may be seen as it was some time ago, but no older than what was read already. */
class LateLog implements PeerLog {
  readonly #log: MemoryLog;
  readonly #choose: Choose;
  #seen = 0;

  constructor(log: MemoryLog, choose: Choose) {
    this.#log = log;
    this.#choose = choose;
  }

  get end(): number {
    return this.#log.end - this.#choose(this.#log.end - this.#seen + 1);
  }

  append(record: string): number {
    return this.#log.append(record);
  }

  read(from: number, to: number, visit: (record: string, position: number) => void): number {
    this.#seen = Math.max(this.#seen, to);
    return this.#log.read(from, to, visit);
  }
}

interface Thread {
  /** What it does before there is a race. */
  readonly before?: Step;
  readonly steps: readonly Step[];
}

interface Race {
  readonly all: readonly Lockdep[];
  /** Whether anybody saw an old end. */
  readonly isLate: boolean;
}

/** Runs the steps of each thread, in an order that is chosen. */
function run(threads: readonly Thread[], choose: Choose): Race {
  const log = new MemoryLog();
  let isRacing = false;
  let isLate = false;
  const age: Choose = (ways) => {
    const chosen = isRacing ? choose(ways) : 0;
    isLate ||= chosen > 0;
    return chosen;
  };
  const all = threads.map((_, at) => checker(`t${at}`, new LateLog(log, age)));
  // Known to all, so that only the steps themselves are raced for.
  for (const ld of all) {
    for (const name of 'abcg') shared(ld, name);
  }
  for (const [at, { before }] of threads.entries()) before?.(all[at] as Lockdep);
  for (const ld of all) ld.peerViolations;
  isRacing = true;
  const left = threads.map(({ steps }) => [...steps]);
  for (let open = left; open.length > 0; open = left.filter((steps) => steps.length > 0)) {
    const next = open[choose(open.length)] as Step[];
    next.shift()?.(all[left.indexOf(next)] as Lockdep);
    if (left.every((steps) => steps.length === 0)) break;
  }
  isRacing = false;
  for (const ld of all) assert.equal(ld.failure, null);
  return { all, isLate };
}

/** Tries all choices, one after the other, as a number is counted up digit by digit. @returns how many there are */
function every(threads: readonly Thread[], check: (race: Race, choices: readonly number[]) => void): number {
  let tried = 0;
  for (let choices: number[] | undefined = []; choices !== undefined; tried++) {
    const given: number[] = choices;
    const ways: number[] = [];
    const race = run(threads, (count) => {
      ways.push(count);
      return given[ways.length - 1] ?? 0;
    });
    const made = ways.map((_, at) => given[at] ?? 0);
    check(race, made);
    const last = made.findLastIndex((choice, at) => choice + 1 < (ways[at] as number));
    choices = last < 0 ? undefined : [...made.slice(0, last), (made[last] as number) + 1];
  }
  return tried;
}

/** Threads of which each asks for the last of its locks while it holds the others. */
const threadsOf = (...orders: readonly string[]): Thread[] =>
  orders.map((order) => ({
    before: (ld) => {
      for (const name of order.slice(0, -1)) ld.owner('p').acquire(shared(ld, name));
    },
    steps: [(ld) => ld.owner('p').acquire(shared(ld, order.at(-1) as string))],
  }));

const found = ({ all }: Race): string[] => all.flatMap((ld) => ld.violations.map(({ rule }) => rule));
const names = ({ all }: Race): string[] => all.flatMap((ld) => ld.violations.map(({ fingerprint }) => fingerprint));

describe('threads that add dependencies at the same time', () => {
  it.each([
    ['two halves of a cycle', ['ab', 'ba']],
    ['three steps of a cycle', ['ab', 'bc', 'ca']],
    ['a cycle and who has no part in it', ['ab', 'ba', 'bc']],
  ])('report %s exactly once, whoever comes first', (_, orders) => {
    const fingerprints = new Set<string>();
    let late = 0;
    every(threadsOf(...orders), (race, choices) => {
      expect([choices, found(race)]).toEqual([choices, ['order-cycle']]);
      for (const name of names(race)) fingerprints.add(name);
      late += race.isLate ? 1 : 0;
    });
    expect(fingerprints.size).toBe(1);
    expect(late).toBeGreaterThan(orders.length === 2 ? 1 : 10);
  });

  it('report nothing where there is no cycle', () => {
    const steps = threadsOf('ab', 'bc', 'ac');
    const tried = every(steps, (race, choices) => expect([choices, found(race)]).toEqual([choices, []]));
    expect(tried).toBeGreaterThan(10);
  });

  it('report each of two cycles, with several steps in each thread', () => {
    const steps: Thread[] = [
      {
        before: (ld) => ld.owner('p').acquire(shared(ld, 'b')),
        steps: ['a', 'c'].map((name) => (ld) => nest(ld.owner('p'), [shared(ld, name)])),
      },
      { steps: [(ld) => goes(ld, 'ab'), (ld) => goes(ld, 'cb')] },
    ];
    const tried = every(steps, (race, choices) => {
      expect([choices, new Set(names(race)).size]).toEqual([choices, 2]);
    });
    expect(tried).toBeGreaterThan(100);
  });

  it('are kept apart by a gate that they share', () => {
    const steps = threadsOf('gab', 'gba');
    const tried = every(steps, (race, choices) => {
      expect([choices, found(race)]).toEqual([choices, []]);
      expect(race.all.flatMap(({ quiet }) => quiet)).toHaveLength(1);
    });
    expect(tried).toBeGreaterThan(2);
  });

  it('do not take a quiet cycle for open while a half of it is not told yet', () => {
    const { log, all } = checkers(3);
    const [one, other, third] = all as [Lockdep, Lockdep, Lockdep];
    goes(one, 'gab');
    goes(third, 'b');
    log.before = () => {
      if (log.records.at(-1)?.includes('"guarded"')) {
        log.before = () => {};
        goes(third, 'gc');
      }
    };
    goes(other, 'gba');
    expect(all.flatMap(findings)).toEqual([]);
    expect(other.quiet).toHaveLength(1);
    goes(third, 'ab');
    expect(all.map(findings)).toEqual([[], [], ['order-cycle possible ×1']]);
  });

  it('report a cycle that was quiet as soon as one of them passes the gate by', () => {
    const steps = threadsOf('gab', 'gba', 'ab');
    every(steps, (race, choices) => {
      expect([choices, new Set(found(race))]).toEqual([choices, new Set(['order-cycle'])]);
      expect(new Set(names(race)).size).toBe(1);
    });
  });

  it('judge what lost the race each time from then on', () => {
    const steps = threadsOf('ab', 'ba');
    every(steps, (race, choices) => {
      const loser = race.all.findIndex(({ violations }) => violations.length > 0);
      const ld = race.all[loser] as Lockdep;
      goes(ld, loser === 0 ? 'ab' : 'ba', 'q');
      expect([choices, ld.violations.map(({ count }) => count)]).toEqual([choices, [2]]);
    });
  });

  it('report a handler that takes what another holds', () => {
    const spin = { kind: 'raw_spin' };
    const handler: Step = (ld) => {
      const owner = ld.owner('p');
      owner.hardirqEnter();
      owner.acquire(shared(ld, 'h', spin));
      owner.release(shared(ld, 'h'));
      owner.hardirqExit();
    };
    const task: Step = (ld) => {
      ld.owner('p').acquire(shared(ld, 'h', spin));
      ld.owner('p').release(shared(ld, 'h'));
    };
    for (const steps of [
      [handler, task],
      [handler, task, task],
    ]) {
      const tried = every(
        steps.map((step) => ({ steps: [step] })),
        (race, choices) => {
          expect([choices, [...new Set(found(race))]]).toEqual([choices, ['irq-inconsistent']]);
        },
      );
      expect(tried).toBeGreaterThan(2);
    }
  });
});

describe('under the throw policy', () => {
  it('whoever comes second is stopped, and again each time', () => {
    const log = new MemoryLog();
    const [one, other] = ['t0', 't1'].map((name) => checker(name, log, { onViolation: 'throw' })) as [Lockdep, Lockdep];
    let isFirst = true;
    log.before = (record) => {
      if (isFirst && record.includes('edges')) {
        isFirst = false;
        goes(other, 'ba');
      }
    };
    one.owner('p').acquire(shared(one, 'a'));
    for (let round = 0; round < 3; round++) {
      expect(() => one.owner('p').acquire(shared(one, 'b'))).toThrow('order-cycle');
    }
    expect(one.owner('p').held).toHaveLength(1);
    expect(one.violations.map(({ count }) => count)).toEqual([3]);
    expect(other.violations).toEqual([]);
  });
});
