import { createLockdep } from '../lib/lockdep.ts';
import type { LockInstance } from '../lib/state/classes.ts';
import { findings, locks, nest, only } from './state/world.ts';

/** The dependencies of a checker, each as `from → to`. */
function dependencies(ld: ReturnType<typeof createLockdep>): string[] {
  const { classes, dependencies: found } = ld.snapshot();
  return found.map(({ from, to }) => `${classes[from]?.name} → ${classes[to]?.name}`);
}

function scene(): { ld: ReturnType<typeof createLockdep>; a: LockInstance; b: LockInstance; c: LockInstance } {
  const ld = createLockdep();
  const [a, b, c] = locks(ld, ['a', 'b', 'c']);
  return { ld, a, b, c };
}

describe('a lock that was tried', () => {
  it('has no dependency to it: whoever tries does not wait', () => {
    const { ld, a, b } = scene();
    const p = ld.owner('p');
    p.acquire(a);
    p.acquire(b, { try: true });
    expect(dependencies(ld)).toEqual([]);
    p.release(b);
    p.release(a);
    nest(ld.owner('q'), [b, a]);
    expect(findings(ld)).toEqual([]);
  });

  it('is held like any other: what is asked for under it depends on it', () => {
    const { ld, a, b } = scene();
    const p = ld.owner('p');
    p.acquire(a, { try: true });
    p.acquire(b);
    expect(dependencies(ld)).toEqual(['a → b']);
    nest(ld.owner('q'), [b, a]);
    expect(findings(ld)).toEqual(['order-cycle possible ×1']);
  });

  it('does not hide the lock below it: that one has a dependency too', () => {
    const { ld, a, b, c } = scene();
    const p = ld.owner('p');
    p.acquire(a);
    p.acquire(b, { try: true });
    p.acquire(c);
    expect(dependencies(ld).sort()).toEqual(['a → c', 'b → c']);
    nest(ld.owner('q'), [c, a]);
    expect(only(ld, 'order-cycle').edges.map(({ from }) => from.name)).toEqual(['c', 'a']);
  });

  it('is judged anew once it is waited for', () => {
    const { ld, a, b } = scene();
    const p = ld.owner('p');
    nest(ld.owner('q'), [b, a]);
    p.acquire(a);
    p.acquire(b, { try: true });
    p.release(b);
    expect(findings(ld)).toEqual([]);
    p.acquire(b);
    expect(findings(ld)).toEqual(['order-cycle possible ×1']);
  });

  it('may be the very one that is held', () => {
    const { ld, a } = scene();
    const p = ld.owner('p');
    p.acquire(a);
    p.acquire(a, { try: true });
    expect(findings(ld)).toEqual([]);
    p.release(a);
    p.release(a);
    expect([p.held, ld.violations]).toEqual([[], []]);
  });

  it('counts as an acquisition', () => {
    const { ld, a } = scene();
    for (let turn = 0; turn < 3; turn++) {
      ld.owner('p').acquire(a, { try: true });
      ld.owner('p').release(a);
    }
    expect(ld.snapshot().totals.acquisitions).toBe(3);
  });
});
