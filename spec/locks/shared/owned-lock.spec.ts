import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type * as Lockdep from '../../../lib/index.ts';
import type { OnOwnedError, Violation } from '../../../lib/index.ts';
import { endThreads, startThread } from '../../support/threads.ts';

// What the threads run, so that this one shares its memory layout with nobody else.
const BUILT = join(__dirname, '../../../dist/cjs/index.js');
const { NotHolderError, OwnedLock, OwnedLockError, OwnerDiedError, RecursiveLockError, createLockdep, lockdep } =
  require(BUILT) as typeof Lockdep;

lockdep.configure({ onViolation: 'collect' });

/** A checker with two threads of SPDK, which run pollers, and a lock. */
function target(onError: OnOwnedError = 'throw', options: Lockdep.LockdepOptions = {}) {
  const ld = createLockdep({ contexts: [{ name: 'poller', interrupts: false }], ...options });
  const [app, io] = [ld.owner('app'), ld.owner('io')];
  const lock = new OwnedLock('g_lock', { lockdep: ld, onError });
  const rules = () => ld.violations.map(({ rule }) => rule);
  const poll = (thread: Lockdep.Owner, work: () => void) => {
    thread.enter('poller');
    try {
      thread.run(work);
    } finally {
      thread.exit('poller');
    }
  };
  return { ld, app, io, lock, rules, poll };
}

type Target = ReturnType<typeof target>;

/** What each way to break the contract is called, and what it throws. The lock is initialised, unless that is the point. */
const BREACHES: readonly (readonly [string, Lockdep.RuleId, string, (made: Target) => void])[] = [
  ['taken before init', 'uninitialised', 'OwnedLockError', ({ io, lock }) => io.run(() => lock.lock())],
  ['tried before init', 'uninitialised', 'OwnedLockError', ({ io, lock }) => io.run(() => lock.tryLock())],
  ['recovered before init', 'uninitialised', 'OwnedLockError', ({ io, lock }) => io.run(() => lock.recover())],
  ['destroyed before init', 'uninitialised', 'OwnedLockError', ({ lock }) => lock.destroy()],
  ['taken by nobody', 'no-owner', 'OwnedLockError', ({ lock }) => lock.lock()],
  ['run by nobody', 'no-owner', 'OwnedLockError', ({ lock }) => lock.run(() => undefined)],
  ['given back by nobody', 'no-owner', 'OwnedLockError', ({ lock }) => lock.unlock()],
  ['claimed by nobody', 'no-owner', 'OwnedLockError', ({ lock }) => lock.assertHeld()],
  ['taken twice', 'recursion', 'RecursiveLockError', ({ io, lock }) => io.run(() => lock.run(() => lock.lock()))],
  [
    'taken by another owner of its thread',
    'deadlock',
    'RecursiveLockError',
    ({ app, io, lock }) => io.run(() => lock.run(() => app.run(() => lock.lock()))),
  ],
  ['given back free', 'bad-release', 'NotHolderError', ({ io, lock }) => io.run(() => lock.unlock())],
  [
    'given back by another owner',
    'wrong-owner-release',
    'NotHolderError',
    ({ app, io, lock }) => io.run(() => lock.run(() => lock.unlock({ owner: app }))),
  ],
  ['held when a poller returns', 'held-at-exit', 'OwnedLockError', ({ io, lock, poll }) => poll(io, () => lock.lock())],
  [
    'held over a message that is waited for',
    'sleep-while-held',
    'OwnedLockError',
    ({ app, io, lock }) => io.run(() => lock.run(() => io.sendSync(app))),
  ],
  [
    'destroyed while held',
    'held-destroy',
    'OwnedLockError',
    ({ io, lock }) => io.run(() => lock.run(() => lock.destroy())),
  ],
  [
    'initialised while held',
    'held-reinit',
    'OwnedLockError',
    ({ io, lock }) => io.run(() => lock.run(() => lock.init())),
  ],
  [
    'taken after destroy',
    'use-after-destroy',
    'OwnedLockError',
    ({ io, lock }) => {
      lock.destroy();
      io.run(() => lock.lock());
    },
  ],
  [
    'destroyed twice',
    'use-after-destroy',
    'OwnedLockError',
    ({ lock }) => {
      lock.destroy();
      lock.destroy();
    },
  ],
];

function attempt(breach: (made: Target) => void, rule: Lockdep.RuleId, made: Target): Error | undefined {
  if (rule !== 'uninitialised') {
    made.lock.init();
  }
  const error = thrownBy(() => breach(made));
  if (made.lock.held({ owner: made.io })) {
    made.lock.unlock({ owner: made.io });
  }
  return error;
}

function thrownBy(work: () => void): Error | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

afterEach(endThreads);

describe.each(BREACHES)('%s', (_, rule, name, breach) => {
  test(`throws, and is ${rule} once, with the place`, () => {
    const made = target('throw');
    const error = attempt(breach, rule, made);
    expect(error?.name).toBe(name);
    expect(made.rules()).toEqual([rule]);
    expect(made.ld.violations[0]?.sites[0]?.file).toBe(__filename);
    if (error instanceof OwnedLockError) {
      expect(error.rule).toBe(rule);
      expect(error.violation?.fingerprint).toBe(made.ld.violations[0]?.fingerprint);
    }
  });

  test('goes to a function each time, with the finding', () => {
    const heard: (readonly [Violation | null, Error])[] = [];
    const made = target((violation, error) => heard.push([violation, error]));
    attempt(breach, rule, made);
    expect(heard.map(([violation, error]) => [violation?.rule, error.name])).toEqual([[rule, name]]);
    heard.length = 0;
    const again = target((violation, error) => heard.push([violation, error]), { onViolation: 'throw' });
    attempt(breach, rule, again);
    expect(heard.map(([violation]) => violation?.rule)).toEqual([rule]);
  });
});

describe('what keeps the contract', () => {
  test('is silent, and the lock may live again', () => {
    const { app, io, lock, rules, poll } = target();
    for (let life = 0; life < 2; life++) {
      lock.init();
      expect(lock.lifetime).toBe('ready');
      for (const thread of [app, io]) {
        poll(thread, () => {
          lock.run(() => lock.assertHeld());
          expect(lock.tryLock()).toBe(true);
          lock.unlock();
        });
      }
      app.sendSync(io);
      lock.lock({ owner: io });
      lock.unlock({ owner: io });
      lock.destroy();
      expect(lock.lifetime).toBe('destroyed');
    }
    expect(rules()).toEqual([]);
  });

  test('held() says whether the running owner has it, and nobody never does', () => {
    const { app, io, lock } = target();
    lock.init();
    io.run(() => {
      expect(lock.held()).toBe(false);
      lock.lock();
      expect(lock.held()).toBe(true);
      expect(app.run(() => lock.held())).toBe(false);
      expect(lock.held({ owner: app })).toBe(false);
    });
    expect(lock.held()).toBe(false);
    expect(lock.held({ owner: io })).toBe(true);
    io.run(() => lock.unlock());
  });

  test('a claim that fails is told by the policy of the checker, and names the holder', () => {
    const { app, io, lock, ld } = target();
    lock.init();
    io.run(() => lock.run(() => app.run(() => lock.assertHeld())));
    expect(ld.violations).toMatchObject([{ rule: 'assert-held', holder: { owner: 'io' } }]);
  });

  test('findings about other locks go their own way', () => {
    const { ld, io, app, rules } = target('throw');
    const other = ld.lock('other', { kind: 'raw_spin' });
    io.enter('poller');
    io.acquire(other);
    io.sendSync(app);
    io.exit('poller');
    io.release(other);
    expect(rules()).toEqual(['sleep-while-held', 'held-at-exit']);
  });
});

describe('a lock of several threads', () => {
  test('that one initialises is ready for the others', async () => {
    const lock = new OwnedLock('shared', { onError: 'throw' });
    const early = startThread('contracts.mjs', { handle: lock.handle, job: 'use' });
    expect(await early.end()).toMatchObject([
      { seen: { name: 'OwnedLockError', rule: 'uninitialised' }, lifetime: 'uninitialised' },
    ]);
    lock.init();
    const late = startThread('contracts.mjs', { handle: lock.handle, job: 'use' });
    expect(await late.end()).toEqual([{ seen: 'passed', lifetime: 'ready', told: [] }]);
  });

  test('that one destroys is of no use to the others, who are told where', async () => {
    const lock = new OwnedLock('used up', { onError: 'throw' });
    lock.init();
    await startThread('contracts.mjs', { handle: lock.handle, job: 'useUp' }).end();
    const error = thrownBy(() => lockdep.owner('app').run(() => lock.lock()));
    expect(error).toMatchObject({ name: 'OwnedLockError', rule: 'use-after-destroy' });
    const { violation } = error as InstanceType<typeof OwnedLockError>;
    expect(violation?.sites.map(({ file }) => file.split('/').at(-1))).toEqual(['owned-lock.spec.ts', 'contracts.mjs']);
  });

  test('that one holds is not destroyed, given back or claimed by another', async () => {
    const lock = new OwnedLock('busy', { onError: 'throw' });
    lock.init();
    const thread = startThread('contracts.mjs', { handle: lock.handle, job: 'hold' });
    await thread.next();
    const app = lockdep.owner('app');
    expect(thrownBy(() => lock.destroy())).toMatchObject({ rule: 'held-destroy' });
    expect(() => app.run(() => lock.unlock())).toThrow(NotHolderError);
    expect(app.run(() => [lock.held(), lock.tryLock()])).toEqual([false, false]);
    thread.worker.postMessage('enough');
    await thread.end();
    lock.destroy();
  });
});

test.each([2, 4, 8])('%i threads count under it, and lose nothing', async (threads) => {
  const lock = new OwnedLock('counted');
  lock.init();
  const words = new Int32Array(new SharedArrayBuffer(8));
  const times = 40_000 / threads;
  const job = { handle: lock.handle, job: 'count', words, times, threads };
  const running = Array.from({ length: threads }, () => startThread('contracts.mjs', job));
  const told = await Promise.all(running.map((thread) => thread.end()));
  expect(words[1]).toBe(threads * times);
  expect(told).toEqual(running.map(() => ['counted']));
});

test('a thread that dies with it leaves it to whoever recovers it as an owner', async () => {
  const lock = new OwnedLock('orphan', { onError: 'throw' });
  lock.init();
  await startThread('contracts.mjs', { handle: lock.handle, job: 'die' }).end();
  const app = lockdep.owner('app');
  expect(() => app.run(() => lock.lock())).toThrow(OwnerDiedError);
  expect(thrownBy(() => lock.recover())).toMatchObject({ rule: 'no-owner' });
  expect(app.run(() => [lock.recover(), lock.held()])).toEqual([true, true]);
  lock.unlock({ owner: app });
  lock.destroy();
});

describe('by default', () => {
  const execute = promisify(execFile);
  const program = (work: string) => `
    const { createLockdep, OwnedLock } = require(${JSON.stringify(BUILT)});
    const ld = createLockdep({ contexts: [{ name: 'poller', interrupts: false }] });
    const lock = new OwnedLock('g_lock', { lockdep: ld });
    const io = ld.owner('io_thread');
    ${work};
    console.log('went on');`;
  const aborted = async (work: string, env: Record<string, string> = {}) => {
    // No core is written.
    const failure = await execute('sh', ['-c', 'ulimit -c 0; exec "$0" -e "$1"', process.execPath, program(work)], {
      env: { PATH: process.env['PATH'] ?? '', NO_COLOR: '1', ...env },
    }).catch((error: unknown) => error as { signal: string; stdout: string; stderr: string });
    return failure as { signal?: string; stdout: string; stderr: string };
  };

  test('the report is printed, and the process aborts', async () => {
    const { signal, stdout, stderr } = await aborted('io.run(() => lock.lock())');
    expect({ signal, stdout }).toEqual({ signal: 'SIGABRT', stdout: '' });
    expect(stderr).toMatch(/^OwnedLockError: uninitialised: g_lock: it was never initialised; call init\(\)/);
    expect(stderr).toContain('io_thread takes g_lock, which was never initialised.');
  });

  test('so it is at the end of a poller', async () => {
    const { signal, stderr } = await aborted(
      `lock.init(); io.enter('poller'); io.run(() => lock.lock()); io.exit('poller')`,
    );
    expect(signal).toBe('SIGABRT');
    expect(stderr).toContain('io_thread left poller with g_lock held.');
  });

  test('so it is in another thread', async () => {
    const worker = join(__dirname, 'workers/contracts.mjs');
    const start = `const { Worker } = require('node:worker_threads');
      new Worker(${JSON.stringify(worker)}, { workerData: { handle: lock.handle, job: 'abort' } });
      process.on('exit', () => console.log('ended'))`;
    const { signal, stdout, stderr } = await aborted(start);
    expect({ signal, stdout }).toEqual({ signal: 'SIGABRT', stdout: 'went on\n' });
    expect(stderr).toContain('g_lock is taken where no owner is known.');
  });

  test('so it is where nothing is checked, as far as that is known', async () => {
    const unchecked = { LOCKDEP: 'off' };
    const second = await aborted('lock.init(); lock.lock(); lock.lock()', unchecked);
    expect(second).toMatchObject({ signal: 'SIGABRT', stdout: '' });
    expect(second.stderr).toMatch(/^RecursiveLockError: g_lock: main/);
    expect(await aborted('lock.init(); lock.run(() => console.log(lock.held()))', unchecked)).toMatchObject({
      stdout: 'true\nwent on\n',
    });
  });
});

describe('where nothing is checked', () => {
  const unchecked = (onError: OnOwnedError) => {
    const ld = createLockdep();
    ld.switchOff();
    return new OwnedLock('g_lock', { lockdep: ld, onError });
  };

  test('its life, a second lock and a stray unlock are still looked at', () => {
    const lock = unchecked('throw');
    expect(() => lock.lock()).toThrow(/^uninitialised: g_lock/);
    lock.init();
    lock.lock();
    expect(lock.held()).toBe(true);
    expect(() => lock.lock()).toThrow(RecursiveLockError);
    expect(() => lock.destroy()).toThrow(/^held-destroy: g_lock/);
    expect(() => lock.init()).toThrow(/^held-reinit: g_lock/);
    lock.unlock();
    expect(lock.held()).toBe(false);
    expect(() => lock.unlock()).toThrow(NotHolderError);
    lock.destroy();
    expect(() => lock.lock()).toThrow(/^use-after-destroy: g_lock/);
  });

  test('a function gets the error, and no finding', () => {
    const heard: unknown[] = [];
    const lock = unchecked((violation, { name }) => heard.push([violation, name]));
    expect(() => lock.lock()).toThrow(OwnedLockError);
    expect(heard).toEqual([[null, 'OwnedLockError']]);
  });
});

test('what cannot be done about an error is refused', () => {
  const make = () => new OwnedLock('bad', { onError: 'ignore' as never });
  expect(make).toThrow(new TypeError("onError: expected 'abort', 'throw' or a function, got 'ignore'"));
});
