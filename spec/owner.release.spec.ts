import { createLockdep, type Lockdep } from '../lib/lockdep.ts';
import { findings, heldNames, lineOf, locks, nest, only } from './state/world.ts';

const line = (comment: string): number => lineOf(__filename, comment);

/** The dependencies of a checker, each as `from → to`. */
function dependencies(ld: Lockdep): string[] {
  const { classes, dependencies: found } = ld.snapshot();
  return found.map(({ from, to }) => `${classes[from]?.name} → ${classes[to]?.name}`).sort();
}

function permutations<Item>(items: readonly Item[]): Item[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, at) => permutations(items.toSpliced(at, 1)).map((rest) => [item, ...rest]));
}

describe('a release', () => {
  it.each(permutations(['a', 'b', 'c', 'd']))('is legal in the order %s, %s, %s, %s', (...order) => {
    const ld = createLockdep({ onViolation: 'throw' });
    const all = locks(ld, ['a', 'b', 'c', 'd']);
    const p = ld.owner('p');
    for (const lock of all) p.acquire(lock);
    let held = ['a', 'b', 'c', 'd'];
    for (const name of order) {
      p.release(all.find((lock) => lock.name === name) ?? all[0]);
      held = held.filter((one) => one !== name);
      expect(heldNames(p)).toEqual(held);
    }
    nest(p, all);
    expect(findings(ld)).toEqual([]);
  });

  it('takes back the innermost of several acquires of one lock', () => {
    const ld = createLockdep();
    const [pool] = locks(ld, ['pool'], { kind: 'semaphore', capacity: 9 });
    const [a] = locks(ld, ['a']);
    const p = ld.owner('p');
    p.acquire(pool, { units: 1 });
    p.acquire(pool, { units: 2, try: true });
    p.acquire(a);
    p.release(pool);
    expect(p.entries().map(({ lock, units }) => [lock.name, units])).toEqual([
      ['pool', 1],
      ['a', 1],
    ]);
  });

  it('takes back the very instance, not another one of its class', () => {
    const ld = createLockdep();
    const [one, other] = locks(ld, ['account', 'account']);
    const p = ld.owner('p');
    p.acquire(one);
    p.acquire(other, { try: true });
    p.release(one);
    expect(p.held.map(({ lock }) => lock)).toEqual([other]);
  });
});

describe('a release in the middle', () => {
  it('proves what the locks above it mean without it', () => {
    const ld = createLockdep();
    const [a, b, c] = locks(ld, ['a', 'b', 'c']);
    const p = ld.owner('p');
    for (const lock of [a, b, c]) p.acquire(lock);
    expect(dependencies(ld)).toEqual(['a → b', 'b → c']);
    p.release(b);
    expect(dependencies(ld)).toEqual(['a → b', 'a → c', 'b → c']);
    nest(ld.owner('q'), [c, a]);
    expect(only(ld, 'order-cycle').edges.map(({ from }) => from.name)).toEqual(['c', 'a']);
  });

  it('finds a cycle that was there all the time, with the places where the locks were taken', () => {
    const ld = createLockdep();
    const [a, b, c] = locks(ld, ['a', 'b', 'c']);
    const [p, q] = [ld.owner('p'), ld.owner('q')];
    nest(q, [b, a]);
    nest(q, [c, a]);
    p.acquire(a); // p takes a
    p.acquire(b);
    p.acquire(c); // p takes c
    expect(ld.violations.map(({ rule }) => rule)).toEqual(['order-cycle']);
    p.release(b);
    expect(ld.violations).toHaveLength(2);
    expect(ld.violations[1]).toMatchObject({
      edges: [
        { from: { name: 'a' }, to: { name: 'c' }, attempted: true },
        { from: { name: 'c' }, to: { name: 'a' } },
      ],
      sites: [{ line: line('p takes c') }, { line: line('p takes a') }, {}, {}],
    });
  });

  it('keeps mode, units and try of the locks above it', () => {
    const ld = createLockdep();
    const [a, m] = locks(ld, ['a', 'm']);
    const r = ld.lock('r', { kind: 'rwlock' });
    const pool = ld.lock('pool', { kind: 'semaphore', capacity: 5 });
    const p = ld.owner('p');
    p.acquire(a);
    p.acquire(r, { mode: 'shared' });
    p.acquire(pool, { units: 3 });
    p.acquire(m, { try: true });
    p.release(a);
    expect(p.entries().map((one) => [one.lock.name, one.mode, one.units, one.try])).toEqual([
      ['r', 'shared', 1, false],
      ['pool', 'exclusive', 3, false],
      ['m', 'exclusive', 1, true],
    ]);
  });

  it('keeps the places where the locks above it were taken', () => {
    const ld = createLockdep();
    const [a, b] = locks(ld, ['a', 'b']);
    const p = ld.owner('p');
    p.acquire(a);
    p.acquire(b); // b is taken
    p.release(a);
    expect(p.held[0]?.site?.line).toBe(line('b is taken'));
    p.exit();
    expect(only(ld, 'held-at-exit').taken?.line).toBe(line('b is taken'));
  });

  it('keeps the place of a known step too, though the shorter chain was first gone elsewhere', () => {
    const ld = createLockdep();
    const [a, b] = locks(ld, ['a', 'b']);
    const p = ld.owner('p');
    nest(p, [b]);
    for (let turn = 0; turn < 2; turn++) {
      p.acquire(a);
      p.acquire(b); // b is taken under a
      p.release(a);
      expect(p.held[0]?.site?.line).toBe(line('b is taken under a'));
      p.release(b);
    }
  });

  it('is no acquisition: the locks above it are counted once', () => {
    const ld = createLockdep();
    const all = locks(ld, ['a', 'b', 'c']);
    const p = ld.owner('p');
    for (const lock of all) p.acquire(lock);
    for (const lock of all) p.release(lock);
    expect(ld.snapshot().classes.map(({ name, acquisitions }) => [name, acquisitions])).toEqual([
      ['a', 1],
      ['b', 1],
      ['c', 1],
    ]);
  });

  it('does not count a known defect again: nobody asked for anything', () => {
    const ld = createLockdep();
    const [outer, one, other] = locks(ld, ['outer', 'account', 'account']);
    const p = ld.owner('p');
    for (const lock of [outer, one, other]) p.acquire(lock);
    p.release(outer);
    expect(findings(ld)).toEqual(['recursion possible ×1']);
  });
});

describe('a release of what the owner does not hold', () => {
  it('is a bad release if nobody does', () => {
    const ld = createLockdep();
    const [a] = locks(ld, ['a']);
    ld.owner('p').release(a); // released
    expect(only(ld, 'bad-release')).toMatchObject({ owner: 'p', holder: null, released: { line: line('released') } });
  });

  it('is a bad release the second time', () => {
    const ld = createLockdep();
    const [a] = locks(ld, ['a']);
    nest(ld.owner('p'), [a]);
    ld.owner('p').release(a);
    expect(findings(ld)).toEqual(['bad-release certain ×1']);
  });

  it('names the owner that does, and where it took the lock', () => {
    const ld = createLockdep();
    const [a] = locks(ld, ['a']);
    ld.owner('q').acquire(a); // q takes a
    ld.owner('p').release(a); // p releases a
    expect(only(ld, 'wrong-owner-release')).toMatchObject({
      owner: 'p',
      released: { line: line('p releases a') },
      holder: { owner: 'q', site: { line: line('q takes a') } },
    });
  });

  it('changes nothing of what anybody holds', () => {
    const ld = createLockdep();
    const [a, b] = locks(ld, ['a', 'b']);
    const [p, q] = [ld.owner('p'), ld.owner('q')];
    q.acquire(a);
    p.acquire(b);
    p.release(a);
    expect([heldNames(p), heldNames(q)]).toEqual([['b'], ['a']]);
  });

  it('is told apart by the instance, not the class', () => {
    const ld = createLockdep();
    const [one, other] = locks(ld, ['a', 'a']);
    const p = ld.owner('p');
    p.acquire(one);
    p.release(other);
    expect(findings(ld)).toEqual(['bad-release certain ×1']);
    expect(p.held.map(({ lock }) => lock)).toEqual([one]);
  });
});
