import { createLockdep } from '../../lib/lockdep.ts';
import type { Owner } from '../../lib/owner.ts';
import { rules, run, stateOf } from './cast.ts';

describe('a context that is out of balance', () => {
  const FLAG = [{ name: 'flag', counted: false }, { name: 'count' }];
  const CASES: [what: string, act: (owner: Owner) => void, messages: string[]][] = [
    ['hardirq left', (p) => p.hardirqExit(), ['p leaves hardirq, which it has not entered.']],
    ['softirq left', (p) => p.softirqExit(), ['p leaves softirq, which it has not entered.']],
    ['the other one left', (p) => [p.hardirqEnter(), p.softirqExit()], ['p leaves softirq, which it has not entered.']],
    ['softirq enabled', (p) => p.softirqEnable(), ['p enables softirq more often than it disabled it.']],
    ['hardirq enabled', (p) => p.hardirqEnable(), []],
    ['an own one left', (p) => p.exit('count'), ['p leaves count, which it has not entered.']],
    ['an own one enabled', (p) => p.enable('count'), ['p enables count more often than it disabled it.']],
    ['an own flag enabled', (p) => p.enable('flag'), []],
    ['one left twice', (p) => [visit(p, 'count'), p.exit('count')], ['p leaves count, which it has not entered.']],
    ['one left once', (p) => visit(p, 'count'), []],
  ];
  const visit = (p: Owner, context: string): void => {
    p.enter(context);
    p.exit(context);
  };

  it.each(CASES)('is reported: %s', (_what, act, messages) => {
    const ld = createLockdep({ contexts: FLAG });
    act(ld.owner('p'));
    expect(rules(ld)).toEqual(messages.map(() => 'context-imbalance'));
    expect(ld.violations.map(({ message }) => message)).toEqual(messages);
  });

  it('stays as it was', () => {
    const ld = createLockdep({ onViolation: 'throw' });
    const p = ld.owner('p');
    run(p, ['hardirqDisable', 'softirqDisable']);
    expect(() => p.softirqExit()).toThrow('p leaves softirq');
    expect(stateOf(p)).toBe('no hardirq, no softirq');
    run(p, ['hardirqEnable', 'softirqEnable']);
    expect(() => p.softirqEnable()).toThrow('more often');
    p.softirqDisable();
    expect(stateOf(p)).toBe('no softirq');
  });
});
