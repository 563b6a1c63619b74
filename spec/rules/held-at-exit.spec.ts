import { fingerprint } from '../../lib/model/fingerprint.ts';
import { heldAtExit } from '../../lib/rules/held-at-exit.ts';
import { holding, locksOf, ownerOf, place, refOf, stateOf } from './scene.ts';

const p = ownerOf('p');

describe('held-at-exit', () => {
  it('reports a lock that is held by an owner that ends', () => {
    const state = stateOf();
    const [a] = locksOf(state, ['a']);
    expect(heldAtExit(state, { held: [holding(p, a, { line: 3 })], severity: 'error' })).toEqual([
      {
        rule: 'held-at-exit',
        severity: 'error',
        confidence: 'certain',
        fingerprint: fingerprint('held-at-exit', ['a', '/app/main.ts#work#3:1']),
        count: 1,
        message: 'p ended with a held.',
        owner: 'p',
        process: '42/1',
        sites: [place(3)],
        held: [{ lock: refOf('a'), mode: 'exclusive', site: place(3) }],
        lock: refOf('a'),
        context: null,
        taken: place(3),
      },
    ]);
  });

  it('reports each lock by itself, with the owner that holds it', () => {
    const state = stateOf();
    const [a, b] = locksOf(state, ['a', 'b']);
    const held = [holding(p, a, { line: 3 }), holding(ownerOf('q', 2), b)];
    const found = heldAtExit(state, { held, severity: 'error' });
    expect(found.map(({ message, sites }) => [message, sites.length])).toEqual([
      ['p ended with a held.', 1],
      ['q ended with b held.', 0],
    ]);
    expect(new Set(found.map((one) => one.fingerprint)).size).toBe(2);
  });

  it('is a warning where the end came from outside', () => {
    const state = stateOf();
    const [a] = locksOf(state, ['a']);
    expect(heldAtExit(state, { held: [holding(p, a)], severity: 'warning' })[0]?.severity).toBe('warning');
  });

  it('is quiet about an owner that holds nothing', () => {
    expect(heldAtExit(stateOf(), { held: [], severity: 'error' })).toEqual([]);
  });
});
