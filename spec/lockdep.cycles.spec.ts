import { createLockdep, type Lockdep } from '../lib/lockdep.ts';
import { cycleFingerprint } from '../lib/model/fingerprint.ts';
import { findings, lineOf, locks, nest, only } from './state/world.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e'] as const;

/** Takes each two neighbours of a ring of classes in the order of the ring, the last one with the first. */
function goRound(ld: Lockdep, length: number, ownerOf: (step: number) => string): void {
  const ring = locks(ld, NAMES.slice(0, length));
  for (const [step, lock] of ring.entries()) {
    const next = ring[(step + 1) % length];
    if (next !== undefined) nest(ld.owner(ownerOf(step)), [lock, next]);
  }
}

describe.each([2, 3, 5])('an order cycle of %d classes', (length) => {
  it('is found when the last step closes it, and not before', () => {
    const open = createLockdep();
    const ring = locks(open, NAMES.slice(0, length));
    for (let step = 1; step < length; step++) nest(open.owner('p'), ring.slice(step - 1, step + 1));
    expect(findings(open)).toEqual([]);
    nest(
      open.owner('p'),
      [ring.at(-1), ring[0]].filter((lock) => lock !== undefined),
    );
    expect(findings(open)).toEqual(['order-cycle weak ×1']);
  });

  it('leads from the step that closed it through all others back to its begin', () => {
    const ld = createLockdep();
    goRound(ld, length, (step) => `owner${step}`);
    const { edges, fingerprint, message, owner } = only(ld, 'order-cycle');
    const ring = NAMES.slice(0, length);
    const last = ring[length - 1];
    expect(edges.map(({ from }) => from.name)).toEqual([last, ...ring.slice(0, -1)]);
    expect(edges.map(({ to }) => to.name)).toEqual(ring);
    expect(edges.map(({ attempted }) => attempted)).toEqual(ring.map((_, step) => step === 0));
    expect(edges.map(({ witness }) => witness.owner).sort()).toEqual(ring.map((_, step) => `owner${step}`).sort());
    expect([fingerprint, owner]).toEqual([cycleFingerprint(ring), `owner${length - 1}`]);
    expect(message).toContain(`${owner} asks for a while holding ${last}`);
  });

  it('is one defect whichever step closes it', () => {
    const fingerprints = NAMES.slice(0, length).map((_, first) => {
      const ld = createLockdep();
      const ring = locks(ld, NAMES.slice(0, length));
      for (let step = first; step < first + length; step++) {
        nest(
          ld.owner('p'),
          [ring[step % length], ring[(step + 1) % length]].filter((lock) => lock !== undefined),
        );
      }
      return only(ld, 'order-cycle').fingerprint;
    });
    expect(new Set(fingerprints).size).toBe(1);
  });

  it('is weak as long as one owner went all its ways, and rises when a second one comes', () => {
    const ld = createLockdep();
    goRound(ld, length, () => 'p');
    expect(findings(ld)).toEqual(['order-cycle weak ×1']);
    const [a, b] = locks(ld, ['a', 'b']);
    nest(ld.owner('q'), [a, b]);
    expect(findings(ld)).toEqual(['order-cycle possible ×1']);
  });

  it('is possible at once if several owners went its ways', () => {
    const ld = createLockdep();
    goRound(ld, length, (step) => (step === 0 ? 'q' : 'p'));
    expect(findings(ld)).toEqual(['order-cycle possible ×1']);
  });
});

describe('the confidence of a cycle', () => {
  it('rises when a second owner goes the very step that closed it', () => {
    const ld = createLockdep();
    const [a, b] = locks(ld, ['a', 'b']);
    nest(ld.owner('p'), [a, b]);
    nest(ld.owner('p'), [b, a]);
    nest(ld.owner('q'), [b, a]);
    expect(findings(ld)).toEqual(['order-cycle possible ×2']);
  });

  it('rises so under every policy, though `throw` lets nobody have the lock', () => {
    const ld = createLockdep({ onViolation: 'throw' });
    const [a, b] = locks(ld, ['a', 'b']);
    nest(ld.owner('p'), [a, b]);
    for (const name of ['p', 'q']) {
      ld.owner(name).acquire(b);
      expect(() => ld.owner(name).acquire(a)).toThrow();
      ld.owner(name).release(b);
    }
    expect(findings(ld)).toEqual(['order-cycle possible ×2']);
  });

  it('does not rise when the same owner comes again', () => {
    const ld = createLockdep();
    const [a, b, c] = locks(ld, ['a', 'b', 'c']);
    for (const order of [
      [a, b],
      [b, a],
      [a, b],
      [c, a, b],
      [b, a],
    ])
      nest(ld.owner('p'), order);
    expect(findings(ld)).toEqual(['order-cycle weak ×2']);
  });

  it('does not rise through what a second owner does elsewhere', () => {
    const ld = createLockdep();
    const [a, b, c] = locks(ld, ['a', 'b', 'c']);
    for (const order of [
      [a, b],
      [b, a],
    ])
      nest(ld.owner('p'), order);
    for (const order of [[a, c], [b, c], [a], [b]]) nest(ld.owner('q'), order);
    expect(findings(ld)).toEqual(['order-cycle weak ×1']);
  });
});

describe('orders that fit together', () => {
  it('are no cycle, however long and whoever goes them', () => {
    const ld = createLockdep();
    const all = locks(ld, NAMES);
    for (const name of ['p', 'q']) {
      nest(ld.owner(name), all);
      for (const [at, lock] of all.entries())
        for (const later of all.slice(at + 1)) nest(ld.owner(name), [lock, later]);
    }
    expect(findings(ld)).toEqual([]);
  });

  it('stay legal after a defect', () => {
    const ld = createLockdep();
    const [a, b, c] = locks(ld, ['a', 'b', 'c']);
    nest(ld.owner('p'), [a, b]);
    nest(ld.owner('p'), [b, a]);
    nest(ld.owner('p'), [a, b, c]);
    nest(ld.owner('p'), [b, c]);
    expect(findings(ld)).toEqual(['order-cycle weak ×1']);
  });

  it('are judged by class, so that no chain of acquires between owners is taken for one', () => {
    const ld = createLockdep();
    const [a, b] = locks(ld, ['a', 'b']);
    const [p, q] = [ld.owner('p'), ld.owner('q')];
    p.acquire(a);
    q.acquire(b);
    p.release(a);
    q.release(b);
    q.acquire(a);
    p.acquire(b);
    expect(findings(ld)).toEqual([]);
  });
});

describe('a cycle through a third lock', () => {
  it('is found under locks that are held by all the time', () => {
    const ld = createLockdep();
    const [outer, a, b] = locks(ld, ['outer', 'a', 'b']);
    nest(ld.owner('p'), [outer, a, b]);
    nest(ld.owner('q'), [b, a]);
    expect(only(ld, 'order-cycle').edges.map(({ from }) => from.name)).toEqual(['b', 'a']);
  });

  it('is found between locks that were never held next to each other', () => {
    const ld = createLockdep();
    const [a, b, c] = locks(ld, ['a', 'b', 'c']);
    nest(ld.owner('p'), [a, b, c]);
    nest(ld.owner('q'), [c, a]);
    expect(only(ld, 'order-cycle').edges.map(({ from }) => from.name)).toEqual(['c', 'a', 'b']);
  });

  it('is shown by its shortest way', () => {
    const ld = createLockdep();
    const [a, b, c] = locks(ld, ['a', 'b', 'c']);
    nest(ld.owner('p'), [a, b, c]);
    nest(ld.owner('p'), [a, c]);
    nest(ld.owner('q'), [c, a]);
    expect(only(ld, 'order-cycle').edges.map(({ from }) => from.name)).toEqual(['c', 'a']);
  });
});

describe('the sites of a cycle', () => {
  it('are the lines where the locks of each step were taken and asked for', () => {
    const ld = createLockdep();
    const [a, b] = locks(ld, ['a', 'b']);
    const [p, q] = [ld.owner('p'), ld.owner('q')];
    p.acquire(a); // p takes a
    p.acquire(b); // p asks for b
    p.release(b);
    p.release(a);
    q.acquire(b); // q takes b
    q.acquire(a); // q asks for a
    const { edges, sites, held } = only(ld, 'order-cycle');
    const line = (comment: string): number => lineOf(__filename, comment);
    expect(edges.map(({ witness }) => [witness.taken?.line, witness.asked?.line])).toEqual([
      [line('q takes b'), line('q asks for a')],
      [line('p takes a'), line('p asks for b')],
    ]);
    const inOrder = ['q asks for a', 'q takes b', 'p asks for b', 'p takes a'];
    expect(sites.map((site) => site.line)).toEqual(inOrder.map(line));
    expect(new Set(sites.map((site) => site.file))).toEqual(new Set([__filename]));
    expect(held.map(({ site }) => site?.line)).toEqual([line('q takes b')]);
  });
});
