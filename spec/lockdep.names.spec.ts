/**
 * A lock may be called anything. Nothing here may be a key of a plain object, or a node of a graph that keeps its nodes so.
 */
import { alg, type Graph } from '@dagrejs/graphlib';
import { createLockdep, type Lockdep } from '../lib/lockdep.ts';
import type { Snapshot } from '../lib/model/snapshot.ts';
import { findings, locks, nest, only } from './state/world.ts';

const HOSTILE: readonly (readonly [what: string, name: string])[] = [
  ['__proto__', '__proto__'],
  ['constructor', 'constructor'],
  ['hasOwnProperty', 'hasOwnProperty'],
  ['toString', 'toString'],
  ['then', 'then'],
  ['the empty string', ''],
  ['a blank', ' '],
  ['a number', '0'],
  ['a node of the graph', 'c1'],
  ['10 kB', 'x'.repeat(10_240)],
  ['other alphabets', 'Sperre 锁 🔒 قفل'],
  ['control characters', '\u0000\u001b[31m\r\n'],
  ['half a character', '\ud83d'],
  ['what graphlib puts between names', '\u0001'],
  ['markup', '<b>"a"&\'b\'</b>'],
];

/** Two locks, the first one hostile, taken in both orders by two owners of hostile names. */
function crossed(name: string): Lockdep {
  const ld = createLockdep();
  const [a, b] = locks(ld, [name, 'plain']);
  nest(ld.owner(name), [a, b]);
  nest(ld.owner(`${name}2`), [b, a]);
  return ld;
}

const throughJson = (snapshot: Snapshot): unknown => JSON.parse(JSON.stringify(snapshot));

describe.each(HOSTILE)('a lock called %s', (_, name) => {
  it('is a class like any other', () => {
    const ld = createLockdep();
    const [one, other, plain] = locks(ld, [name, name, 'plain']);
    expect([one.name, one.class === other.class, one.class === plain.class]).toEqual([name, true, false]);
  });

  it('is named by its cycle, with its owners', () => {
    const ld = crossed(name);
    const { edges, owner, message } = only(ld, 'order-cycle');
    expect(edges.map(({ from, to }) => [from.key, to.key])).toEqual([
      ['plain', name],
      [name, 'plain'],
    ]);
    expect([owner, edges[1]?.witness.owner]).toEqual([`${name}2`, name]);
    expect(message).toBe(`${name}2 asks for ${name} while holding plain; ${name} went the other way round.`);
  });

  it('survives a snapshot, and that survives JSON', () => {
    const snapshot = crossed(name).snapshot();
    expect(snapshot.classes.map((one) => one.name)).toEqual([name, 'plain']);
    expect(throughJson(snapshot)).toEqual(snapshot);
  });

  it('is a node of the graph, on a cycle that graphlib finds', () => {
    const graph = crossed(name).graph();
    expect(graph.nodes().map((node) => graph.node(node)?.key)).toEqual([name, 'plain']);
    expect(graph.edgeCount()).toBe(2);
    expect(alg.findCycles(graph as unknown as Graph)).toHaveLength(1);
  });

  it('can be released wrongly, taken twice and held at the end', () => {
    const ld = createLockdep();
    const [a] = locks(ld, [name]);
    const p = ld.owner(name);
    p.release(a);
    nest(p, [a, a]);
    p.assertHeld(a);
    p.acquire(a);
    p.exit();
    expect(ld.violations.map(({ rule }) => rule)).toEqual(['bad-release', 'recursion', 'assert-held', 'held-at-exit']);
    expect(new Set(ld.violations.map(({ fingerprint }) => fingerprint)).size).toBe(4);
  });
});

describe('hostile names together', () => {
  it('are as many classes as there are names, and mix with nothing', () => {
    const ld = createLockdep();
    const names = HOSTILE.map(([, name]) => name);
    const all = locks(ld, names);
    for (const [at, lock] of all.entries()) for (const later of all.slice(at + 1)) nest(ld.owner('p'), [lock, later]);
    expect(findings(ld)).toEqual([]);
    expect(ld.snapshot().classes.map(({ key }) => key)).toEqual(names);
    expect(ld.graph().edgeCount()).toBe((names.length * (names.length - 1)) / 2);
    const [first, last] = [all[0], all.at(-1)];
    if (first !== undefined && last !== undefined) nest(ld.owner('q'), [last, first]);
    expect(findings(ld)).toEqual(['order-cycle possible ×1']);
  });
});
