import { Conductor } from '../../lib/conductor.ts';
import { fingerprint } from '../../lib/model/fingerprint.ts';
import { callbackUnderLock } from '../../lib/rules/callback-under-lock.ts';
import { CALLBACK_RULES } from '../../lib/rules/index.ts';
import type { CallUnderLock } from '../../lib/rules/misuse.ts';
import { at, holding, lockOf, locksOf, ownerOf, place, refOf, stateOf } from './scene.ts';

const state = stateOf();
const [a, b] = locksOf(state, ['a', 'b']);
const [p, q] = [ownerOf('p', 1), ownerOf('q', 2)];

function call(more: Partial<CallUnderLock> = {}): CallUnderLock {
  const held = [holding(p, a, { line: 3 }), holding(p, b, { line: 4 })];
  return { owner: p, held, call: "emit('saved')", site: at(5), ...more };
}

describe('callback-under-lock', () => {
  it('reports the call with its place, and what is held, the innermost lock first', () => {
    expect(callbackUnderLock(state, call())).toEqual([
      {
        rule: 'callback-under-lock',
        severity: 'warning',
        confidence: 'certain',
        fingerprint: fingerprint('callback-under-lock', ['b', '/app/main.ts#work#5:1', "emit('saved')"]),
        count: 1,
        message: "p calls emit('saved'), which runs code of others, while holding b.",
        owner: 'p',
        process: '42/1',
        sites: [place(5), place(4), place(3)],
        held: [
          { lock: refOf('a'), mode: 'exclusive', site: place(3) },
          { lock: refOf('b'), mode: 'exclusive', site: place(4) },
        ],
        lock: refOf('b'),
        places: [
          { label: "calls emit('saved')", site: place(5) },
          { label: 'b taken', site: place(4) },
          { label: 'a taken', site: place(3) },
        ],
      },
    ]);
  });

  it('is one defect for each call and place, whoever makes it', () => {
    const named = (more: Partial<CallUnderLock> = {}): string | undefined =>
      callbackUnderLock(state, call(more))[0]?.fingerprint;
    expect(named({ owner: q })).toBe(named());
    expect(new Set([named(), named({ call: 'listener()' }), named({ site: at(6) })]).size).toBe(3);
  });

  it('is quiet where no lock is held that keeps others out', () => {
    expect(callbackUnderLock(state, call({ held: [] }))).toEqual([]);
    const passing = ['rcu', 'map'].map((kind) => holding(p, lockOf(state, kind, kind)));
    expect(callbackUnderLock(state, call({ held: passing }))).toEqual([]);
  });

  it('is off unless it is asked for', () => {
    const found = (conductor: Conductor): boolean => conductor.judge(CALLBACK_RULES, call());
    expect(found(new Conductor())).toBe(false);
    const asked = new Conductor({ rules: { 'callback-under-lock': 'error' } });
    expect(found(asked)).toBe(true);
    expect(asked.violations).toMatchObject([{ rule: 'callback-under-lock', severity: 'error' }]);
  });
});
