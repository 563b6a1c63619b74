import { inspect } from 'node:util';
import type * as Lockdep from '../../../lib/index.ts';
import type { SharedLockHandle } from '../../../lib/index.ts';
import { endThreads, startThread, type Thread } from '../../support/threads.ts';

// What the threads run, so that this one shares its memory layout and its checker with nobody else.
const { RawSpinLock, SpinLock, createLockdep, lockdep } = require('../../../dist/cjs/index.js') as typeof Lockdep;

lockdep.configure({ onViolation: 'collect' });

function words(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(64));
}

type Job = Record<string, unknown> & { readonly handles: readonly SharedLockHandle[]; readonly job: string };

function start(job: Job): Thread {
  return startThread('spinning.mjs', { words: words(), threads: 1, times: 1, ...job });
}

afterEach(endThreads);

describe.each([
  ['SpinLock', {}],
  ['SpinLock', { realtime: true }],
  ['RawSpinLock', {}],
] as const)('%s %o', (type, options) => {
  const make = (name: string) =>
    type === 'SpinLock' ? new SpinLock(`${type} ${name}`, options) : new RawSpinLock(`${type} ${name}`);

  test.each([2, 4, 8, 16])('keeps %i threads apart', async (threads) => {
    const lock = make('counter');
    const shared = words();
    const times = 40_000 / threads;
    const running = Array.from({ length: threads }, (_, at) =>
      start({ type, handles: [lock.handle], job: at % 2 ? 'count' : 'tryCount', words: shared, threads, times }),
    );
    await Promise.all(running.map((thread) => thread.end()));
    expect(shared[1]).toBe(threads * times);
    expect(lock.holder).toBeNull();
  });

  test('threads that are ended at any point leave nobody hanging', async () => {
    const lock = make('churned');
    const shared = words();
    const threads = 3;
    const grants = () => Atomics.load(shared, 3);
    let running = Array.from({ length: threads }, () =>
      start({ type, handles: [lock.handle], job: 'churn', words: shared, threads }),
    );
    for (let round = 0; round < 12; round++) {
      const before = grants();
      // Each round another one is ended, at a moment that nobody chose.
      while (grants() < before + 500 + round * 37) {
        await Promise.all([]);
      }
      const [victim, ...others] = running as [Thread, ...Thread[]];
      await victim.kill();
      const after = grants();
      while (grants() <= after + 100) {
        await Promise.all([]);
      }
      running = [...others, start({ type, handles: [lock.handle], job: 'churn', words: shared, threads })];
    }
    for (const thread of running) {
      await thread.kill();
    }
    lock.recover();
    // Who died between the count and its proof has counted one more.
    expect((shared[1] as number) - grants()).toBeGreaterThanOrEqual(0);
    expect((shared[1] as number) - grants()).toBeLessThanOrEqual(15);
    lock.unlock();
  });
});

describe('a lock in another thread', () => {
  test('is the same lock of the same class', async () => {
    const lock = new SpinLock('queue');
    lock.lock();
    const thread = start({ handles: [lock.handle], job: 'identity' });
    const [seen] = await thread.end();
    expect(seen).toMatchObject({
      isSame: true,
      name: 'queue',
      key: 'queue',
      id: lock.id,
      holder: { thread: 'main', owner: 'main' },
    });
    lock.unlock();
  });

  test('refuses a release by who does not hold it, and names the holder', async () => {
    const lock = new SpinLock('guarded');
    lock.lock();
    const [error, told] = await start({ handles: [lock.handle], job: 'release' }).end();
    expect(error).toMatchObject({
      name: 'NotHolderError',
      message: expect.stringMatching(/main \(taken at .*spin-lock\.spec\.ts:\d+:\d+\) holds it/),
    });
    expect(told).toMatchObject([{ rule: 'wrong-owner-release', message: expect.stringContaining('which main holds') }]);
    expect(lock.held()).toBe(true);
    lock.unlock();
  });

  test('is told where a thread ends with it', async () => {
    const lock = new SpinLock('left');
    const [told] = await start({ handles: [lock.handle], job: 'leave' }).end();
    expect(told).toContainEqual(expect.objectContaining({ rule: 'held-at-exit' }));
  });
});

describe('one graph for all threads', () => {
  test('a cycle whose halves are in two threads is told by the second, while it runs', async () => {
    const [one, two] = [new SpinLock('one'), new SpinLock('two')];
    expect(await start({ handles: [one.handle, two.handle], job: 'nest' }).next()).toEqual([]);
    const told = await start({ handles: [two.handle, one.handle], job: 'nest' }).next();
    expect(told).toMatchObject([
      { rule: 'order-cycle', sites: expect.arrayContaining([expect.objectContaining({ line: expect.any(Number) })]) },
    ]);
    expect(lockdep.violations.map(({ rule }) => rule)).not.toContain('order-cycle');
    expect(lockdep.peerViolations).toContainEqual(expect.objectContaining({ rule: 'order-cycle' }));
  });
});

describe('a deadlock over threads', () => {
  test.each([2, 3, 5])('of %i threads is told once, and one of them gets out', async (threads) => {
    const locks = Array.from({ length: threads }, (_, at) => new SpinLock(`fork ${threads} ${at}`));
    const shared = words();
    const configuration = { onDeadlock: 'reject' };
    const running = locks.map((lock, at) => {
      const handles = [lock.handle, (locks[(at + 1) % threads] as typeof lock).handle];
      return start({ handles, job: 'embrace', words: shared, threads, configuration });
    });
    const results = await Promise.all(running.map((thread) => thread.end()));
    const outcomes = results.map(([outcome]) => outcome);
    const rejected = outcomes.filter((outcome) => outcome !== 'got both') as { name: string; violation: unknown }[];
    expect(rejected).toMatchObject([
      { name: 'DeadlockError', violation: { rule: 'deadlock', rejected: true, confidence: 'certain' } },
    ]);
    const { waits } = (rejected[0] as { violation: { waits: { thread: string; held: unknown[]; asked: unknown }[] } })
      .violation;
    expect(waits).toHaveLength(threads);
    expect(new Set(waits.map(({ thread }) => thread)).size).toBe(threads);
    expect(waits.every(({ held, asked }) => held.length === 1 && asked !== null)).toBe(true);
    const told = results.flatMap(([, found]) => found as { rule: string }[]).filter(({ rule }) => rule === 'deadlock');
    expect(told).toHaveLength(1);
  });
});

describe('a thread that ends with a lock', () => {
  test('is told to who waits, and the lock can be recovered', async () => {
    const lock = new SpinLock('orphan');
    const holder = start({ handles: [lock.handle], job: 'hold' });
    await holder.next();
    const waiter = start({ handles: [lock.handle], job: 'ask' });
    await waiter.next();
    await holder.kill();
    const [error, told] = await waiter.end();
    expect(error).toMatchObject({ name: 'OwnerDiedError', thread: `worker ${holder.threadId}` });
    expect(told).toMatchObject([
      { rule: 'owner-died', message: expect.stringContaining(`worker ${holder.threadId} ended while it held orphan`) },
    ]);
    expect(() => lock.lock()).toThrow(expect.objectContaining({ name: 'OwnerDiedError' }));
    expect(lock.recover()).toBe(true);
    expect(lock.held()).toBe(true);
    lock.unlock();
    lock.lock();
    lock.unlock();
    expect(lock.recover()).toBe(false);
    lock.unlock();
  });
});

describe('in one thread', () => {
  test('a second lock by its holder is told and thrown, and the first stays', () => {
    const ld = createLockdep();
    const lock = new SpinLock('twice', { lockdep: ld });
    lock.lock();
    expect(() => lock.lock()).toThrow(/twice: main \(taken at .*\) holds it already/);
    expect(ld.violations).toMatchObject([{ rule: 'recursion', sameInstance: true }]);
    expect(lock.held()).toBe(true);
    lock.unlock();
    expect(lock.tryLock()).toBe(true);
    expect(lock.tryLock()).toBe(false);
    lock.unlock();
  });

  test('an owner that asks for what another owner of the thread holds is told so', () => {
    const ld = createLockdep();
    const lock = new SpinLock('g_lock', { lockdep: ld });
    const [a, b] = [ld.owner('poller_a'), ld.owner('poller_b')];
    lock.lock({ owner: a });
    expect(() => lock.lock({ owner: b })).toThrow(/poller_a in main .*holds it already/);
    expect(ld.violations).toMatchObject([{ rule: 'deadlock' }]);
    expect(() => lock.unlock({ owner: b })).toThrow(/g_lock is not held by poller_b; poller_a in main/);
    expect(lock.held({ owner: a })).toBe(true);
    lock.unlock({ owner: a });
  });

  test('interrupts are disabled while it is held, and as before after it', () => {
    const ld = createLockdep();
    const cpu = ld.owner('cpu0');
    const lock = new SpinLock('irq', { lockdep: ld });
    cpu.run(() => {
      const flags = lock.lockIrqSave();
      expect(cpu.isEnabled('hardirq')).toBe(false);
      lock.unlockIrqRestore(flags);
      expect(cpu.isEnabled('hardirq')).toBe(true);
      lock.lockBh();
      expect(cpu.isEnabled('softirq')).toBe(false);
      lock.unlockBh();
      expect(cpu.isEnabled('softirq')).toBe(true);
    });
  });

  test('a lock that could not be had leaves interrupts as they were', () => {
    const ld = createLockdep();
    const cpu = ld.owner('cpu0');
    const lock = new SpinLock('irq', { lockdep: ld });
    lock.lock({ owner: cpu });
    expect(() => lock.lockIrqSave({ owner: cpu })).toThrow(expect.objectContaining({ name: 'RecursiveLockError' }));
    expect(cpu.isEnabled('hardirq')).toBe(true);
    lock.unlock({ owner: cpu });
    expect(() => lock.unlockBh({ owner: cpu })).toThrow(expect.objectContaining({ name: 'NotHolderError' }));
    expect(cpu.isEnabled('softirq')).toBe(true);
  });

  test('work under it is synchronous', () => {
    const lock = new SpinLock('short', { lockdep: createLockdep() });
    expect(lock.run(() => 7)).toBe(7);
    expect(() => lock.run(async () => 7)).toThrow(/synchronous work only/);
    expect(() =>
      lock.run(() => {
        throw new RangeError('of the work');
      }),
    ).toThrow('of the work');
    expect(lock.holder).toBeNull();
  });

  test('a lock that is held when control goes back to the event loop is told', async () => {
    const ld = createLockdep();
    const lock = new SpinLock('across', { lockdep: ld });
    lock.lock();
    await Promise.resolve();
    await Promise.resolve();
    expect(ld.violations).toMatchObject([{ rule: 'sleep-while-held', act: 'gave-way' }]);
    lock.unlock();
  });

  test('the wait types follow the real-time model', () => {
    const nest = (realtime: boolean) => {
      const ld = createLockdep({ realtime });
      const [raw, spin] = [new RawSpinLock('raw', { lockdep: ld }), new SpinLock('spin', { lockdep: ld })];
      raw.run(() => spin.run(() => undefined));
      return ld.violations.map(({ rule }) => rule);
    };
    expect(nest(true)).toEqual(['wait-context']);
    expect(nest(false)).toEqual([]);
  });

  test('nothing is taken where the policy throws', () => {
    const ld = createLockdep({ onViolation: 'throw' });
    const [a, b] = [new SpinLock('a', { lockdep: ld }), new SpinLock('b', { lockdep: ld })];
    a.run(() => b.run(() => undefined));
    b.lock();
    expect(() => a.lock()).toThrow(/order-cycle/);
    expect(a.holder).toBeNull();
    b.unlock();
    a.run(() => undefined);
  });
});

describe('what is no place for a lock is refused', () => {
  const place = (buffer: unknown, byteOffset?: unknown) => () =>
    new SpinLock('placed', { buffer, ...(byteOffset === undefined ? {} : { byteOffset }) } as never);

  test.each([
    ['memory that is not shared', place(new ArrayBuffer(64)), /buffer: expected a SharedArrayBuffer/],
    ['memory that is too small', place(new SharedArrayBuffer(8)), /takes 36 bytes .* there are 8/],
    ['an offset behind the end', place(new SharedArrayBuffer(64), 64), /there are 0 from byte 64/],
    ['an offset that is not aligned', place(new SharedArrayBuffer(64), 2), /multiple of 4/],
    ['an offset below 0', place(new SharedArrayBuffer(64), -4), /multiple of 4/],
    ['a name that is none', () => new SpinLock(7 as never), /name: expected a string/],
    ['options that are none', () => new SpinLock('x', null as never), /options: expected an object/],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  test('memory that holds something else stays as it was', () => {
    const buffer = new SharedArrayBuffer(64);
    new Int32Array(buffer).fill(7);
    expect(() => new SpinLock('x', { buffer })).toThrow(/there is something else at this place/);
    expect([...new Int32Array(buffer)]).toEqual(Array(16).fill(7));
  });

  test('another type of lock, and one of another layout', () => {
    const buffer = new SharedArrayBuffer(64);
    new SpinLock('x', { buffer });
    expect(() => new RawSpinLock('x', { buffer })).toThrow(/a lock of another type at this place/);
    const words = new Int32Array(buffer);
    words[0] = (words[0] as number) + 0x100;
    expect(() => new SpinLock('x', { buffer })).toThrow(/a lock of another version of lockdep/);
  });

  test('a lock in a buffer of the program is one for all who come to it', () => {
    const buffer = new SharedArrayBuffer(128);
    const one = new SpinLock('x', { buffer, byteOffset: 64 });
    const other = new SpinLock('x', { buffer, byteOffset: 64, lockdep: createLockdep() });
    one.lock();
    expect(other.tryLock()).toBe(false);
    expect(() => new SpinLock('x', { buffer, byteOffset: 64 })).toThrow(/has an object for the SpinLock at this place/);
    expect(SpinLock.from(one.handle)).toBe(one);
    expect(inspect(one)).toBe("SpinLock 'x' (held by main)");
    expect(SpinLock.BYTES).toBe(36);
    one.unlock();
  });
});

describe('what is no handle is refused', () => {
  const handle = () => new SpinLock('sent').handle as unknown as Record<string, unknown>;

  test.each([
    ['nothing', () => undefined, /handle: expected an object/],
    ['something else', () => ({}), /expected the handle of a SpinLock/],
    [
      'one of another class',
      () => ({ ...handle(), type: 'TicketLock' }),
      /that of a 'TicketLock'; rebuild it with TicketLock\.from/,
    ],
    ['one of another version', () => ({ ...handle(), schema: 'lockdep/shared-lock/9' }), /another version of lockdep/],
    [
      'one that went through JSON',
      () => JSON.parse(JSON.stringify(handle())),
      /sent to another process or through JSON/,
    ],
    ['one without its name', () => ({ ...handle(), name: 3 }), /damaged/],
    ['one of a space that is none', () => ({ ...handle(), space: new SharedArrayBuffer(8) }), /another version/],
  ])('%s', (_, make, message) => {
    expect(() => SpinLock.from(make() as never)).toThrow(message);
  });

  test('one of another process', () => {
    const own = new SpinLock('sent').handle;
    const space = new SharedArrayBuffer(own.space.byteLength);
    new Uint8Array(space).set(new Uint8Array(own.space));
    const head = new Int32Array(space);
    head[1] = (head[1] as number) + 1;
    expect(() => SpinLock.from({ ...own, space })).toThrow(/comes from another process/);
  });
});
