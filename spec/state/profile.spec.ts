import { createLockdep, type Lockdep } from '../../lib/lockdep.ts';
import { Mutex } from '../../lib/locks/mutex.ts';
import type { LockdepOptions } from '../../lib/options.ts';
import type { ContendedAcquire } from '../../lib/state/profile.ts';
import { captureSite } from '../../lib/state/site.ts';
import { findings, lineOf, locks } from './world.ts';

const line = (comment: string): number => lineOf(__filename, comment);

interface Timed {
  readonly ld: Lockdep;
  /** Lets time go on. */
  readonly pass: (ms: number) => void;
}

function timed(options: LockdepOptions = { stats: true }): Timed {
  let now = 0;
  const ld = createLockdep({ now: () => now, ...options });
  return {
    ld,
    pass: (ms) => {
      now += ms;
    },
  };
}

const wait = (more: Partial<ContendedAcquire> = {}): ContendedAcquire => {
  return { waitMs: 1, spins: 0, site: null, holder: null, ...more };
};

describe('holds of explicit owners', () => {
  it('are timed where that is asked for, known steps too', () => {
    const { ld, pass } = timed();
    const [a] = locks(ld, ['a']);
    const p = ld.owner('p');
    for (const ms of [3, 7, 5]) {
      p.acquire(a); // p takes a
      pass(ms);
      p.release(a);
    }
    const profile = ld.profile.of('a');
    expect(profile?.hold).toMatchObject({ count: 3, sum: 15, min: 3, max: 7 });
    expect(profile?.longestHold).toMatchObject({ ms: 7, site: { line: line('p takes a') }, process: '0' });
  });

  it('are not timed where it is not', () => {
    const { ld, pass } = timed({});
    const [a] = locks(ld, ['a']);
    ld.owner('p').acquire(a);
    pass(5);
    ld.owner('p').release(a);
    expect(ld.profile.isTimed).toBe(false);
    expect(ld.profile.of(a)).toBeUndefined();
    expect(ld.snapshot().classes[0]).not.toHaveProperty('stats');
  });

  it('count each for itself in any order of release', () => {
    const { ld, pass } = timed();
    const [a, b, c] = locks(ld, ['a', 'b', 'c']);
    const p = ld.owner('p');
    for (let turn = 0; turn < 3; turn++) {
      for (const lock of [a, b, c]) {
        p.acquire(lock);
        pass(1);
      }
      for (const lock of [a, c, b]) {
        p.release(lock);
        pass(10);
      }
    }
    const sums = [a, b, c].map((lock) => ld.profile.of(lock)?.hold.toJSON());
    expect(sums.map((hold) => [hold?.count, hold?.min, hold?.max])).toEqual([
      [3, 3, 3],
      [3, 22, 22],
      [3, 11, 11],
    ]);
  });

  it('begin with granted, and a wait that ends without the lock is none', () => {
    const { ld, pass } = timed();
    const [a] = locks(ld, ['a']);
    const p = ld.owner('p');
    p.acquire(a);
    pass(100);
    p.granted(a);
    pass(2);
    p.release(a);
    p.acquire(a);
    p.blocked(a);
    pass(100);
    p.release(a);
    expect(ld.profile.of(a)?.hold).toMatchObject({ count: 1, max: 2 });
  });

  it('that began before they were timed do not count', () => {
    const { ld, pass } = timed({});
    const [a] = locks(ld, ['a']);
    const p = ld.owner('p');
    p.acquire(a);
    p.release(a);
    p.acquire(a);
    ld.configure({ stats: true });
    pass(5);
    p.release(a);
    expect(ld.profile.of(a)).toBeUndefined();
    p.acquire(a);
    p.release(a);
    expect(ld.profile.of(a)?.hold.count).toBe(1);
  });
});

describe('a budget', () => {
  const over = (ld: Lockdep, pass: (ms: number) => void, options = {}): void => {
    const a = ld.lock('a', options);
    const p = ld.owner('p');
    for (const ms of [4, 6, 6]) {
      p.acquire(a);
      pass(ms);
      p.release(a);
    }
  };

  it('of a class is an error where it is exceeded', () => {
    const { ld, pass } = timed({});
    over(ld, pass, { maxHoldMs: 5 });
    expect(findings(ld)).toEqual(['long-hold certain ×2']);
    expect(ld.violations[0]).toMatchObject({
      severity: 'error',
      message: 'p held a for 6 ms (the budget is 5 ms).',
      limitMs: 5,
    });
  });

  it('can be set by the name of the class, and while the program runs', () => {
    for (const { ld, pass } of [timed({ budgets: { a: { maxHoldMs: 5 } } }), timed({})]) {
      ld.configure({ budgets: { a: { maxHoldMs: 5 } } });
      over(ld, pass);
      expect(findings(ld)).toEqual(['long-hold certain ×2']);
    }
  });

  it('that the class declares goes before the one that is set', () => {
    const { ld, pass } = timed({ budgets: { a: { maxHoldMs: 1 } } });
    over(ld, pass, { maxHoldMs: 10 });
    expect(ld.violations).toEqual([]);
  });

  it('and the warning are two findings', () => {
    const { ld, pass } = timed({ longHoldMs: 3 });
    over(ld, pass, { maxHoldMs: 5 });
    expect(ld.violations.map(({ severity, count }) => [severity, count])).toEqual([
      ['warning', 1],
      ['error', 2],
    ]);
  });

  it('is told by the policy after the release', () => {
    const { ld, pass } = timed({ onViolation: 'throw' });
    const a = ld.lock('a', { maxHoldMs: 5 });
    const p = ld.owner('p');
    p.acquire(a);
    pass(6);
    expect(() => p.release(a)).toThrow('the budget is 5 ms');
    expect(p.held).toEqual([]);
  });

  it('holds for flows too', async () => {
    const { ld, pass } = timed({ budgets: { cache: { maxHoldMs: 5 } } });
    const cache = new Mutex('cache', { lockdep: ld });
    await ld.task('refresh', () => cache.run(() => pass(6)));
    expect(ld.violations).toMatchObject([{ rule: 'long-hold', severity: 'error', limitMs: 5, waiters: 0 }]);
  });

  it.each([
    [{ budgets: { a: 5 } }, "budgets: expected { maxHoldMs: milliseconds } for 'a', got 5"],
    [{ budgets: { a: { maxHoldMs: -1 } } }, 'budgets: expected { maxHoldMs: milliseconds }'],
    [{ budgets: { a: { maxHold: 1 } } }, 'budgets: expected { maxHoldMs: milliseconds }'],
    [{ stats: 1 }, 'stats: expected true or false, got 1'],
  ])('that is wrong is refused: %j', (options, message) => {
    expect(() => createLockdep(options as never)).toThrow(message);
  });

  it('of a lock that is wrong, or another one than before, is refused', () => {
    const ld = createLockdep();
    expect(() => ld.lock('a', { maxHoldMs: -1 })).toThrow('maxHoldMs: expected milliseconds');
    ld.lock('a', { maxHoldMs: 1 });
    expect(() => ld.lock('a', { maxHoldMs: 2 })).toThrow("maxHoldMs: class 'a' was declared with another one");
  });
});

describe('waits', () => {
  it('of flows are counted, with the place and whom they waited for', async () => {
    const { ld, pass } = timed({});
    const cache = new Mutex('cache', { lockdep: ld });
    const first = await cache.acquire();
    const refresh = ld.task('refresh', async () => {
      const guard = await cache.acquire(); // refresh waits
      guard.release();
    });
    pass(8);
    first.release();
    await refresh;
    const profile = ld.profile.of('cache');
    expect(profile).toMatchObject({ contentions: 1, spins: 0 });
    expect(profile?.wait).toMatchObject({ count: 1, sum: 8 });
    const [place] = profile?.toJSON()?.sites ?? [];
    expect(place).toMatchObject({ site: { line: line('refresh waits') }, waits: 1, waitMs: 8 });
    expect(place?.waitedFor).toMatchObject([{ waits: 1 }]);
  });

  it('that end without the lock count too', async () => {
    const ld = createLockdep();
    const cache = new Mutex('cache', { lockdep: ld });
    const guard = await cache.acquire();
    await expect(cache.acquire({ timeout: 5 })).rejects.toThrow();
    guard.release();
    expect(ld.profile.of('cache')).toMatchObject({ contentions: 1 });
    expect(ld.profile.of('cache')?.wait.max).toBeGreaterThan(0);
  });

  it('of flows that begin at one place are for one', async () => {
    const ld = createLockdep();
    const cache = new Mutex('cache', { lockdep: ld });
    await Promise.all(Array.from({ length: 9 }, () => ld.task('refresh', () => cache.run(() => Promise.resolve()))));
    const [place] = ld.profile.of('cache')?.toJSON()?.sites ?? [];
    expect(place?.waitedFor.map(({ owner, waits }) => [owner, waits])).toEqual([['refresh', 8]]);
  });

  it('are told by others, with their spins', () => {
    const ld = createLockdep();
    const a = ld.lock('a', { kind: 'spin', level: 3 });
    const holder = { owner: 'cpu1', site: { file: 'b.ts', line: 2, column: 1 } };
    const site = { file: 'a.ts', line: 1, column: 1 };
    for (const waitMs of [1, 3]) ld.profile.contended(a.class, wait({ waitMs, spins: 100, site, holder }));
    expect(ld.snapshot().classes[0]).toMatchObject({
      level: 3,
      stats: {
        contentions: 2,
        spins: 200,
        hold: null,
        longestHold: null,
        sites: [{ site, waits: 2, waitMs: 4, waitedFor: [{ ...holder, waits: 2 }] }],
        otherWaits: 0,
        sampled: false,
      },
    });
  });

  it('keep the 16 places that waited longest, and the number of the other waits', () => {
    const ld = createLockdep();
    const a = ld.lock('a');
    for (let at = 1; at <= 20; at++) {
      ld.profile.contended(a.class, wait({ waitMs: at, site: { file: 'a.ts', line: at, column: 1 } }));
    }
    const stats = ld.profile.of(a)?.toJSON();
    expect(stats?.sites.map(({ site }) => site?.line)).toEqual(Array.from({ length: 16 }, (_, at) => 20 - at));
    expect(stats?.otherWaits).toBe(4);
  });

  it('at more places than can be kept are said to be', () => {
    const ld = createLockdep();
    const a = ld.lock('a');
    for (let at = 1; at <= 300; at++) {
      ld.profile.contended(a.class, wait({ site: { file: 'a.ts', line: at, column: 1 } }));
    }
    expect(ld.profile.of(a)?.toJSON()?.otherWaits).toBe(300 - 16);
    expect(ld.snapshot().limits.join()).toContain('more than 256 places');
  });

  it('that are very many are resolved for a sample, and counted all', () => {
    let resolved = 0;
    const ld = createLockdep({
      resolver: () => {
        resolved++;
        return { file: 'a.ts', line: 1, column: 1 };
      },
    });
    const a = ld.lock('a');
    const all = 20_000;
    for (let at = 0; at < all; at++) ld.profile.contended(a.class, wait({ site: captureSite(wait) }));
    const stats = ld.profile.of(a)?.toJSON();
    expect(stats).toMatchObject({ contentions: all, sampled: true });
    expect(resolved).toBeLessThan(1500);
    expect(stats?.sites[0]?.waits).toBeGreaterThan(all * 0.7);
    expect(stats?.sites[0]?.waits).toBeLessThan(all * 1.3);
  });

  it('at a place that is known by its object are counted all', () => {
    const ld = createLockdep();
    const a = ld.lock('a');
    const site = captureSite(wait);
    for (let at = 0; at < 5000; at++) ld.profile.contended(a.class, wait({ site }));
    const stats = ld.profile.of(a)?.toJSON();
    expect(stats?.sites[0]?.waits).toBe(5000);
  });
});
