/**
 * Readers and writers. What can block is derived here from the meaning of the modes alone: a reader blocks whoever is
 * not a recursive reader, a writer blocks everybody. Owners that each hold what the next one waits for are stuck.
 */
import { createLockdep } from '../lib/lockdep.ts';
import type { Mode } from '../lib/model/lock.ts';
import { findings, locks, only } from './state/world.ts';

const MODES: readonly Mode[] = ['exclusive', 'shared', 'recursive-shared'];

/** How one owner holds its own lock of a ring, and wants that of the next owner. */
interface Turn {
  readonly holds: Mode;
  readonly wants: Mode;
}

const blocks = (held: Mode, wanted: Mode): boolean => held === 'exclusive' || wanted !== 'recursive-shared';

/** What a mode is in a lock of this kind. Those who sleep for one wait in turn, so none of its readers passes a waiting writer. */
const asTaken = (mode: Mode, kind: string): Mode => (kind === 'rwsem' && mode === 'recursive-shared' ? 'shared' : mode);

const TURNS: readonly Turn[] = MODES.flatMap((holds) => MODES.map((wants) => ({ holds, wants })));

const isStuck = (ring: readonly Turn[], kind: string): boolean =>
  ring.every(({ wants }, at) => {
    const { holds } = ring[(at + 1) % ring.length] as Turn;
    return blocks(asTaken(holds, kind), asTaken(wants, kind));
  });

const shown = (ring: readonly Turn[]): string => ring.map(({ holds, wants }) => `${holds} → ${wants}`).join(', ');

/** What the checker says of owners that go the steps of a ring one after the other. */
function reported(ring: readonly Turn[], kind: string): string[] {
  const ld = createLockdep();
  const all = ring.map((_, at) => ld.lock(`${at}`, { kind }));
  for (const [at, { holds, wants }] of ring.entries()) {
    const owner = ld.owner(`owner${at}`);
    const [own, next] = [all[at], all[(at + 1) % ring.length]];
    if (own === undefined || next === undefined) throw new Error('the ring has a hole');
    owner.acquire(own, { mode: holds });
    owner.acquire(next, { mode: wants });
    owner.release(next);
    owner.release(own);
  }
  return findings(ld);
}

describe.each(['rwlock', 'rwsem', 'map'])('a ring of two locks of kind %s', (kind) => {
  const rings = TURNS.flatMap((first) => TURNS.map((second) => [first, second]));

  it.each(rings.map((ring) => [isStuck(ring, kind) ? 'a cycle' : 'none', shown(ring), ring] as const))(
    'is %s: %s',
    (_, __, ring) => {
      expect(reported(ring, kind)).toEqual(isStuck(ring, kind) ? ['order-cycle possible ×1'] : []);
    },
  );
});

describe.each(['rwlock', 'rwsem'])('a ring of three locks of kind %s', (kind) => {
  it('is a cycle exactly where each owner blocks the one before', () => {
    const rings = TURNS.flatMap((a) => TURNS.flatMap((b) => TURNS.map((c) => [a, b, c])));
    const wrong = rings.filter((ring) => reported(ring, kind).length !== (isStuck(ring, kind) ? 1 : 0));
    expect(wrong.map(shown)).toEqual([]);
    expect(rings.filter((ring) => isStuck(ring, kind)).length).toBeGreaterThan(100);
  });
});

describe('a reader', () => {
  it('makes a dependency of another kind than a writer: each is shown as it was seen', () => {
    const ld = createLockdep();
    const [a, b] = locks(ld, ['a', 'b'], { kind: 'rwlock' });
    const p = ld.owner('p');
    for (const [holds, wants] of [
      ['exclusive', 'exclusive'],
      ['shared', 'recursive-shared'],
    ] as const) {
      p.acquire(a, { mode: holds });
      p.acquire(b, { mode: wants });
      p.release(b);
      p.release(a);
    }
    expect(ld.snapshot().dependencies.map(({ witnesses }) => witnesses.map(({ kind }) => kind))).toEqual([
      ['EN', 'SR'],
    ]);
  });

  it('closes a cycle once it is gone as a writer too', () => {
    const ld = createLockdep();
    const [a, b] = locks(ld, ['a', 'b'], { kind: 'rwlock' });
    const [p, q] = [ld.owner('p'), ld.owner('q')];
    const go = (mode: Mode): void => {
      p.acquire(a, { mode: 'shared' });
      p.acquire(b, { mode });
      p.release(b);
      p.release(a);
    };
    q.acquire(b, { mode: 'shared' });
    q.acquire(a);
    go('recursive-shared');
    expect(findings(ld)).toEqual([]);
    go('exclusive');
    expect(only(ld, 'order-cycle').edges.map(({ witness }) => witness.kind)).toEqual(['SN', 'SN']);
  });

  it('inside a writer hides no lock further out: that one is waited under too', () => {
    const ld = createLockdep();
    const [a, c] = locks(ld, ['a', 'c'], { kind: 'spin' });
    const [r] = locks(ld, ['r'], { kind: 'rwlock' });
    const [p, q] = [ld.owner('p'), ld.owner('q')];
    p.acquire(a);
    p.acquire(r, { mode: 'recursive-shared' });
    p.acquire(c);
    q.acquire(c);
    q.acquire(a);
    expect(only(ld, 'order-cycle').edges.map(({ from }) => from.name)).toEqual(['c', 'a']);
  });

  it('hides no lock further out when another instance of its class is wanted by a writer', () => {
    const ld = createLockdep();
    const [x] = locks(ld, ['x'], { kind: 'spin' });
    const [r1, r2] = locks(ld, ['r', 'r'], { kind: 'rwlock' });
    const [p, q] = [ld.owner('p'), ld.owner('q')];
    p.acquire(x);
    p.acquire(r1, { mode: 'recursive-shared' });
    p.acquire(r2);
    q.acquire(r2, { mode: 'shared' });
    q.acquire(x);
    expect(findings(ld)).toContain('order-cycle possible ×1');
  });

  it('may take again what it reads as a recursive reader, and not as a plain one', () => {
    const ld = createLockdep();
    const [r] = locks(ld, ['r'], { kind: 'rwlock' });
    const p = ld.owner('p');
    p.acquire(r, { mode: 'shared' });
    p.acquire(r, { mode: 'recursive-shared' });
    expect(findings(ld)).toEqual([]);
    p.acquire(r, { mode: 'shared' });
    expect(only(ld, 'recursion').sameInstance).toBe(true);
  });

  it('of a sleeping lock is a plain one, whatever it asks for', () => {
    const ld = createLockdep();
    const [r] = locks(ld, ['r'], { kind: 'rwsem' });
    const p = ld.owner('p');
    p.acquire(r, { mode: 'recursive-shared' });
    expect(p.held).toMatchObject([{ mode: 'shared' }]);
    p.acquire(r, { mode: 'recursive-shared' });
    expect(only(ld, 'recursion')).toMatchObject({ sameInstance: true, upgrade: false });
  });

  it('of a sleeping lock is a recursive one where its class is declared so', () => {
    const ld = createLockdep();
    const [r] = locks(ld, ['r'], { kind: 'rwsem', recursiveReaders: true });
    const p = ld.owner('p');
    for (const mode of ['shared', 'recursive-shared', 'shared'] as const) p.acquire(r, { mode });
    expect(p.held.map(({ mode }) => mode)).toEqual(Array(3).fill('recursive-shared'));
    expect(findings(ld)).toEqual([]);
  });

  it('that asks to be the writer of what it reads waits for itself', () => {
    const ld = createLockdep();
    const [r] = locks(ld, ['r'], { kind: 'rwsem' });
    const p = ld.owner('p');
    p.acquire(r, { mode: 'shared' });
    p.acquire(r);
    expect(only(ld, 'recursion')).toMatchObject({ sameInstance: true, upgrade: true, confidence: 'certain' });
  });
});
