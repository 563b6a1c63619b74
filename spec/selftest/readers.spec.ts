/**
 * Readers and writers mixed: on one class, in rings of two with another lock, in rings of three. What only recursive
 * readers may do is quiet for them alone.
 */
import { MUTEX, RWLOCK, SHARED, type Shared, SPIN } from './how.ts';
import { all, type How, inOrder, orderName, orders, pair, type Step, take } from './program.ts';
import { type Case, QUIET, selftest, told } from './selftest.ts';

/** `R` and `W` are reader and writer; the verdict is that for recursive readers, all else blocks. */
type Row = readonly [ways: string, recursive: 'quiet' | 'blocks'];

const howOf = ({ read, write }: Shared, letter: string | undefined): How => (letter === 'R' ? read : write);

const ON_ONE_CLASS: readonly Row[] = [
  ['RR', 'quiet'],
  ['RW', 'blocks'],
  ['WR', 'blocks'],
  ['WW', 'blocks'],
];

describe('one class twice', () => {
  const rows = SHARED.flatMap((shared) =>
    ON_ONE_CLASS.flatMap(([ways, recursive]) =>
      ['X1', 'X2'].map((second): Case => {
        const [first, next] = [howOf(shared, ways[0]), howOf(shared, ways[1])];
        const isQuiet = shared.recursive && recursive === 'quiet';
        return {
          name: `${ways} X1 ${second}: ${shared.label}`,
          events: [all(take(first, 'X1'), take(next, second))],
          verdict: isQuiet ? QUIET : told('recursion'),
        };
      }),
    ),
  );
  selftest(rows);
});

/** `L` is the other lock. What a chain cache that knows no readers would let pass stands at the end. */
const WITH_ANOTHER: readonly Row[] = [
  ['RL LW', 'blocks'],
  ['RL LR', 'quiet'],
  ['WL LW', 'blocks'],
  ['WL LR', 'blocks'],
  ['LW RL', 'blocks'],
  ['LR RL', 'quiet'],
  ['LW WL', 'blocks'],
  ['LR WL', 'blocks'],
  ['RL LR LW', 'blocks'],
  ['LR RL LW', 'blocks'],
  ['LR LW RL', 'blocks'],
  ['RL LR WL', 'blocks'],
  ['LR RL WL', 'blocks'],
  ['RL WL LR', 'blocks'],
  ['RL LR RL LR', 'quiet'],
];

function another(shared: Shared, other: How): Case[] {
  const lockOf = (letter: string | undefined): [How, string] =>
    letter === 'L' ? [other, 'Y1'] : [howOf(shared, letter), 'X1'];
  return WITH_ANOTHER.map(([ways, recursive]) => {
    const events = ways.split(' ').map((names) => pair(lockOf(names[0]), lockOf(names[1])));
    const isQuiet = shared.recursive && recursive === 'quiet';
    const name = `${ways}: ${shared.label} with ${other.label}`;
    return { name, events, verdict: isQuiet ? QUIET : told('order-cycle') };
  });
}

describe('a ring of readers, writers and another lock', () => {
  selftest(
    SHARED.flatMap((shared) => (shared.read.kind === 'rwlock' ? another(shared, SPIN) : another(shared, MUTEX))),
  );
});

/** Each pair holds the first way and wants the second, over the locks 1-2, 2-3, 3-1. */
const OF_THREE: readonly Row[] = [
  ['WR WR WR', 'blocks'],
  ['WW RR WR', 'blocks'],
  ['WW RR RW', 'quiet'],
  ['WR RR WW', 'quiet'],
  ['RR RR RR', 'quiet'],
  ['RW RW RW', 'blocks'],
];

const NAMES = ['X1', 'Y1', 'Z1', 'X1'] as const;

function three(shared: Shared, [ways, recursive]: Row): Case[] {
  const events: Step[] = ways.split(' ').map((way, at) => {
    const [outer, inner] = [NAMES[at] ?? '', NAMES[at + 1] ?? ''];
    return pair([howOf(shared, way[0]), outer], [howOf(shared, way[1]), inner]);
  });
  const isQuiet = shared.recursive && recursive === 'quiet';
  return orders(3).map((order) => {
    const name = `${ways} ${orderName(order)}: ${shared.label}`;
    return { name, events: inOrder(events, order), verdict: isQuiet ? QUIET : told('order-cycle') };
  });
}

describe('a ring of three readers and writers', () => {
  selftest(SHARED.flatMap((shared) => OF_THREE.flatMap((row) => three(shared, row))));
});

describe('readers of both sorts on one class', () => {
  const asked: How = { ...RWLOCK.read, label: 'recursive', mode: 'recursive-shared' };
  const rows = [
    { name: 'recursive over plain', events: [all(take(RWLOCK.read, 'X1'), take(asked, 'X1'))], verdict: QUIET },
    {
      name: 'plain over recursive',
      events: [all(take(asked, 'X1'), take(RWLOCK.read, 'X1'))],
      verdict: told('recursion'),
    },
    {
      name: 'a ring that is held plain and wanted recursive',
      events: [pair([RWLOCK.read, 'A'], [SPIN, 'B']), pair([SPIN, 'B'], [asked, 'A'])],
      verdict: QUIET,
    },
    {
      name: 'a ring that is held recursive and wanted plain',
      events: [pair([asked, 'A'], [SPIN, 'B']), pair([SPIN, 'B'], [RWLOCK.read, 'A'])],
      verdict: told('order-cycle'),
    },
  ];
  selftest(rows);
});
