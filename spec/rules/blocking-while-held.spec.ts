import { Conductor } from '../../lib/conductor.ts';
import { fingerprint } from '../../lib/model/fingerprint.ts';
import { blockingWhileHeld } from '../../lib/rules/blocking-while-held.ts';
import { BLOCKING_RULES } from '../../lib/rules/index.ts';
import type { CallUnderLock } from '../../lib/rules/misuse.ts';
import { at, holding, lockOf, locksOf, ownerOf, place, refOf, stateOf } from './scene.ts';

const state = stateOf();
const [a, b] = locksOf(state, ['a', 'b']);
const [p, q] = [ownerOf('p', 1), ownerOf('q', 2)];

function call(more: Partial<CallUnderLock> = {}): CallUnderLock {
  const held = [holding(p, a, { line: 3 }), holding(p, b, { line: 4 })];
  return { owner: p, held, call: 'execSync', site: at(5), ...more };
}

describe('blocking-while-held', () => {
  it('reports the call with its place, and what is held, the innermost lock first', () => {
    expect(blockingWhileHeld(state, call())).toEqual([
      {
        rule: 'blocking-while-held',
        severity: 'warning',
        confidence: 'certain',
        fingerprint: fingerprint('blocking-while-held', ['b', '/app/main.ts#work#5:1', 'execSync']),
        count: 1,
        message: 'p calls execSync, which blocks the thread, while holding b.',
        owner: 'p',
        process: '42/1',
        sites: [place(5), place(4), place(3)],
        held: [
          { lock: refOf('a'), mode: 'exclusive', site: place(3) },
          { lock: refOf('b'), mode: 'exclusive', site: place(4) },
        ],
        lock: refOf('b'),
        places: [
          { label: 'calls execSync', site: place(5) },
          { label: 'b taken', site: place(4) },
          { label: 'a taken', site: place(3) },
        ],
      },
    ]);
  });

  it('is one defect for each call and place, whoever makes it', () => {
    const named = (more: Partial<CallUnderLock> = {}): string | undefined =>
      blockingWhileHeld(state, call(more))[0]?.fingerprint;
    expect(named({ owner: q })).toBe(named());
    expect(new Set([named(), named({ call: 'sleep' }), named({ site: at(6) })]).size).toBe(3);
  });

  it('is quiet where no lock is held that keeps others out', () => {
    expect(blockingWhileHeld(state, call({ held: [] }))).toEqual([]);
    const passing = ['rcu', 'map'].map((kind) => holding(p, lockOf(state, kind, kind)));
    expect(blockingWhileHeld(state, call({ held: passing }))).toEqual([]);
  });

  it('is off unless it is asked for', () => {
    const found = (conductor: Conductor): boolean => conductor.judge(BLOCKING_RULES, call());
    expect(found(new Conductor())).toBe(false);
    const asked = new Conductor({ rules: { 'blocking-while-held': 'error' } });
    expect(found(asked)).toBe(true);
    expect(asked.violations).toMatchObject([{ rule: 'blocking-while-held', severity: 'error' }]);
  });
});
