import {
  createLockdep,
  DeadlockError,
  type DeadlockViolation,
  type Lockdep,
  LockdepError,
  LockTimeoutError,
  Mutex,
  Once,
  Semaphore,
} from '../../lib/index.ts';
import { only } from '../state/world.ts';
import { broken, checkedWorld, crosswise, found, WAYS } from './suite/checked-world.ts';
import { idle, now, refusal } from './suite/words.ts';

describe('orders', () => {
  it.each(WAYS)('are seen from quiet runs, one after the other, by %s', async (_, nest) => {
    const { ld, a, b } = checkedWorld();
    const settle = (): Promise<void> => nest(a, b);
    const audit = (): Promise<void> => nest(b, a);
    await Promise.all([settle()]);
    expect(found(ld)).toEqual([]);
    await Promise.all([audit()]);
    const violation = only(ld, 'order-cycle');
    expect(violation.edges.map(({ from, to }) => `${from.name} → ${to.name}`).sort()).toEqual(['a → b', 'b → a']);
  });

  it.each(WAYS)('are those of flows that run side by side, by %s', async (_, nest) => {
    const { ld, a, b, c } = checkedWorld();
    await Promise.all([nest(a, b), nest(b, c), nest(a, c), nest(a, b, c)]);
    expect(found(ld)).toEqual([]);
    await nest(c, a);
    expect(broken(ld)).toEqual(['order-cycle']);
  });

  it.each(WAYS)('are not those of flows that only run at the same time, by %s', async (_, nest) => {
    const { ld, a, b } = checkedWorld();
    await Promise.all([nest(a), nest(b), nest(a), nest(b)]);
    await Promise.all([nest(b), nest(a)]);
    expect([found(ld), ld.snapshot().dependencies]).toEqual([[], []]);
  });

  it('of waits that were withdrawn say nothing', async () => {
    const { ld, a, b } = checkedWorld();
    await a.run(() => b.run(() => {}));
    const controller = new AbortController();
    const holder = await a.acquire();
    const flow = async (): Promise<void> => {
      using _b = await b.acquire();
      await refusal(a.acquire({ signal: controller.signal }));
    };
    const flows = flow();
    await idle();
    controller.abort();
    await flows;
    holder.release();
    expect(found(ld)).toEqual([]);
  });

  it('that a try takes are none', async () => {
    const { ld, a, b } = checkedWorld();
    await a.run(() => b.run(() => {}));
    await b.run(() => a.tryAcquire()?.release());
    expect(found(ld)).toEqual([]);
  });

  it('are kept by levels', async () => {
    const lockdep = createLockdep();
    const high = new Mutex('high', { lockdep, level: 20 });
    const low = new Mutex('low', { lockdep, level: 10 });
    await low.run(() => high.run(() => {}));
    expect(found(lockdep)).toEqual([]);
    await high.run(() => low.run(() => {}));
    expect(broken(lockdep)).toContain('level-order');
  });

  it('name the places in the program, not in the package', async () => {
    const { ld, a, b } = checkedWorld();
    await a.run(() => b.run(() => {}));
    await b.run(() => a.run(() => {}));
    const { sites } = only(ld, 'order-cycle');
    expect(sites.length).toBeGreaterThan(1);
    expect(sites.every(({ file }) => file.endsWith('checked.spec.ts'))).toBe(true);
  });

  it('make an error under the throw policy, when the outer lock is given back', async () => {
    const { a, b } = checkedWorld({ onViolation: 'throw' });
    await a.run(() => b.run(() => {}));
    const work = jest.fn();
    expect(await refusal(b.run(() => a.run(work)))).toBeInstanceOf(LockdepError);
    expect(work).toHaveBeenCalledTimes(1);
    expect([a.isLocked, b.isLocked]).toEqual([false, false]);
  });

  it('make an error under the throw policy for an owner that is named, and the lock is not taken', async () => {
    const { ld, a, b } = checkedWorld({ onViolation: 'throw' });
    const [p, q] = [{ owner: ld.owner('p') }, { owner: ld.owner('q') }];
    await a.run(() => b.run(() => {}, p), p);
    const outer = await b.acquire(q);
    expect(await refusal(a.acquire(q))).toBeInstanceOf(LockdepError);
    expect([a.isLocked, a.waiting, q.owner.held.map(({ lock }) => lock.name)]).toEqual([false, 0, ['b']]);
    outer.release();
    expect(q.owner.held).toEqual([]);
  });
});

describe('semaphores', () => {
  it('are nested once, and that is enough', async () => {
    const { ld, pool } = checkedWorld();
    await pool.run(() => pool.run(() => {}));
    expect(only(ld, 'pool-nesting')).toMatchObject({ capacity: 2, ownersNeeded: 2 });
  });

  it('are nested by acquire() too', async () => {
    const { ld, pool } = checkedWorld();
    const outer = await pool.acquire();
    const inner = await pool.acquire();
    inner.release();
    outer.release();
    expect(only(ld, 'pool-nesting')).toMatchObject({ capacity: 2, ownersNeeded: 2 });
  });

  it('count weights', async () => {
    const lockdep = createLockdep();
    const pool = new Semaphore('pool', { lockdep, capacity: 10 });
    await pool.run(() => pool.run(() => {}, { units: 3 }), { units: 4 });
    expect(only(lockdep, 'pool-nesting').capacity).toBe(10);
  });

  it('that several flows use at once are no mistake', async () => {
    const { ld, pool } = checkedWorld();
    await Promise.all(Array.from({ length: 10 }, () => pool.run(idle)));
    await pool.acquire({ units: 2 }).then((guard) => guard.release());
    expect(found(ld)).toEqual([]);
  });

  it('of one unit are like mutexes', async () => {
    const lockdep = createLockdep();
    const one = new Semaphore('one', { lockdep });
    void one.run(() => one.acquire());
    await idle();
    expect(broken(lockdep)).toEqual(['deadlock', 'recursion']);
  });
});

describe('who waits for himself', () => {
  it.each(['acquire', 'run'] as const)('is told at once, and waits, by %s()', async (how) => {
    const { ld, a } = checkedWorld();
    const flow = async (): Promise<void> => {
      using _guard = await a.acquire();
      await (how === 'acquire' ? a.acquire() : a.run(() => {}));
    };
    expect(await now(flow())).toBe('waiting');
    expect(broken(ld)).toEqual(['deadlock', 'recursion']);
    expect(ld.violations.map(({ confidence, severity }) => `${severity} ${confidence}`)).toEqual([
      'error certain',
      'error certain',
    ]);
  });

  it('is not told where he only asks, and goes on', async () => {
    const { ld, a } = checkedWorld({ onDeadlock: 'reject' });
    const guard = await a.acquire();
    const again = a.acquire();
    await idle();
    guard.release();
    (await again).release();
    expect(broken(ld)).not.toContain('deadlock');
  });

  it.each(['acquire', 'run'] as const)('is rejected where that is asked for, by %s(), and goes on', async (how) => {
    const { ld, a } = checkedWorld({ onDeadlock: 'reject' });
    const guard = await a.acquire();
    const error = await refusal(how === 'acquire' ? a.acquire() : a.run(() => {}));
    expect(error).toBeInstanceOf(DeadlockError);
    expect((error as DeadlockError).violation).toMatchObject({ rule: 'deadlock', rejected: true });
    expect([guard.isReleased, a.waiting]).toEqual([false, 0]);
    guard.release();
    expect(await a.run(() => 'goes on')).toBe('goes on');
    expect(ld.failure).toBeNull();
  });

  it('is told inside run()', async () => {
    const { a } = checkedWorld({ onDeadlock: 'reject' });
    expect(await now(refusal(a.run(() => a.run(() => 'never'))))).toBeInstanceOf(DeadlockError);
    expect(a.isLocked).toBe(false);
  });

  it('may be the work of a Once', async () => {
    const lockdep = createLockdep({ onDeadlock: 'reject' });
    const once: Once<number> = new Once(async () => (await once.get()) + 1, 'once', { lockdep });
    expect(await now(refusal(once.get()))).toBeInstanceOf(DeadlockError);
    expect(broken(lockdep)).toContain('deadlock');
  });

  it('with a timeout waits for that, and makes no deadlock', async () => {
    const { ld, a } = checkedWorld({ onDeadlock: 'reject' });
    const guard = await a.acquire();
    expect(await refusal(a.acquire({ timeout: 5 }))).toBeInstanceOf(LockTimeoutError);
    expect(broken(ld)).not.toContain('deadlock');
    guard.release();
  });

  it('as an owner that is named is told too', async () => {
    const { ld, a } = checkedWorld({ onDeadlock: 'reject' });
    const owner = ld.owner('cpu0');
    const guard = await a.acquire({ owner });
    expect(await refusal(a.acquire({ owner }))).toBeInstanceOf(DeadlockError);
    expect(onlyDeadlock(ld).waits.map(({ owner: name }) => name)).toEqual(['cpu0']);
    guard.release();
    expect(owner.held).toEqual([]);
  });
});

/** The only finding that tells of a deadlock. */
function onlyDeadlock({ violations }: Lockdep): DeadlockViolation {
  const [first, ...others] = violations.filter((one) => one.rule === 'deadlock');
  expect([first?.rule, others]).toEqual(['deadlock', []]);
  return first as DeadlockViolation;
}

describe('flows that wait for each other', () => {
  it('are told, and wait', async () => {
    const { ld, a, b } = checkedWorld();
    const flows = await crosswise(a, b);
    expect(await now(Promise.race(flows))).toBe('waiting');
    const deadlock = onlyDeadlock(ld);
    expect(deadlock).toMatchObject({ confidence: 'certain', severity: 'error', rejected: false });
    expect(deadlock.waits.map(({ lock }) => lock.name)).toEqual(['b', 'a']);
  });

  it('are separated: the last one is rejected, and the other goes on', async () => {
    const { ld, a, b } = checkedWorld({ onDeadlock: 'reject' });
    const flows = await crosswise(a, b);
    expect(await now(Promise.all(flows))).toEqual(['done', 'deadlock']);
    expect([a.isLocked, b.isLocked]).toEqual([false, false]);
    expect(broken(ld)).toContain('deadlock');
  });

  it('without a circle are let alone', async () => {
    const { ld, a, b } = checkedWorld({ onDeadlock: 'reject' });
    const guard = await a.acquire();
    const others = [1, 2, 3].map(() => a.run(() => b.run(idle)));
    await idle();
    guard.release();
    await Promise.all(others);
    expect(found(ld)).toEqual([]);
  });
});
