import { createLockdep, type Lockdep } from '../lib/lockdep.ts';
import { SNAPSHOT_SCHEMA } from '../lib/model/snapshot.ts';
import { graphOf, snapshotOf } from '../lib/snapshot.ts';
import { lineOf, locks, nest } from './state/world.ts';

const line = (comment: string): number => lineOf(__filename, comment);
const NOW = 1_700_000_000_000;

/** A checker that has seen two owners go opposite ways. */
function crossed(): Lockdep {
  const ld = createLockdep({ process: '42/1', now: () => NOW });
  const [a, b] = locks(ld, ['a', 'b']);
  const [p, q] = [ld.owner('p'), ld.owner('q')];
  for (let turn = 0; turn < 3; turn++) {
    p.acquire(a); // p takes a
    p.acquire(b); // p asks for b
    p.release(b);
    p.release(a);
  }
  nest(q, [b, a]);
  return ld;
}

describe('a snapshot', () => {
  it('of a checker that has seen nothing is empty', () => {
    expect(createLockdep({ now: () => NOW }).snapshot()).toEqual({
      schema: 'lockdep/1',
      process: { pid: 0, thread: 0, command: '', node: '', startedAt: 0, writtenAt: NOW, ending: 'running' },
      classes: [],
      dependencies: [],
      violations: [],
      adapters: [],
      totals: { instances: 0, acquisitions: 0, owners: 0, refuted: 0 },
      limits: [],
      failure: null,
    });
  });

  it('has the classes with what was counted of them', () => {
    expect(crossed().snapshot().classes).toEqual([
      { key: 'a', name: 'a', kind: 'mutex', capacity: 1, instances: 1, acquisitions: 4 },
      { key: 'b', name: 'b', kind: 'mutex', capacity: 1, instances: 1, acquisitions: 4 },
    ]);
  });

  it('has each dependency with its count, also the one that closed a cycle', () => {
    const found = crossed().snapshot().dependencies;
    expect(found.map(({ from, to, count }) => ({ from, to, count }))).toEqual([
      { from: 0, to: 1, count: 3 },
      { from: 1, to: 0, count: 1 },
    ]);
  });

  it('has the witnesses of each dependency: who, when, where, in which process', () => {
    const [dependency] = crossed().snapshot().dependencies;
    expect(dependency?.witnesses).toEqual([
      {
        kind: 'EN',
        owner: 'p',
        taken: expect.objectContaining({ file: __filename, line: line('p takes a') }),
        asked: expect.objectContaining({ file: __filename, line: line('p asks for b') }),
        at: NOW,
        process: '42/1',
      },
    ]);
  });

  it('has one witness of a second owner, and no more', () => {
    const ld = createLockdep();
    const [a, b] = locks(ld, ['a', 'b']);
    for (const name of ['p', 'q', 'r', 'p']) nest(ld.owner(name), [a, b]);
    expect(ld.snapshot().dependencies[0]?.witnesses.map(({ owner }) => owner)).toEqual(['p', 'q']);
  });

  it('has the findings as they are now', () => {
    const ld = crossed();
    const snapshot = ld.snapshot();
    expect(snapshot.violations).toEqual(ld.violations);
    ld.owner('p').release(ld.lock('c'));
    expect(snapshot.violations).toHaveLength(1);
  });

  it('is not changed by what comes after it', () => {
    const ld = crossed();
    const snapshot = ld.snapshot();
    const before = JSON.stringify(snapshot);
    const [a, b] = locks(ld, ['a', 'b']);
    nest(ld.owner('q'), [b, a]);
    nest(ld.owner('r'), [b, a]);
    expect(JSON.stringify(snapshot)).toBe(before);
    expect(ld.violations[0]?.count).toBe(3);
  });

  it('can be changed without changing the checker', () => {
    const ld = crossed();
    const snapshot = ld.snapshot();
    for (const part of [snapshot.classes, snapshot.dependencies, snapshot.violations, snapshot.limits]) {
      (part as unknown[]).length = 0;
    }
    expect(ld.snapshot()).toEqual(crossed().snapshot());
  });

  it('survives JSON', () => {
    const snapshot = crossed().snapshot();
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
    expect(snapshot.schema).toBe(SNAPSHOT_SCHEMA);
  });

  it('takes what the caller knows of the process', () => {
    const { process } = createLockdep({ now: () => NOW }).snapshot({ pid: 42, thread: 1, ending: 'drained' });
    expect(process).toMatchObject({ pid: 42, thread: 1, ending: 'drained', command: '', writtenAt: NOW });
  });

  it('passes on what those who watch know', () => {
    const ld = createLockdep();
    ld.adapters.push({ name: 'async-mutex', version: '0.5.0', status: 'watched' });
    ld.notes.push('A note.');
    ld.refuted = 3;
    expect(snapshotOf(ld, {})).toMatchObject({
      adapters: [{ name: 'async-mutex', version: '0.5.0', status: 'watched' }],
      limits: ['A note.'],
      totals: { refuted: 3 },
    });
  });
});

describe('the class graph as a graphlib graph', () => {
  it('has a node for each class, with its key and its data', () => {
    const graph = crossed().graph();
    expect(graph.nodes()).toEqual(['c0', 'c1']);
    expect(graph.node('c0')).toEqual({ key: 'a', label: { key: 'a', name: 'a', kind: 'mutex', capacity: 1 } });
    expect([graph.isDirected(), graph.isMultigraph(), graph.isCompound()]).toEqual([true, false, false]);
  });

  it('has an edge for each dependency, with the data of the snapshot', () => {
    const ld = crossed();
    const graph = ld.graph();
    const [there, back] = ld.snapshot().dependencies;
    expect(graph.edges().map(({ v, w }) => [v, w])).toEqual([
      ['c0', 'c1'],
      ['c1', 'c0'],
    ]);
    expect([graph.edge('c0', 'c1'), graph.edge('c1', 'c0')]).toEqual([there, back]);
  });

  it('has classes without a dependency too', () => {
    const ld = crossed();
    ld.lock('alone');
    expect([ld.graph().nodeCount(), ld.graph().edgeCount(), ld.graph().neighbors('c2')]).toEqual([3, 2, []]);
  });

  it('is a copy: what is done to it does not reach the checker', () => {
    const ld = crossed();
    ld.graph().removeNode('c0');
    expect(graphOf(ld.state).nodeCount()).toBe(2);
  });
});
