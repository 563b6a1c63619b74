// The adapter in this process: a watched semaphore does what a plain one does, to the turn, and a lock that was made elsewhere is adopted.
import { asyncSema } from '../../lib/adapters/async-sema.ts';
import { watch as watchByHand } from '../../lib/adapters/by-hand.ts';
import { createLockdep } from '../../lib/lockdep.ts';
import type { FlowTracker } from '../../lib/owner/tracker.ts';
import type { LockInstance } from '../../lib/state/classes.ts';
import { bothWays, ending, freshCopy, shapeOf, startWatching } from '../support/libraries.ts';

interface Sema {
  acquire(): Promise<unknown>;
  tryAcquire(): unknown;
  release(token?: unknown): void;
  drain(): Promise<unknown[]>;
  nrWaiting(): number;
}

interface Options {
  readonly initFn?: () => unknown;
  readonly pauseFn?: () => unknown;
  readonly resumeFn?: () => unknown;
}

interface Library {
  readonly Sema: { new (tokens: number, options?: Options): Sema; readonly prototype: Sema };
  readonly RateLimit: (calls: number, options: { readonly timeUnit: number }) => () => Promise<void>;
}

const fresh = (): Library => freshCopy('spec/libraries/node_modules/async-sema/lib/index.js') as unknown as Library;

const token = (): object => ({});

const SCENES: Readonly<Record<string, (library: Library) => unknown>> = {
  'acquires and releases': async ({ Sema }) => {
    const sema = new Sema(1);
    const first = await ending(() => sema.acquire());
    const second = ending(() => sema.acquire());
    const third = ending(() => sema.acquire());
    const waiting = sema.nrWaiting();
    const given = String(sema.release());
    sema.release();
    return [first, waiting, given, await second, await third, sema.nrWaiting()];
  },
  'the order in which calls that wait go on': async ({ Sema }) => {
    const sema = new Sema(2);
    const said: string[] = [];
    const visit = async (name: string): Promise<void> => {
      await sema.acquire();
      said.push(`${name} in`);
      await null;
      sema.release();
      said.push(`${name} out`);
    };
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map(visit));
    return said;
  },
  tries: ({ Sema }) => {
    const sema = new Sema(1);
    const taken = [sema.tryAcquire(), sema.tryAcquire()];
    sema.release();
    return [...taken, sema.tryAcquire()];
  },
  'tokens are those that the program made': async ({ Sema }) => {
    const made: object[] = [];
    const sema = new Sema(2, { initFn: () => made[made.push(token()) - 1] });
    const got = [await sema.acquire(), sema.tryAcquire()];
    const next = sema.acquire();
    sema.release(got[1]);
    return [made.length, made.indexOf(got[0] as object), made.indexOf(got[1] as object), (await next) === got[1]];
  },
  'one token for all': async ({ Sema }) => {
    const one = token();
    const sema = new Sema(2, { initFn: () => one });
    const use = async (): Promise<boolean> => {
      const got = await sema.acquire();
      await null;
      sema.release(got);
      return got === one;
    };
    return Promise.all([use(), use(), use()]);
  },
  'a token that is none': async ({ Sema }) => {
    const sema = new Sema(1, { initFn: () => undefined });
    return [sema.tryAcquire(), await ending(() => sema.acquire())];
  },
  'all tokens': async ({ Sema }) => {
    const sema = new Sema(3);
    const all = await ending(() => sema.drain());
    const later = ending(() => sema.drain());
    for (let at = 0; at < 3; at++) {
      sema.release();
    }
    return [all, await later];
  },
  'pauses and resumes': async ({ Sema }) => {
    const said: unknown[] = [];
    const inner = new Sema(1);
    const sema = new Sema(1, {
      pauseFn: () => said.push('pause', inner.tryAcquire()),
      resumeFn: () => said.push('resume', inner.release()),
    });
    await sema.acquire();
    const waiting = ending(() => sema.acquire());
    sema.release();
    said.push(await waiting);
    sema.release();
    return said;
  },
  'a function that fails to pause': async ({ Sema }) => {
    const sema = new Sema(1, {
      pauseFn: () => {
        throw new Error('no pause');
      },
      resumeFn: () => {},
    });
    sema.tryAcquire();
    return [await ending(() => sema.acquire()), sema.nrWaiting()];
  },
  'one that begins empty': async ({ Sema }) => {
    const sema = new Sema(0);
    const waiting = ending(() => sema.acquire());
    sema.release();
    return waiting;
  },
  'wrong arguments': async ({ Sema }) => [
    await ending(() => new Sema(1, { pauseFn: () => {} })),
    await ending(() => new (Sema as unknown as new (nr: unknown) => Sema)('2').acquire()),
    await ending(() => Sema.prototype.release.call(undefined as never)),
    await ending(() => Sema.prototype.tryAcquire.call({} as never)),
    await ending(() => (Sema as unknown as () => unknown)()),
  ],
  'a limit of calls per second': async ({ RateLimit }) => {
    const limit = RateLimit(2, { timeUnit: 1 });
    return [await ending(limit), await ending(limit), limit.length];
  },
  'a class that derives from it': async ({ Sema }) => {
    class Named extends Sema {
      override async acquire(): Promise<string> {
        return `named ${await super.acquire()}`;
      }
    }
    const sema = new Named(1);
    return [sema instanceof Sema, sema.constructor === Named, await ending(() => sema.acquire()), sema.release()];
  },
  'a frozen one, and one behind a Proxy': async ({ Sema }) => {
    const frozen = Object.freeze(new Sema(1));
    const proxy = new Proxy(new Sema(1), {});
    const waits = [await ending(() => frozen.acquire()), await ending(() => proxy.acquire())];
    frozen.release();
    proxy.release();
    return [...waits, proxy.tryAcquire(), proxy instanceof Sema];
  },
  'the shape of everything': ({ Sema, RateLimit }) => [
    shapeOf(Sema.prototype),
    shapeOf(Sema),
    shapeOf(new Sema(1)),
    shapeOf(RateLimit),
    new Sema(1).constructor === Sema,
  ],
};

it.each(Object.entries(SCENES))('%s: as without the checker, and nothing to find', async (_, scene) => {
  const { plain, watched, rules } = await bothWays(asyncSema, fresh, scene);
  expect(watched).toEqual(plain);
  expect(rules).toEqual([]);
});

describe('a library that somebody else patches too', () => {
  const wrap = (library: Library, calls: string[]): Library => {
    for (const name of ['acquire', 'release', 'tryAcquire'] as const) {
      const original = library.Sema.prototype[name] as (...args: unknown[]) => unknown;
      library.Sema.prototype[name] = function (this: Sema, ...args: unknown[]) {
        calls.push(name);
        return original.apply(this, args);
      } as never;
    }
    return library;
  };
  const nest = async ({ Sema }: Library): Promise<void> => {
    const sema = new Sema(2);
    await sema.acquire();
    await sema.acquire();
    sema.release();
    sema.release();
  };

  it.each(['before', 'after'])('works when that was %s us', async (when) => {
    const calls: string[] = [];
    const { watched, lockdep, stop } = startWatching({ onViolation: 'collect' });
    const library = when === 'before' ? watched(asyncSema, wrap(fresh(), calls)) : watched(asyncSema, fresh());
    await nest(when === 'after' ? wrap(library, calls) : library);
    stop();
    expect(calls.sort()).toEqual(['acquire', 'acquire', 'release', 'release', 'tryAcquire', 'tryAcquire']);
    expect(lockdep.violations.map(({ rule }) => rule)).toEqual(['pool-nesting']);
  });
});

describe('a semaphore that was made elsewhere', () => {
  it('is watched under the name that it is given, what is in use included', async () => {
    const { Sema } = fresh();
    const sema = new Sema(2);
    await sema.acquire();
    const queue = [sema.acquire(), sema.acquire()];
    const lockdep = createLockdep({ onViolation: 'collect' });
    expect(watchByHand(sema, 'slots', { lockdep })).toBe(sema);
    expect(watchByHand(sema, 'slots', { lockdep })).toBe(sema);
    sema.release();
    await Promise.all(queue);
    sema.release();
    sema.release();
    expect(lockdep.violations).toEqual([]);
    await sema.acquire();
    await sema.acquire();
    sema.release();
    sema.release();
    expect(lockdep.violations.map(({ rule, message }) => [rule, message.includes(' slots ')])).toEqual([
      ['pool-nesting', true],
    ]);
    expect(lockdep.failure).toBeNull();
    (lockdep.flows as unknown as FlowTracker).stop();
  });

  it('is no other object', () => {
    const { watcher, stop } = startWatching();
    const { Sema } = fresh();
    const refusing = new Proxy(
      {},
      {
        getPrototypeOf: () => {
          throw new Error('refused');
        },
      },
    );
    const others = [{}, [], () => {}, { waiting: {}, releaseEmitter: {} }, Object.create(Sema.prototype), refusing];
    expect(others.map((one) => asyncSema.adopt?.(one as object, watcher))).toEqual(others.map(() => undefined));
    stop();
  });
});

it('a token of its own says which acquire ends, whoever gives it back', async () => {
  const { watched, watcher, stop } = startWatching({ onViolation: 'collect' });
  const { Sema } = watched(asyncSema, fresh());
  const pool = new Sema(3, { initFn: token });
  const lock = watcher.lockOf(pool) as LockInstance;
  const [, second] = await Promise.all([pool.acquire(), pool.acquire(), pool.acquire()]);
  const [one, , other] = watcher.tracker.holders(lock);
  pool.release(second);
  expect(watcher.tracker.holders(lock)).toEqual([one, other]);
  stop();
});
