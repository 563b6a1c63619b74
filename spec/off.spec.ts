import { execFileSync } from 'node:child_process';
import * as api from '../lib/index.ts';
import * as off from '../lib/off.ts';
import { ROOT } from './support/run.ts';

describe('lockdep/off', () => {
  it('has the same names', () => {
    expect(Object.keys(off).sort()).toEqual(Object.keys(api).sort());
  });

  it('hands out locks that work, and records nothing', async () => {
    const [a, b] = [new off.Mutex('a'), new off.Mutex('b')];
    const order: string[] = [];
    await a.run(() => b.run(() => order.push('ab')));
    await b.run(() => a.run(() => order.push('ba')));
    const guard = await a.acquire();
    const waits = a.acquire({ timeout: 1 });
    await expect(waits).rejects.toBeInstanceOf(off.LockTimeoutError);
    guard.release();
    guard.release();
    b.assertHeld();

    expect(order).toEqual(['ab', 'ba']);
    expect([a.instance, off.lockdep.violations, off.lockdep.snapshot().classes]).toEqual([null, [], []]);
  });

  it.each([
    ['RwLock', () => new off.RwLock('x').runWrite(() => 1)],
    ['Semaphore', () => new off.Semaphore('x', { capacity: 2 }).run(() => 1)],
    ['KeyedMutex', () => new off.KeyedMutex<string>('x').run('key', () => 1)],
    ['Once', () => new off.Once(() => 1, 'x').get()],
    ['lockAll', () => off.lockAll.run([new off.Mutex(), new off.RwLock()], () => 1)],
  ])('%s works', async (_, work) => {
    expect(await work()).toBe(1);
  });

  it.each([
    ['SpinLock', off.SpinLock],
    ['RawSpinLock', off.RawSpinLock],
    ['TicketLock', off.TicketLock],
    ['QueuedSpinLock', off.QueuedSpinLock],
    ['ParkingMutex', off.ParkingMutex],
    ['IrqLevelLock', off.IrqLevelLock],
  ] as const)('%s works between threads, and nobody is asked', (_, Lock) => {
    const made = new Lock('x', { priority: 'low' } as never);
    const again = Lock.from(made.handle as never);
    expect([made instanceof Lock, again === made, made.instance]).toEqual([true, true, null]);
    made.lock();
    expect(() => made.lock()).toThrow(off.RecursiveLockError);
    made.assertNotHeld();
    made.unlock();
    expect(() => made.unlock()).toThrow(off.NotHolderError);
  });

  it('has explicit owners whose events and claims all pass', () => {
    const ld = off.createLockdep({ onViolation: 'throw' });
    const [lock, cpu] = [ld.lock('x', { kind: 'spin' }), ld.owner('cpu0')];
    cpu.acquire(lock);
    cpu.acquire(lock);
    cpu.hardirqEnter();
    cpu.hardirqExit();
    cpu.release(lock);
    cpu.release(lock);
    cpu.release(lock);
    cpu.assertHeld(lock);
    cpu.mightSleep();

    expect([cpu.held, ld.violations]).toEqual([[], []]);
    expect(ld.task('work', () => 5)).toBe(5);
    expect(ld.currentOwner().held).toEqual([]);
  });
});

describe('switched off by the environment', () => {
  const program = `
    const { Mutex, createLockdep, lockdep } = require('./dist/cjs/index.js');
    const ld = createLockdep();
    const [a, own] = [new Mutex('a'), new Mutex('own', { lockdep: ld })];
    console.log(a.instance === null, own.instance === null, lockdep.snapshot().classes.length, typeof ld.owner('x').acquire);
  `;
  const run = (env: Record<string, string>): string =>
    execFileSync(process.execPath, ['-e', program], { cwd: ROOT, encoding: 'utf8', env: { PATH: '', ...env } }).trim();

  it.each([
    [{ LOCKDEP: 'off' }, 'true true 0 function'],
    [{ NODE_ENV: 'production' }, 'true true 0 function'],
    [{ NODE_ENV: 'production', LOCKDEP: 'on' }, 'false false 1 function'],
    [{ NODE_ENV: 'test' }, 'false false 1 function'],
  ])('%j', (env, expected) => {
    expect(run(env as Record<string, string>)).toBe(expected);
  });
});
