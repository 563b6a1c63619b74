import { createLockdep, type Lockdep } from '../../lib/lockdep.ts';
import type { LockdepOptions } from '../../lib/options.ts';
import type { Owner } from '../../lib/owner.ts';
import { LockdepError } from '../../lib/policy.ts';
import { heldNames, locks, nest } from '../state/world.ts';
import { rules } from './cast.ts';

/** What is prepared, and then what is refused. */
type Program = (ld: Lockdep, p: Owner) => () => void;

const REFUSED: [rule: string, program: Program, options?: LockdepOptions][] = [
  [
    'recursion',
    (ld, p) => {
      const [a] = locks(ld, ['a']);
      p.acquire(a);
      return () => p.acquire(a);
    },
  ],
  [
    'order-cycle',
    (ld, p) => {
      const [a, b] = locks(ld, ['a', 'b']);
      nest(p, [a, b]);
      p.acquire(b);
      return () => p.acquire(a);
    },
  ],
  [
    'wait-context',
    (ld, p) => {
      const [m] = locks(ld, ['m']);
      p.acquire(ld.lock('s', { kind: 'spin' }));
      return () => p.acquire(m);
    },
  ],
  [
    'level-order',
    (ld, p) => {
      const a = ld.lock('a', { level: 1 });
      p.acquire(ld.lock('b', { level: 2 }));
      return () => p.acquire(a);
    },
  ],
  [
    'declared-order',
    (ld, p) => {
      const [a, b] = locks(ld, ['a', 'b']);
      ld.order('a', 'b');
      p.acquire(b);
      return () => p.acquire(a);
    },
  ],
  [
    'nest-not-held',
    (ld, p) => {
      const [a, guard] = locks(ld, ['a', 'guard']);
      return () => p.acquire(a, { nest: guard });
    },
  ],
  [
    'irq-inconsistent',
    (ld, p) => {
      const a = ld.lock('a', { kind: 'spin' });
      p.hardirqEnter();
      nest(p, [a]);
      p.hardirqExit();
      return () => p.acquire(a);
    },
  ],
  [
    'irq-inconsistent',
    (ld, p) => {
      const a = ld.lock('a', { kind: 'spin' });
      nest(p, [a]);
      p.hardirqEnter();
      return () => p.acquire(a);
    },
  ],
  [
    'irq-order',
    (ld, p) => {
      const [a, b] = locks(ld, ['a', 'b'], { kind: 'spin' });
      p.hardirqEnter();
      nest(p, [a]);
      p.hardirqExit();
      nest(p, [b]);
      p.hardirqDisable();
      p.acquire(a);
      return () => p.acquire(b);
    },
  ],
  [
    'irq-inversion',
    (ld, p) => {
      const [a, b] = locks(ld, ['a', 'b'], { kind: 'spin' });
      nest(p, [a, b]);
      p.hardirqEnter();
      return () => p.acquire(a);
    },
  ],
  [
    'pool-nesting',
    (ld, p) => {
      const pool = ld.lock('pool', { kind: 'semaphore', capacity: 3 });
      p.acquire(pool);
      return () => p.acquire(pool);
    },
    { rules: { 'pool-nesting': 'error' } },
  ],
  [
    'uninitialised',
    (ld, p) => {
      const a = ld.lock('a', { initialised: false });
      return () => p.acquire(a);
    },
  ],
  [
    'use-after-destroy',
    (ld, p) => {
      const [a] = locks(ld, ['a']);
      p.destroy(a);
      return () => p.acquire(a);
    },
  ],
  [
    'recursion',
    (ld, p) => {
      const r = ld.lock('r', { kind: 'rwsem' });
      p.acquire(r, { mode: 'shared' });
      return () => p.upgrade(r);
    },
  ],
  [
    'recursion',
    (ld, p) => {
      const [a] = locks(ld, ['a']);
      p.acquire(a);
      return () => p.mightLock(a);
    },
  ],
];

/** What a checker and an owner show of themselves, but for the findings. */
function picture(ld: Lockdep, p: Owner): unknown {
  const { classes } = ld.snapshot({ writtenAt: 0 });
  const names = classes.map(({ name, acquisitions }) => `${name} ${acquisitions}`);
  return [heldNames(p), p.held.map(({ mode }) => mode), ld.graph().edges().length, names];
}

describe('what the throw policy refuses', () => {
  it.each(REFUSED)('%s (%#)', (rule, program, options = {}) => {
    const ld = createLockdep({ ...options, onViolation: 'throw' });
    const p = ld.owner('p', { yields: true });
    const act = program(ld, p);
    const before = picture(ld, p);
    for (let turn = 0; turn < 3; turn++) expect(act).toThrow(LockdepError);
    // An inversion is known after it is found: the mark stays, and is the lock's own from then on.
    expect(new Set(rules(ld)).has(rule)).toBe(true);
    expect(picture(ld, p)).toEqual(before);
    expect(ld.failure).toBeNull();
  });

  it.each(REFUSED)('and another policy lets pass: %s (%#)', (rule, program, options = {}) => {
    const ld = createLockdep({ ...options });
    const p = ld.owner('p', { yields: true });
    expect(program(ld, p)).not.toThrow();
    expect(rules(ld)).toContain(rule);
    expect(ld.failure).toBeNull();
  });

  it('keeps no context disabled', () => {
    const contexts = [{ name: 'signal' }];
    const ld = createLockdep({ contexts, onViolation: 'throw' });
    const p = ld.owner('p');
    const a = ld.lock('a', { inhibits: 'signal' });
    const [guard] = locks(ld, ['guard']);
    expect(() => p.acquire(a, { nest: guard })).toThrow('nest-not-held');
    p.assertEnabled('signal');
    p.acquire(a);
    expect(() => p.acquire(a)).toThrow('recursion');
    p.assertDisabled('signal');
    p.release(a);
    p.assertEnabled('signal');
  });
});
