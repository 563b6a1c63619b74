import { createLockdep } from '../../lib/lockdep.ts';
import { LockdepError } from '../../lib/policy.ts';
import type { LockInstance } from '../../lib/state/classes.ts';
import { findings, heldNames, locks, nest, only } from '../state/world.ts';
import { type Cast, castOf, rules } from './cast.ts';

/** `b1? c2` takes b of level 1 as a try, and then c of level 2. */
const LEVELS: [steps: string, expected: string[]][] = [
  ['a1 b2 c3', []],
  ['a1 b1', ['b (level 1) while holding a (level 1)']],
  ['b2 a1', ['a (level 1) while holding b (level 2)']],
  ['a1 x b2', []],
  ['b2 x a1', ['a (level 1) while holding b (level 2)']],
  ['c3 x b2 a1', ['b (level 2) while holding c (level 3)', 'a (level 1) while holding b (level 2)']],
  ['c3 d9? b2', ['b (level 2) while holding d (level 9)']],
  ['c3 a1? b2', ['b (level 2) while holding c (level 3)']],
  ['b2 a1?', []],
  ['b2? a1', ['a (level 1) while holding b (level 2)']],
  ['a-3 b-2.5 c0', []],
  ['a-2 b-3', ['b (level -3) while holding a (level -2)']],
  ['aInfinity x b5', ['b (level 5) while holding a (level Infinity)']],
  ['a-Infinity b0', []],
  ['x y', []],
];

describe('levels', () => {
  it.each(LEVELS)('%s', (steps, expected) => {
    const ld = createLockdep();
    const p = ld.owner('p');
    for (const step of steps.split(' ')) {
      const [, name = '', level = '', isTry] = /^(\w)([-\w.]*)(\??)$/.exec(step) ?? [];
      const lock = ld.lock(name, level === '' ? {} : { level: Number(level) });
      p.acquire(lock, isTry === '?' ? { try: true } : {});
    }
    expect(rules(ld)).toEqual(expected.map(() => 'level-order'));
    expect(ld.violations.map(({ message }) => message)).toEqual(expected.map((one) => `p asks for ${one}.`));
  });

  it('count, and say what is whose', () => {
    const ld = createLockdep();
    const [a, b] = [ld.lock('a', { level: 1 }), ld.lock('b', { level: 2 })];
    for (const name of ['p', 'q', 'p']) nest(ld.owner(name), [b, a]);
    const { count, levels, lock, other, severity } = only(ld, 'level-order');
    expect([count, levels, lock.name, other.name, severity]).toEqual([3, { lock: 1, other: 2 }, 'a', 'b', 'error']);
  });

  it('are those of each owner, and of what it holds', () => {
    const ld = createLockdep();
    const [a, b] = [ld.lock('a', { level: 1 }), ld.lock('b', { level: 2 })];
    ld.owner('p').acquire(b);
    ld.owner('q').acquire(a);
    ld.owner('p').release(b);
    ld.owner('p').acquire(a, { try: true });
    expect(rules(ld)).toEqual([]);
  });

  it('forbid two of one class too', () => {
    const ld = createLockdep();
    const locksOfOne = [1, 2].map(() => ld.lock('a', { level: 1 }));
    nest(ld.owner('p'), locksOfOne);
    expect(rules(ld).toSorted()).toEqual(['level-order', 'recursion']);
  });
});

interface World extends Cast {
  readonly a: LockInstance;
  readonly b: LockInstance;
  readonly c: LockInstance;
}

const ORDERS: [what: string, program: (world: World) => void, declared: string[][]][] = [
  ['kept', ({ ld, p, a, b, c }) => [ld.order('a', 'b', 'c'), nest(p, [a, b, c]), nest(p, [a, c])], []],
  ['broken at once', ({ ld, p, a, b }) => [ld.order('a', 'b'), nest(p, [b, a])], [['a', 'b']]],
  ['broken over a third one', ({ ld, p, a, c }) => [ld.order('a', 'b', 'c'), nest(p, [c, a])], [['a', 'b', 'c']]],
  ['added up', ({ ld, p, a, c }) => [ld.order('b', 'c'), ld.order('a', 'b'), nest(p, [c, a])], [['a', 'b', 'c']]],
  ['not added up', ({ ld, p, b, c }) => [ld.order('a', 'b'), ld.order('a', 'c'), nest(p, [b, c])], []],
  ['given twice', ({ ld, p, a, b }) => [ld.order('a', 'b'), ld.order('a', 'b'), nest(p, [a, b])], []],
  ['broken before it was declared', ({ ld, p, a, b }) => [nest(p, [b, a]), ld.order('a', 'b')], [['a', 'b']]],
  ['kept before it was declared', ({ ld, p, a, b }) => [nest(p, [a, b]), ld.order('a', 'b')], []],
  ['broken deep in the stack', ({ ld, p, a, b, c }) => [ld.order('a', 'b'), nest(p, [b, c, a])], [['a', 'b']]],
  [
    'broken by a try',
    ({ ld, p, a, b }) => {
      ld.order('a', 'b');
      p.acquire(b);
      p.acquire(a, { try: true });
    },
    [],
  ],
  [
    'broken over a try',
    ({ ld, p, a, b }) => {
      ld.order('a', 'b');
      p.acquire(b, { try: true });
      p.acquire(a);
    },
    [['a', 'b']],
  ],
  [
    'broken together with what was learnt',
    ({ ld, p, q, a, b, c }) => {
      ld.order('a', 'b');
      nest(p, [b, c]);
      nest(q, [c, a]);
    },
    [['a', 'b', 'c']],
  ],
  [
    'broken together with what was learnt before',
    ({ ld, p, q, a, b, c }) => {
      nest(p, [b, c]);
      nest(q, [c, a]);
      expect(rules(ld)).toEqual([]);
      ld.order('a', 'b');
    },
    [['c', 'a', 'b']],
  ],
  ['declared of others', ({ ld, p, a, b }) => [ld.order('x', 'y', 'z'), nest(p, [b, a])], []],
  ['that two owners each keep', ({ ld, p, q, a, b }) => [ld.order('a', 'b'), p.acquire(b), q.acquire(a)], []],
  [
    'of kinds that take no part',
    ({ ld, p, b }) => {
      ld.order('read', 'b');
      nest(p, [b, ld.lock('read', { kind: 'rcu' })]);
    },
    [],
  ],
];

describe('an order', () => {
  it.each(ORDERS)('%s', (_what, program, declared) => {
    const ld = createLockdep();
    const [a, b, c] = locks(ld, ['a', 'b', 'c']);
    program({ ...castOf(ld), a, b, c });
    // What is reported, by its path; a cycle of what was learnt alone would be another finding.
    const found = ld.violations.filter(({ rule }) => rule === 'declared-order');
    expect(found.length > 0).toBe(declared.length > 0);
    expect(found.flatMap((one) => (one.rule === 'declared-order' ? [one.declared] : [])).slice(0, 1)).toEqual(declared);
    expect(rules(ld).filter((rule) => rule !== 'declared-order')).toEqual([]);
  });

  it('is declared once, and broken with a count', () => {
    const ld = createLockdep();
    const [a, b] = locks(ld, ['a', 'b']);
    ld.order('a', 'b');
    for (let turn = 0; turn < 3; turn++) nest(ld.owner('p'), [b, a]);
    expect(findings(ld)).toEqual(['declared-order certain ×3']);
    const { message, lock, other } = only(ld, 'declared-order');
    expect(message).toBe('p asks for a while holding b, which is declared to come after it.');
    expect([lock.name, other.name]).toEqual(['a', 'b']);
  });

  it('that was broken before is told as what was', () => {
    const ld = createLockdep();
    const [a, b] = locks(ld, ['a', 'b']);
    nest(ld.owner('p'), [b, a]);
    ld.order('a', 'b');
    expect(only(ld, 'declared-order').message).toBe(
      'p asked for a while holding b, which is declared to come after it.',
    );
    ld.order('a', 'b');
    ld.order('b', 'c');
    expect(rules(ld)).toEqual(['declared-order']);
  });

  it.each([[['b', 'a']], [['c', 'a']], [['c', 'x', 'a']], [['x', 'b', 'a']]])(
    'that contradicts one before is refused: %j',
    (names) => {
      const ld = createLockdep();
      const [a, b, x] = locks(ld, ['a', 'b', 'x']);
      ld.order('a', 'b', 'c');
      expect(() => ld.order(...names)).toThrow(/^order: .* contradicts .*, which was declared before$/);
      nest(ld.owner('p'), [a, b]);
      nest(ld.owner('p'), [b, x]);
      nest(ld.owner('q'), [x, ld.lock('y')]);
      expect(rules(ld)).toEqual([]);
    },
  );

  it.each([[['a', 'a']], [['a', 'b', 'a']]])('that contradicts itself is refused, and says so: %j', (names) => {
    const ld = createLockdep();
    expect(() => ld.order(...names)).toThrow(/order: /);
    expect(() => ld.order(...names)).not.toThrow(/declared before/);
    ld.order('b', 'a');
  });

  it.each([[[]], [['a']], [['a', 3]], [[null, 'b']]])('is refused where it is none: %j', (names) => {
    const ld = createLockdep();
    expect(() => ld.order(...(names as string[]))).toThrow(TypeError);
  });

  it('is declared, even where what was seen before makes it throw', () => {
    const ld = createLockdep({ onViolation: 'throw' });
    const [a, b] = locks(ld, ['a', 'b']);
    const p = ld.owner('p');
    nest(p, [b, a]);
    expect(() => ld.order('a', 'b')).toThrow(LockdepError);
    p.acquire(b);
    expect(() => p.acquire(a)).toThrow('declared-order');
    expect(heldNames(p)).toEqual(['b']);
  });

  it('that is mixed with what was learnt tells the two apart', () => {
    const ld = createLockdep();
    const [a, b, c] = locks(ld, ['a', 'b', 'c']);
    ld.order('a', 'b');
    nest(ld.owner('p'), [b, c]);
    nest(ld.owner('q'), [c, a]);
    // Nobody has declared anything of c.
    expect(only(ld, 'declared-order').message).not.toContain('holding c, which is declared to come after it');
  });
});
