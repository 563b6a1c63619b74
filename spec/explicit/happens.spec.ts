import { createLockdep, type Lockdep } from '../../lib/lockdep.ts';
import type { Owner } from '../../lib/owner.ts';
import { heldNames, locks, nest } from '../state/world.ts';
import { rules } from './cast.ts';

const HAPPENS: [rule: string, program: (ld: Lockdep, p: Owner) => readonly [() => void, held: string[]]][] = [
  [
    'bad-release',
    (ld, p) => {
      const r = ld.lock('r', { kind: 'rwsem' });
      p.acquire(r);
      return [() => p.release(r, { mode: 'shared' }), []];
    },
  ],
  [
    'pinned-release',
    (ld, p) => {
      const [a] = locks(ld, ['a']);
      p.acquire(a);
      p.pin(a);
      return [() => p.release(a), []];
    },
  ],
  [
    'nest-not-held',
    (ld, p) => {
      const [guard, a, b] = locks(ld, ['guard', 'a', 'b']);
      p.acquire(guard);
      p.acquire(a, { nest: guard });
      p.acquire(b);
      return [() => p.release(guard), ['a', 'b']];
    },
  ],
  [
    'release-order',
    (ld, p) => {
      const [a, b] = locks(ld, ['a', 'b']);
      p.acquire(a);
      p.acquire(b);
      return [() => p.release(a), ['b']];
    },
  ],
  [
    'held-at-exit',
    (ld, p) => {
      p.acquire(ld.lock('a'));
      return [() => p.exit(), []];
    },
  ],
];

describe('what cannot be refused', () => {
  it.each(HAPPENS)('happens all the same: %s', (rule, program) => {
    const ld = createLockdep({ onViolation: 'throw', rules: rule === 'release-order' ? { [rule]: 'error' } : {} });
    const p = ld.owner('p');
    const [act, held] = program(ld, p);
    expect(act).toThrow(rule);
    expect([heldNames(p), rules(ld)]).toEqual([held, [rule]]);
  });

  it('such as leaving a handler, with its locks', () => {
    const ld = createLockdep({ onViolation: 'throw' });
    const p = ld.owner('p', { yields: true });
    p.hardirqEnter();
    p.acquire(ld.lock('s', { kind: 'raw_spin' }), { try: true });
    expect(() => p.hardirqExit()).toThrow('held-at-exit');
    p.assertNotInContext('hardirq');
    p.assertIrqsEnabled();
  });

  it('such as interrupts, that come on', () => {
    const ld = createLockdep({ onViolation: 'throw' });
    const p = ld.owner('p', { yields: true });
    const s = ld.lock('s', { kind: 'spin' });
    p.hardirqEnter();
    nest(p, [s]);
    p.hardirqExit();
    p.hardirqDisable();
    p.acquire(s);
    expect(() => p.hardirqEnable()).toThrow('irq-inconsistent');
    p.assertIrqsEnabled();
    p.release(s);
    expect(heldNames(p)).toEqual([]);
  });
});
