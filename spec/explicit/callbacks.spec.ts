import { createLockdep } from '../../lib/lockdep.ts';
import type { Violation } from '../../lib/model/violation.ts';
import { findings, heldNames, locks, nest } from '../state/world.ts';
import { rules } from './cast.ts';

describe('a function that is called for each violation', () => {
  it('is called once for each defect, when its event is over', () => {
    const seen: [string, string[]][] = [];
    const ld = createLockdep({ onViolation: ({ rule }) => seen.push([rule, heldNames(ld.owner('p'))]) });
    const [a, b] = locks(ld, ['a', 'b']);
    const p = ld.owner('p');
    p.acquire(a);
    for (let turn = 0; turn < 2; turn++) {
      p.acquire(a);
      p.release(a);
    }
    p.release(b);
    expect(seen).toEqual([
      ['recursion', ['a', 'a']],
      ['bad-release', ['a']],
    ]);
  });

  it('may take and release locks, and may break rules itself', () => {
    const seen: string[] = [];
    const onViolation = ({ rule }: Violation): void => {
      seen.push(rule);
      const p = ld.owner('p');
      const [log] = locks(ld, ['log']);
      nest(p, [log]);
      p.release(log);
      if (rule === 'recursion') p.release(a);
    };
    const ld = createLockdep({ onViolation });
    const [a] = locks(ld, ['a']);
    const p = ld.owner('p');
    p.acquire(a);
    p.acquire(a);
    expect([seen, heldNames(p)]).toEqual([['recursion', 'bad-release'], ['a']]);
    p.release(a);
    expect([rules(ld), heldNames(p), ld.failure]).toEqual([['recursion', 'bad-release'], [], null]);
  });

  it('may give up what its owner holds in the middle of things', () => {
    const onViolation = (): void => {
      for (const { lock } of [...ld.owner('p').held].reverse()) ld.owner('p').release(lock);
    };
    const ld = createLockdep({ onViolation });
    const [guard, a, b] = locks(ld, ['guard', 'a', 'b']);
    const p = ld.owner('p');
    p.acquire(guard);
    p.acquire(a, { nest: guard });
    p.acquire(b);
    p.release(guard);
    expect([heldNames(p), rules(ld)]).toEqual([[], ['nest-not-held']]);
    p.acquire(a);
    p.exit();
    expect([heldNames(p), rules(ld), ld.failure]).toEqual([[], ['nest-not-held', 'held-at-exit'], null]);
  });

  it('may throw: that is said, and nothing else happens', () => {
    const said = jest.spyOn(console, 'error').mockImplementation(() => {});
    const onViolation = (): void => {
      throw new Error('mine');
    };
    const ld = createLockdep({ onViolation });
    const [a] = locks(ld, ['a']);
    const p = ld.owner('p');
    for (let turn = 0; turn < 3; turn++) expect(() => nest(p, [a, a])).not.toThrow();
    expect([said.mock.calls.length, findings(ld), ld.failure]).toEqual([1, ['recursion certain ×3'], null]);
    said.mockRestore();
  });
});

describe('the rules that are asked for', () => {
  it('say what is off', () => {
    for (const onViolation of ['collect', 'throw'] as const) {
      const ld = createLockdep({
        onViolation,
        rules: { recursion: 'off', 'assert-held': 'off', 'bad-release': 'off' },
      });
      const [a] = locks(ld, ['a']);
      const p = ld.owner('p');
      p.assertHeld(a);
      nest(p, [a, a]);
      p.release(a);
      expect([rules(ld), heldNames(p)]).toEqual([[], []]);
    }
  });

  it('say what is a warning, which is never thrown', () => {
    const ld = createLockdep({ onViolation: 'throw', rules: { recursion: 'warning' } });
    const [a] = locks(ld, ['a']);
    nest(ld.owner('p'), [a, a]);
    expect(ld.violations.map(({ rule, severity }) => `${rule} ${severity}`)).toEqual(['recursion warning']);
  });

  it('say what is an error, which is thrown', () => {
    for (const severity of [undefined, 'error'] as const) {
      const ld = createLockdep({ onViolation: 'throw', rules: severity === undefined ? {} : { recursion: severity } });
      const two = locks(ld, ['a', 'a']);
      const act = expect(() => nest(ld.owner('p'), two));
      if (severity === undefined) act.not.toThrow();
      else act.toThrow('recursion');
      expect(rules(ld)).toEqual(['recursion']);
    }
  });
});

describe('the checker', () => {
  it.each(['collect', 'warn'] as const)('goes on after reports (policy: %s)', (onViolation) => {
    const warned = jest.spyOn(console, 'warn').mockImplementation(() => {});
    const ld = createLockdep({ onViolation });
    const p = ld.owner('p', { yields: true });
    const [a, b, m] = locks(ld, ['a', 'b', 'm']);
    const [s] = locks(ld, ['s'], { kind: 'spin' });
    for (let turn = 0; turn < 5; turn++) {
      nest(p, [a, a]);
      nest(p, [a, b]);
      nest(p, [b, a]);
      nest(p, [s, m]);
      p.hardirqEnter();
      nest(p, [s]);
      p.hardirqExit();
      p.mightSleep();
      p.release(m);
      p.softirqExit();
      p.assertHeld(a);
    }
    const counts = Object.fromEntries(ld.violations.map(({ rule, count }) => [rule, count]));
    expect(counts).toEqual({
      recursion: 5,
      'order-cycle': 5,
      'wait-context': 5,
      // What is held with interrupts on, under what the handler takes.
      'irq-inversion': 5,
      'irq-inconsistent': 5,
      'bad-release': 5,
      'context-imbalance': 5,
      'assert-held': 5,
    });
    expect(warned.mock.calls.length).toBe(onViolation === 'warn' ? 8 : 0);
    expect([ld.failure, heldNames(p)]).toEqual([null, []]);
    warned.mockRestore();
  });
});
