import { fingerprint } from '../../lib/model/fingerprint.ts';
import type { OwnerRef } from '../../lib/model/owner.ts';
import type { WaitRef } from '../../lib/model/violation.ts';
import { deadlock, deadlockOf } from '../../lib/rules/deadlock.ts';
import type { Wait } from '../../lib/rules/stalled.ts';
import type { LockInstance } from '../../lib/state/classes.ts';
import { at, holding, lockOf, locksOf, NOW, ownerOf, place, refOf, stateOf } from './scene.ts';

const state = stateOf();
const [a, b, c, d] = locksOf(state, ['a', 'b', 'c', 'd']);
const [p, q, r, s] = ['p', 'q', 'r', 's'].map((name, at) => ownerOf(name, at + 1)) as [
  OwnerRef,
  OwnerRef,
  OwnerRef,
  OwnerRef,
];

/** `owner` has one lock, taken at line 10 × id, and asks for another at the next line. */
function wait(owner: OwnerRef, [had, wanted]: readonly [LockInstance, LockInstance], holder: OwnerRef): Wait {
  return {
    owner,
    lock: wanted,
    held: [holding(owner, had, { line: 10 * owner.id })],
    holders: [holding(holder, wanted, { line: 10 * holder.id })],
    site: at(10 * owner.id + 1),
    since: NOW - 5,
  };
}

const PAIR = [wait(q, [b, a], p), wait(p, [a, b], q)];
const THREE = [wait(p, [a, b], q), wait(q, [b, c], r), wait(r, [c, a], p)];
const FOUR = [wait(p, [a, b], q), wait(q, [b, c], r), wait(r, [c, d], s), wait(s, [d, a], p)];

const named = (waits: readonly Wait[]): string | undefined =>
  deadlock(state, { waits, rejected: false })[0]?.fingerprint;
const said = (waits: readonly Wait[], rejected = false): string | undefined =>
  deadlock(state, { waits, rejected })[0]?.message;

describe('deadlock', () => {
  it('reports the whole circle, from the wait that closed it: who holds what, who asks for what, and where', () => {
    expect(deadlock(state, { waits: PAIR, rejected: false })).toEqual([
      {
        rule: 'deadlock',
        severity: 'error',
        confidence: 'certain',
        fingerprint: fingerprint('deadlock', ['a', 'b', '/app/main.ts#work#11:1', '/app/main.ts#work#21:1']),
        count: 1,
        message: 'A deadlock happened: q waits for a, which p holds; p waits for b, which q holds.',
        owner: 'p',
        process: '42/1',
        sites: [place(11), place(20), place(21), place(10)],
        held: [{ lock: refOf('a'), mode: 'exclusive', site: place(10) }],
        rejected: false,
        waits: [
          {
            owner: 'q',
            lock: refOf('a'),
            asked: place(21),
            waited: 5,
            held: [{ lock: refOf('b'), mode: 'exclusive', site: place(20) }],
            holders: [{ owner: 'p', site: place(10) }],
          },
          {
            owner: 'p',
            lock: refOf('b'),
            asked: place(11),
            waited: 5,
            held: [{ lock: refOf('a'), mode: 'exclusive', site: place(10) }],
            holders: [{ owner: 'q', site: place(20) }],
          },
        ],
      },
    ]);
  });

  it('is one defect, whoever closes the circle and however many go the same way in it', () => {
    expect(named(PAIR.toReversed())).toBe(named(PAIR));
    expect(named([...THREE.slice(1), ...THREE.slice(0, 1)])).toBe(named(THREE));
    expect(named(THREE)).not.toBe(named(PAIR));
    const elsewhere = PAIR.map((one) => ({ ...one, site: at(99) }));
    expect(named(elsewhere)).not.toBe(named(PAIR));
    const [e, f, g] = locksOf(state, ['e', 'e', 'e']);
    const same = [wait(p, [e, f], q), wait(q, [f, e], p)].map((one) => ({ ...one, site: at(7) }));
    const three = [wait(p, [e, f], q), wait(q, [f, g], r), wait(r, [g, e], p)].map((one) => ({ ...one, site: at(7) }));
    expect(named(three)).toBe(named(same));
  });

  it('says who was rejected', () => {
    const [found] = deadlock(state, { waits: PAIR, rejected: true });
    expect(found?.rejected).toBe(true);
    expect(found?.message).toMatch(/; the wait of p was rejected\.$/);
    expect(found?.fingerprint).toBe(named(PAIR));
  });

  it('names the owners alone where there are many', () => {
    expect(said(THREE)).toMatch(
      /^A deadlock happened: p waits for b, which q holds; q .*; r waits for a, which p holds\.$/,
    );
    expect(said(FOUR)).toBe('A deadlock happened: 4 owners wait for each other, p → q → r → s → p.');
    expect(said(FOUR, true)).toMatch(/ → p; the wait of s was rejected\.$/);
  });

  it('tells who is ahead in a queue from who holds the lock', () => {
    const table = lockOf(state, 'table', 'rwsem');
    const reader = holding(p, table, { mode: 'shared', line: 10 });
    const writes: Wait = { owner: q, lock: table, held: [], holders: [reader], site: at(21), since: NOW };
    const reads: Wait = { owner: p, lock: table, held: [reader], holders: [reader], site: at(11), since: NOW };
    expect(said([writes, reads])).toBe(
      'A deadlock happened: q waits for table, which p holds; p waits for table, which q is to get first.',
    );
  });

  it('can be of one owner', () => {
    expect(said([wait(p, [a, a], p)])).toBe('A deadlock happened: p waits for a, which it holds itself.');
  });

  it('is quiet where nobody waits', () => {
    expect(deadlock(state, { waits: [], rejected: false })).toEqual([]);
  });
});

describe('a deadlock over threads, as plain data', () => {
  const [upper, lower] = [refOf('upper', 'spin'), refOf('lower', 'spin')];

  /** A thread that took one lock at line 10 × number and spins on the other at the next line. */
  function spin(
    number: number,
    [had, wanted]: readonly [typeof upper, typeof upper],
    more: Partial<WaitRef> = {},
  ): WaitRef {
    const other = number === 1 ? 2 : 1;
    const holder = { owner: `worker ${other}`, thread: `worker ${other}`, site: place(10 * other) };
    return {
      owner: `worker ${number}`,
      thread: `worker ${number}`,
      isSpinning: true,
      lock: wanted,
      asked: place(10 * number + 1),
      waited: 25,
      held: [{ lock: had, mode: 'exclusive', site: place(10 * number) }],
      holders: [holder],
      ...more,
    };
  }

  const two = [spin(1, [upper, lower]), spin(2, [lower, upper])];
  const told = (waits: readonly WaitRef[], rejected = false): string | undefined =>
    deadlockOf(state, { waits, rejected, owner: p, held: [] })[0]?.message;

  it('is told as it was read, by the owner that found it', () => {
    const held = [holding(p, a, { line: 20 })];
    const [found, ...others] = deadlockOf(state, { waits: two, rejected: false, owner: p, held });
    expect(others).toEqual([]);
    expect(found).toEqual({
      rule: 'deadlock',
      severity: 'error',
      confidence: 'certain',
      fingerprint: fingerprint('deadlock', ['lower', 'upper', '/app/main.ts#work#11:1', '/app/main.ts#work#21:1']),
      count: 1,
      message:
        'A deadlock happened: worker 1 spins on lower, which worker 2 holds; worker 2 spins on upper, which worker 1 holds.',
      owner: 'p',
      process: '42/1',
      sites: [place(21), place(10), place(11), place(20)],
      held: [{ lock: refOf('a'), mode: 'exclusive', site: place(20) }],
      waits: two,
      rejected: false,
    });
  });

  it('waits where its threads sleep, and says which of them is rejected', () => {
    const asleep = two.map((one) => ({ ...one, isSpinning: false }));
    expect(told(asleep, true)).toBe(
      'A deadlock happened: worker 1 waits for lower, which worker 2 holds; worker 2 waits for upper, which worker 1 holds; the wait of worker 2 was rejected.',
    );
  });

  it('tells owners of one name by their threads, wherever they are named', () => {
    const named = (one: WaitRef): WaitRef => ({
      ...one,
      owner: 'poller',
      holders: one.holders.map((holder) => ({ ...holder, owner: 'poller' })),
    });
    const pollers = two.map(named);
    expect(told(pollers)).toBe(
      'A deadlock happened: poller (worker 1) spins on lower, which poller (worker 2) holds; poller (worker 2) spins on upper, which poller (worker 1) holds.',
    );
    const four = [...pollers, ...pollers];
    expect(told(four, true)).toMatch(
      /: 4 owners wait for each other, poller \(worker 1\) → poller \(worker 2\) → .* → poller \(worker 1\); the wait of poller \(worker 2\) was rejected\.$/,
    );
  });

  it('tells threads of one name as two', () => {
    const names = { owner: 'pool', thread: 'pool' };
    const same = two.map((one) => ({
      ...one,
      ...names,
      holders: one.holders.map((holder) => ({ ...holder, ...names })),
    }));
    expect(told(same)).toMatch(/^A deadlock happened: pool spins on lower, which another thread called pool holds; /);
    expect(told(same.slice(0, 1))).toBe('A deadlock happened: pool spins on lower, which it holds itself.');
  });

  it('is the defect that it would be in one thread', () => {
    const here = two.map(({ thread: _thread, isSpinning: _isSpinning, ...one }) => one);
    const name = (waits: readonly WaitRef[]): string | undefined =>
      deadlockOf(state, { waits, rejected: false, owner: p, held: [] })[0]?.fingerprint;
    expect(name(two.toReversed())).toBe(name(here));
  });

  it('is quiet where nobody waits', () => {
    expect(deadlockOf(state, { waits: [], rejected: false, owner: p, held: [] })).toEqual([]);
  });
});
