/**
 * Every limit is loud, and past it the checker is slower, not wrong.
 */
import { createLockdep } from '../lib/lockdep.ts';
import { findings, locks, nest } from './state/world.ts';

const ORDERS = [
  ['a', 'b', 'c'],
  ['b', 'c'],
  ['a', 'c'],
] as const;

function run(chainLimit: number, turns = 2): ReturnType<typeof createLockdep> {
  const ld = createLockdep({ chainLimit });
  const [a, b, c] = locks(ld, ['a', 'b', 'c']);
  const byName = { a, b, c };
  for (let turn = 0; turn < turns; turn++) {
    for (const order of ORDERS) {
      nest(
        ld.owner('p'),
        order.map((name) => byName[name]),
      );
    }
    nest(ld.owner('q'), [c, a]);
    nest(ld.owner('q'), [a, a]);
  }
  return ld;
}

describe.each([0, 1, 2, 3, 5])('a checker that remembers %d chains', (chainLimit) => {
  it('says in its snapshot that it could not remember more', () => {
    expect(run(chainLimit).snapshot().limits).toEqual([
      expect.stringMatching(
        new RegExp(`^More than ${chainLimit} chains: [1-9][0-9]* steps were checked without being remembered\\.$`),
      ),
    ]);
  });

  it('finds the same as one that remembers all', () => {
    expect(findings(run(chainLimit))).toEqual(findings(run(1000)));
    expect(findings(run(chainLimit))).toEqual(['order-cycle possible ×2', 'recursion certain ×2']);
  });

  it('counts the same', () => {
    const [little, all] = [run(chainLimit).snapshot(), run(1000).snapshot()];
    expect(little.totals).toEqual(all.totals);
    expect(little.classes).toEqual(all.classes);
    expect(little.dependencies.map(({ count }) => count)).toEqual(all.dependencies.map(({ count }) => count));
  });

  it('keeps no more the longer the program runs', () => {
    const chains = (turns: number): number[] =>
      [...run(chainLimit, turns).state.dependencies].map((dependency) => dependency.chains.size);
    expect(chains(100)).toEqual(chains(10));
  });
});

describe('a checker below its limits', () => {
  it('says nothing of them', () => {
    expect(run(1000).snapshot().limits).toEqual([]);
  });

  it('shows the notes of those who watch', () => {
    const ld = createLockdep();
    ld.notes.push('A note.');
    expect(ld.snapshot().limits).toEqual(['A note.']);
  });
});
