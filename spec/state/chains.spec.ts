import { LOCK_KINDS, type LockKind } from '../../lib/model/kind.ts';
import type { Mode } from '../../lib/model/lock.ts';
import { ChainTrie, stepKey } from '../../lib/state/chains.ts';
import { ClassTable } from '../../lib/state/class-table.ts';
import type { LockClass } from '../../lib/state/classes.ts';
import { TASK } from '../rules/scene.ts';

function classesOf(count: number): LockClass[] {
  const table = new ClassTable();
  const kind = LOCK_KINDS.get('rwlock') as LockKind;
  return Array.from({ length: count }, (_, at) =>
    table.add(`${at}`, { kind, capacity: 1, identity: { key: `${at}`, name: `${at}` } }),
  );
}

const [A, B] = classesOf(2) as [LockClass, LockClass];
const MODES: readonly Mode[] = ['exclusive', 'shared', 'recursive-shared'];

describe('the key of a step', () => {
  it('tells class, mode and try apart', () => {
    const keys = classesOf(40).flatMap((one) =>
      MODES.flatMap((mode) => [stepKey(one, mode, false), stepKey(one, mode, true)]),
    );
    expect(new Set(keys).size).toBe(40 * 3 * 2);
    expect(keys.every(Number.isSafeInteger)).toBe(true);
  });

  it('is that of the class itself for an exclusive acquire that may wait', () => {
    expect([stepKey(A, 'exclusive', false), stepKey(B, 'exclusive', false)]).toEqual([A.step, B.step]);
  });
});

describe('the trie of chains', () => {
  it('remembers a step under its key', () => {
    const trie = new ChainTrie(10, TASK);
    const node = trie.add(trie.root, 5, A);
    expect(trie.root.next.get(5)).toBe(node);
    expect([node.parent, node.class, node.slow, node.shared, node.hits]).toEqual([trie.root, A, false, false, 0]);
    expect([trie.size, trie.refused]).toEqual([1, 0]);
  });

  it('knows all classes on the way to a chain', () => {
    const trie = new ChainTrie(10, TASK);
    const a = trie.add(trie.root, 0, A);
    const b = trie.add(a, 1, B);
    expect([a.contains(A), a.contains(B), b.contains(A), b.contains(B)]).toEqual([true, false, true, true]);
    expect(trie.root.contains(A)).toBe(false);
  });

  it('has a step judged each time if its class is held already, however deep', () => {
    const trie = new ChainTrie(10, TASK);
    const a = trie.add(trie.root, 0, A);
    const b = trie.add(a, 1, B);
    expect(trie.add(b, 2, A).slow).toBe(true);
    expect(trie.add(a, 3, B).slow).toBe(false);
  });

  it('hands out a step past the limit and does not remember it', () => {
    const trie = new ChainTrie(1, TASK);
    const a = trie.add(trie.root, 0, A);
    const b = trie.add(a, 1, B);
    expect([b.parent, b.class, a.next.size]).toEqual([a, B, 0]);
    expect([trie.size, trie.refused]).toEqual([1, 1]);
    expect(trie.add(b, 2, A).slow).toBe(true);
    expect([b.next.size, trie.refused]).toEqual([0, 2]);
  });

  it('remembers nothing with a limit of 0', () => {
    const trie = new ChainTrie(0, TASK);
    trie.add(trie.root, 0, A);
    expect([trie.root.next.size, trie.size, trie.refused]).toEqual([0, 0, 1]);
  });
});
