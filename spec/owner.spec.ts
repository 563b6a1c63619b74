import { createLockdep } from '../lib/lockdep.ts';
import { findings, heldNames, lineOf, locks, nest, only } from './state/world.ts';

const line = (comment: string): number => lineOf(__filename, comment);

describe('what an owner holds', () => {
  it('is what it took and did not give back, outermost first', () => {
    const ld = createLockdep();
    const [a, b, c] = locks(ld, ['a', 'b', 'c']);
    const p = ld.owner('p');
    expect(p.held).toEqual([]);
    p.acquire(a);
    p.acquire(b);
    p.acquire(c);
    expect(heldNames(p)).toEqual(['a', 'b', 'c']);
    p.release(c);
    expect(heldNames(p)).toEqual(['a', 'b']);
    expect(heldNames(ld.owner('q'))).toEqual([]);
  });

  it('says lock, mode and the place where it was taken', () => {
    const ld = createLockdep();
    const [r] = locks(ld, ['r'], { kind: 'rwlock' });
    const p = ld.owner('p');
    p.acquire(r, { mode: 'shared' }); // taken here
    expect(p.held).toEqual([
      { lock: r, mode: 'shared', site: expect.objectContaining({ file: __filename, line: line('taken here') }) },
    ]);
    expect(p.held[0]?.lock).toBe(r);
  });

  it('is not changed by what comes after it was read', () => {
    const ld = createLockdep();
    const [a, b] = locks(ld, ['a', 'b']);
    const p = ld.owner('p');
    p.acquire(a);
    const before = p.held;
    p.release(a);
    p.acquire(b);
    expect(before.map(({ lock }) => lock.name)).toEqual(['a']);
  });

  it('may be the same lock several times', () => {
    const ld = createLockdep();
    const [pool] = locks(ld, ['pool'], { kind: 'semaphore', capacity: 9 });
    const p = ld.owner('p');
    p.acquire(pool);
    p.acquire(pool, { units: 2 });
    expect(p.entries().map(({ units }) => units)).toEqual([1, 2]);
    p.release(pool);
    expect(p.entries().map(({ units }) => units)).toEqual([1]);
  });
});

describe('the site of a held lock', () => {
  const ways = { first: (): void => {}, second: (): void => {} };

  function held(sites: 'new' | 'all'): (number | undefined)[] {
    const ld = createLockdep({ sites });
    const [a] = locks(ld, ['a']);
    const p = ld.owner('p');
    ways.first = () => p.acquire(a); // the first way
    ways.second = () => p.acquire(a); // the second way
    return [ways.first, ways.second].map((way) => {
      way();
      const taken = p.held[0]?.site?.line;
      p.release(a);
      return taken;
    });
  }

  it('is where its step was gone first, if that is known', () => {
    expect(held('new')).toEqual([line('the first way'), line('the first way')]);
  });

  it('is its own place if all sites are asked for', () => {
    expect(held('all')).toEqual([line('the first way'), line('the second way')]);
  });
});

describe('an assertion', () => {
  it('passes for a lock that is held, at any depth and in any mode', () => {
    const ld = createLockdep();
    const [r, a] = [ld.lock('r', { kind: 'rwsem' }), ld.lock('a')];
    const p = ld.owner('p');
    p.assertNotHeld(r);
    p.acquire(r, { mode: 'shared' });
    p.acquire(a);
    p.assertHeld(r);
    p.assertHeld(a);
    expect(findings(ld)).toEqual([]);
  });

  it('that a lock is held names who else holds it, and where it was taken', () => {
    const ld = createLockdep();
    const [a] = locks(ld, ['a']);
    ld.owner('q').acquire(a); // q takes it
    ld.owner('p').assertHeld(a); // p asserts
    expect(only(ld, 'assert-held')).toMatchObject({
      owner: 'p',
      message: 'p does not hold a; q holds it.',
      asserted: { line: line('p asserts') },
      holder: { owner: 'q', site: { line: line('q takes it') } },
    });
  });

  it('that a lock is not held names its own holding, whoever else reads it', () => {
    const ld = createLockdep();
    const [r] = locks(ld, ['r'], { kind: 'rwlock' });
    const [p, q] = [ld.owner('p'), ld.owner('q')];
    p.acquire(r, { mode: 'shared' });
    q.assertNotHeld(r);
    expect(findings(ld)).toEqual([]);
    q.acquire(r, { mode: 'shared' }); // q reads it
    q.assertNotHeld(r);
    expect(only(ld, 'assert-not-held')).toMatchObject({
      message: 'q holds r.',
      holder: { owner: 'q', site: { line: line('q reads it') } },
    });
  });

  it('fails again though it failed before: a report does not make it pass', () => {
    const ld = createLockdep({ onViolation: 'throw' });
    const [a] = locks(ld, ['a']);
    for (let turn = 0; turn < 3; turn++) expect(() => ld.owner('p').assertHeld(a)).toThrow('p does not hold a.');
    expect(findings(ld)).toEqual(['assert-held certain ×3']);
  });

  it('takes another instance of the class for another lock', () => {
    const ld = createLockdep();
    const [one, other] = locks(ld, ['a', 'a']);
    ld.owner('p').acquire(one);
    ld.owner('p').assertNotHeld(other);
    ld.owner('p').assertHeld(other);
    expect(findings(ld)).toEqual(['assert-held certain ×1']);
  });
});

describe('an owner that ends', () => {
  it('reports each lock that it holds, with its place', () => {
    const ld = createLockdep();
    const [a, b] = locks(ld, ['a', 'b']);
    const p = ld.owner('p');
    p.acquire(a); // a stays
    p.acquire(b); // b stays
    p.exit();
    expect(ld.violations).toMatchObject([
      { rule: 'held-at-exit', message: 'p ended with a held.', taken: { line: line('a stays') } },
      { rule: 'held-at-exit', message: 'p ended with b held.', taken: { line: line('b stays') } },
    ]);
  });

  it('holds nothing any more: somebody else may take it, and give it back', () => {
    const ld = createLockdep();
    const [a] = locks(ld, ['a']);
    const p = ld.owner('p');
    p.acquire(a);
    p.exit();
    expect([heldNames(p), ld.holdersOf(a).length]).toEqual([[], 0]);
    nest(ld.owner('q'), [a]);
    expect(findings(ld)).toEqual(['held-at-exit certain ×1']);
  });

  it('says nothing if it holds nothing, also the second time', () => {
    const ld = createLockdep();
    const [a] = locks(ld, ['a']);
    const p = ld.owner('p');
    nest(p, [a]);
    p.exit();
    p.exit();
    expect(findings(ld)).toEqual([]);
  });

  it('begins anew under its name', () => {
    const ld = createLockdep();
    const [a, b] = locks(ld, ['a', 'b']);
    ld.owner('p').acquire(a);
    ld.owner('p').exit();
    nest(ld.owner('p'), [b, a]);
    expect(heldNames(ld.owner('p'))).toEqual([]);
    expect(findings(ld)).toEqual(['held-at-exit certain ×1']);
  });
});
