import { LockdepError, lockAll } from '../../lib/index.ts';
import { only } from '../state/world.ts';
import { broken, checkedWorld, found } from './suite/checked-world.ts';
import { idle, refusal } from './suite/words.ts';

describe('read-write locks', () => {
  it('that a reader asks to write are a mistake', async () => {
    const { ld, rw } = checkedWorld({ onDeadlock: 'reject' });
    const reader = await rw.read();
    await refusal(rw.write());
    expect(ld.violations.find(({ rule }) => rule === 'recursion')).toMatchObject({ upgrade: true, sameInstance: true });
    reader.release();
  });

  it('may be upgraded and downgraded', async () => {
    const { ld, rw } = checkedWorld();
    const writer = await (await rw.read()).upgrade();
    rw.assertHeldExclusive();
    const reader = writer.downgrade();
    rw.assertHeldShared();
    reader.release();
    rw.assertNotHeld();
    expect(found(ld)).toEqual([]);
  });

  it('that many read at once are no mistake', async () => {
    const { ld, rw, a } = checkedWorld();
    await Promise.all([1, 2, 3, 4].map((id) => (id === 3 ? rw.runWrite(idle) : rw.runRead(() => a.run(idle)))));
    expect(found(ld)).toEqual([]);
  });

  it('read in both orders, and never written, block nobody only where no writer can come between', async () => {
    const { ld, rw, a } = checkedWorld();
    await rw.runRead(() => a.run(() => {}));
    await a.run(() => rw.runRead(() => {}));
    expect(broken(ld)).toEqual(['order-cycle']);
  });
});

describe('claims', () => {
  it('hold where the flow holds the lock, over every await', async () => {
    const { ld, a, pool, rw, keyed } = checkedWorld();
    await a.run(async () => {
      a.assertHeld();
      await idle();
      a.assertHeld();
    });
    const guard = await a.acquire();
    await idle();
    a.assertHeld();
    guard.release();
    a.assertNotHeld();
    await pool.run(() => pool.assertHeld());
    await rw.runRead(() => rw.assertHeldShared());
    await rw.runWrite(() => rw.assertHeldExclusive());
    await keyed.run('k', () => {
      keyed.assertHeld('k');
      keyed.assertNotHeld('other');
    });
    await lockAll.run([a, pool], () => {
      a.assertHeld();
      pool.assertHeld();
    });
    expect(found(ld)).toEqual([]);
  });

  it('fail where nobody holds it', () => {
    const { ld, a } = checkedWorld();
    a.assertHeld();
    expect(only(ld, 'assert-held')).toMatchObject({ severity: 'error', confidence: 'certain', holder: null });
  });

  it('fail where another flow holds it, and name that flow', async () => {
    const { ld, a } = checkedWorld();
    let release: (() => void) | undefined;
    const holder = ld.task('settler', async () => {
      const guard = await a.acquire();
      await new Promise<void>((done) => {
        release = done;
      });
      guard.release();
    });
    await idle();
    await ld.task('auditor', async () => a.assertHeld());
    const violation = only(ld, 'assert-held');
    expect(violation.message).toMatch(/auditor.* does not hold a.*settler/);
    expect(violation.holder?.owner).toMatch(/settler/);
    expect(violation.holder?.site?.file).toMatch(/checked-claims\.spec\.ts$/);
    release?.();
    await holder;
  });

  it('fail where it is held in another mode', async () => {
    const { ld, rw } = checkedWorld();
    await rw.runRead(() => rw.assertHeldExclusive());
    await rw.runWrite(() => rw.assertHeldShared());
    expect(ld.violations.map(({ rule }) => rule)).toEqual(['assert-held', 'assert-held']);
  });

  it('of a named owner begin with its request: a wait is judged before it begins', async () => {
    const { ld, a } = checkedWorld();
    const [p, q] = [ld.owner('p'), ld.owner('q')];
    const guard = await a.acquire({ owner: p });
    const waits = a.acquire({ owner: q });
    expect(q.held.map(({ lock }) => lock.name)).toEqual(['a']);
    guard.release();
    (await waits).release();
    expect([q.held, ld.violations]).toEqual([[], []]);
  });

  it('that it is not held fail where it is', async () => {
    const { ld, a } = checkedWorld();
    await a.run(() => a.assertNotHeld());
    only(ld, 'assert-not-held');
  });

  it('throw under the throw policy', async () => {
    const { a } = checkedWorld({ onViolation: 'throw' });
    expect(() => a.assertHeld()).toThrow(LockdepError);
    await a.run(() => expect(() => a.assertNotHeld()).toThrow(LockdepError));
    expect(a.isLocked).toBe(false);
  });

  it('of an owner that is named are those of that owner', async () => {
    const { ld, a } = checkedWorld();
    const [p, q] = [ld.owner('p'), ld.owner('q')];
    const guard = await a.acquire({ owner: p });
    p.assertHeld(a.instance as never);
    expect(p.held.map(({ lock }) => lock.name)).toEqual(['a']);
    q.assertHeld(a.instance as never);
    expect(only(ld, 'assert-held').holder?.owner).toBe('p');
    guard.release();
    expect(p.held).toEqual([]);
  });
});

describe('the owner of the running flow', () => {
  it('has what it holds, outermost first', async () => {
    const { ld, a, rw } = checkedWorld();
    const held = (): unknown => ld.currentOwner().held.map(({ lock, mode }) => [lock.name, mode]);
    await a.run(() =>
      rw.runRead(async () => {
        await idle();
        expect(held()).toEqual([
          ['a', 'exclusive'],
          ['rw', 'shared'],
        ]);
      }),
    );
    await ld.task('idle', async () => expect(held()).toEqual([]));
  });

  it('is called like its task', async () => {
    const { ld, a } = checkedWorld();
    await ld.task('settler', () => a.run(() => expect(ld.currentOwner().name).toMatch(/settler/)));
    await ld.task('auditor', async () => expect(ld.currentOwner().name).toMatch(/auditor/));
  });

  it('gets back from task() what the function returns', async () => {
    const { ld } = checkedWorld();
    expect(ld.task('sync', () => 5)).toBe(5);
    expect(await ld.task('async', async () => 5)).toBe(5);
    expect(() => ld.task('fails', () => JSON.parse('{'))).toThrow(SyntaxError);
  });
});
