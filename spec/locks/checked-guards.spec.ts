import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Condition, LockdepError, lockdep, Mutex } from '../../lib/index.ts';
import { only } from '../state/world.ts';
import { broken, checkedWorld, found } from './suite/checked-world.ts';
import { switchOff } from './suite/locks.ts';
import { idle, now } from './suite/words.ts';

describe('guards', () => {
  it('released twice are a bad release', async () => {
    const { ld, a } = checkedWorld();
    const guard = await a.acquire();
    guard.release();
    expect(found(ld)).toEqual([]);
    guard.release();
    only(ld, 'bad-release');
  });

  it('released twice name the owner, and places in the program', async () => {
    const { ld, a } = checkedWorld();
    const guard = await a.acquire({ owner: ld.owner('cpu0') });
    guard.release();
    guard.release();
    const { message, sites } = only(ld, 'bad-release');
    expect(message).toMatch(/^cpu0 /);
    expect(sites.map(({ file }) => file.split('/').at(-1))).toContain('checked-guards.spec.ts');
    expect(sites.every(({ file }) => !file.includes('lib/locks'))).toBe(true);
  });

  it('released twice throw under the throw policy', async () => {
    const { a } = checkedWorld({ onViolation: 'throw' });
    const guard = await a.acquire();
    guard.release();
    expect(() => guard.release()).toThrow(LockdepError);
    expect(a.isLocked).toBe(false);
  });

  it('that nobody has any more are told', async () => {
    const { ld, a } = checkedWorld();
    await (async () => {
      await a.acquire();
    })();
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    for (let turn = 0; turn < 100 && ld.violations.length === 0; turn++) {
      collect();
      await idle();
    }
    expect(only(ld, 'abandoned')).toMatchObject({ lock: { name: 'a' }, severity: 'error' });
  });

  it('disposed of after their release are none', async () => {
    const { ld, a } = checkedWorld();
    using guard = await a.acquire();
    guard.release();
    guard[Symbol.dispose]();
    await guard[Symbol.asyncDispose]();
    expect(found(ld)).toEqual([]);
  });

  it('that a task leaves behind are told: it ended with a lock held', async () => {
    const { ld, a } = checkedWorld();
    let guard: Disposable | undefined;
    await ld.task('careless', async () => {
      guard = await a.acquire();
    });
    const violation = only(ld, 'held-at-exit');
    expect(violation).toMatchObject({ lock: { name: 'a' }, severity: 'error' });
    expect(violation.message).toMatch(/careless/);
    guard?.[Symbol.dispose]();
  });

  it('that an owner leaves behind are told', async () => {
    const { ld, a } = checkedWorld();
    const owner = ld.owner('worker');
    const guard = await a.acquire({ owner });
    owner.exit();
    expect(only(ld, 'held-at-exit').message).toBe('worker ended with a held.');
    guard.release();
  });
});

describe('conditions', () => {
  it('give the mutex back for the checker too', async () => {
    const { ld, a, b } = checkedWorld();
    const condition = new Condition(a, 'condition');
    const waiter = async (): Promise<void> => {
      using guard = await a.acquire();
      await condition.wait(guard);
      a.assertHeld();
    };
    const waits = waiter();
    await idle();
    await a.run(() => condition.notify());
    await waits;
    await b.run(() => {});
    expect(found(ld)).toEqual([]);
    expect(await now(a.acquire())).not.toBe('waiting');
  });
});

describe('unchecked', () => {
  let on: () => void = () => {};
  beforeEach(() => {
    on = switchOff();
  });
  afterEach(() => on());

  it('records nothing, and claims pass', async () => {
    const before = JSON.stringify(lockdep.snapshot({ writtenAt: 0 }));
    const [a, b] = [new Mutex('off a'), new Mutex('off b')];
    expect([a.instance, b.instance]).toEqual([null, null]);
    await a.run(() => b.run(() => a.assertNotHeld()));
    await b.run(() => a.run(() => {}));
    a.assertHeld();
    const guard = await a.acquire();
    guard.release();
    guard.release();
    expect(JSON.stringify(lockdep.snapshot({ writtenAt: 0 }))).toBe(before);
    expect(lockdep.violations).toEqual([]);
  });

  it('goes for those too that name a checker', async () => {
    const { ld, a, b } = checkedWorld();
    await a.run(() => b.run(() => {}));
    await b.run(() => a.run(() => {}));
    expect([ld.isOff, broken(ld)]).toEqual([true, []]);
  });
});
