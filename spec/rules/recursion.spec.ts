import { fingerprint } from '../../lib/model/fingerprint.ts';
import type { Mode } from '../../lib/model/lock.ts';
import type { RecursionViolation, Violation } from '../../lib/model/violation.ts';
import { recursion } from '../../lib/rules/recursion.ts';
import { asking, holding, lockOf, locksOf, ownerOf, place, refOf, stateOf } from './scene.ts';

const p = ownerOf('p');

/** `same` or `other` instance, and how grave it is. */
function judged(found: readonly Violation[]): string[] {
  return (found as RecursionViolation[]).map((one) => `${one.sameInstance ? 'same' : 'other'} ${one.severity}`);
}

describe('recursion of one instance', () => {
  it('is certain: the owner waits for itself', () => {
    const state = stateOf();
    const lock = lockOf(state, 'a');
    const held = [holding(p, lock, { line: 11 })];
    expect(recursion(state, asking(p, lock, { held, line: 12 }))).toEqual([
      {
        rule: 'recursion',
        severity: 'error',
        confidence: 'certain',
        fingerprint: fingerprint('recursion', ['a', '/app/main.ts#work#12:1']),
        count: 1,
        message: 'p asks for a while holding it: it waits for itself.',
        owner: 'p',
        process: '42/1',
        sites: [place(12), place(11)],
        held: [{ lock: refOf('a'), mode: 'exclusive', site: place(11) }],
        lock: refOf('a'),
        sameInstance: true,
        upgrade: false,
        interruptedBy: null,
        againstOrder: false,
        taken: place(11),
        asked: place(12),
      },
    ]);
  });

  it('is found however deep the lock is held, and if it was tried', () => {
    const state = stateOf();
    const [a, b] = locksOf(state, ['a', 'b']);
    const held = [holding(p, a, { try: true }), holding(p, b)];
    expect(judged(recursion(state, asking(p, a, { held })))).toEqual(['same error']);
  });

  it('is found for a counting resource of one unit', () => {
    const state = stateOf();
    const pool = lockOf(state, 'pool', 'semaphore', 1);
    expect(judged(recursion(state, asking(p, pool, { held: [holding(p, pool)] })))).toEqual(['same error']);
  });

  it('is left to pool-nesting for one of several units', () => {
    const state = stateOf();
    const pool = lockOf(state, 'pool', 'semaphore', 2);
    expect(recursion(state, asking(p, pool, { held: [holding(p, pool)] }))).toEqual([]);
  });

  it('says nothing of a try, which never waits', () => {
    const state = stateOf();
    const lock = lockOf(state, 'a');
    expect(recursion(state, asking(p, lock, { held: [holding(p, lock)], try: true }))).toEqual([]);
  });

  it('says nothing as long as it is not known whether the holder waits', () => {
    const state = stateOf();
    const lock = lockOf(state, 'a');
    expect(recursion(state, asking(p, lock, { held: [holding(p, lock)], tentative: true }))).toEqual([]);
  });

  it('says nothing of a lock that somebody else holds, or of another class', () => {
    const state = stateOf();
    const [a, b] = locksOf(state, ['a', 'b']);
    expect(recursion(state, asking(p, a))).toEqual([]);
    expect(recursion(state, asking(p, a, { held: [holding(p, b)] }))).toEqual([]);
  });

  const modes: readonly Mode[] = ['exclusive', 'shared', 'recursive-shared'];
  it.each(modes.flatMap((held) => modes.map((wanted) => [held, wanted] as const)))(
    'is judged by who blocks whom: held %s, wanted %s',
    (mode, wanted) => {
      const state = stateOf();
      const lock = lockOf(state, 'a', 'rwlock');
      const found = recursion(state, asking(p, lock, { held: [holding(p, lock, { mode })], mode: wanted }));
      const isReaderOverReader = mode !== 'exclusive' && wanted === 'recursive-shared';
      expect(judged(found)).toEqual(isReaderOverReader ? [] : ['same error']);
    },
  );
});

describe('recursion of two instances of one class', () => {
  it('is a warning as long as one order was seen', () => {
    const state = stateOf();
    const [one, other] = locksOf(state, ['a', 'a']);
    const held = [holding(p, one, { line: 11 })];
    const [found] = recursion(state, asking(p, other, { held, line: 12 }));
    expect(found).toMatchObject({
      severity: 'warning',
      confidence: 'possible',
      fingerprint: fingerprint('recursion', ['a', 'nested']),
      message: 'p asks for one a while holding another; nothing says in which order they are to be taken.',
      sites: [place(12), place(11)],
      sameInstance: false,
      lock: refOf('a'),
    });
  });

  it('is a warning again when they are nested the same way', () => {
    const state = stateOf();
    const [one, other] = locksOf(state, ['a', 'a']);
    state.instances.record(one, other);
    expect(judged(recursion(state, asking(p, other, { held: [holding(p, one)] })))).toEqual(['other warning']);
  });

  it('is an error when they were nested the other way round', () => {
    const state = stateOf();
    const [one, other] = locksOf(state, ['a', 'a']);
    state.instances.record(one, other);
    const [found] = recursion(state, asking(p, one, { held: [holding(p, other)] }));
    expect(found).toMatchObject({
      againstOrder: false,
      severity: 'error',
      confidence: 'possible',
      fingerprint: fingerprint('recursion', ['a', 'reversed']),
      message: 'p asks for one a while holding another, and the two have been taken in the opposite order before.',
    });
  });

  it('is an error when the other way round was by way of a third', () => {
    const state = stateOf();
    const [one, two, three] = locksOf(state, ['a', 'a', 'a']);
    state.instances.record(one, two);
    state.instances.record(two, three);
    expect(judged(recursion(state, asking(p, one, { held: [holding(p, three)] })))).toEqual(['other error']);
  });

  it('is an error at once in the kernel profile', () => {
    const state = stateOf('kernel');
    const [one, other] = locksOf(state, ['a', 'a']);
    expect(judged(recursion(state, asking(p, other, { held: [holding(p, one)] })))).toEqual(['other error']);
  });

  it('tells of each instance that is held', () => {
    const state = stateOf();
    const [one, two, three] = locksOf(state, ['a', 'a', 'a']);
    state.instances.record(three, one);
    const held = [holding(p, one), holding(p, two)];
    expect(judged(recursion(state, asking(p, three, { held })))).toEqual(['other error', 'other warning']);
  });

  it('says nothing of a recursive reader over a reader', () => {
    const state = stateOf();
    const [one, other] = [lockOf(state, 'a', 'rwlock'), lockOf(state, 'a', 'rwlock')];
    const held = [holding(p, one, { mode: 'shared' })];
    expect(recursion(state, asking(p, other, { held, mode: 'recursive-shared' }))).toEqual([]);
    expect(judged(recursion(state, asking(p, other, { held, mode: 'shared' })))).toEqual(['other warning']);
  });

  it('says nothing of pools of one class, one inside the other, until both orders were seen', () => {
    const state = stateOf();
    const [one, other] = [lockOf(state, 'pool', 'semaphore', 2), lockOf(state, 'pool', 'semaphore', 2)];
    expect(recursion(state, asking(p, other, { held: [holding(p, one)] }))).toEqual([]);
    state.instances.record(one, other);
    expect(judged(recursion(state, asking(p, one, { held: [holding(p, other)] })))).toEqual(['other error']);
  });
});
