// The adapter with both versions of the real library, alone and watched, on a Redis in this process that knows the library's three
// scripts: nothing is different for the program.
import { redlock } from '../../lib/adapters/redlock.ts';
import { bothWays, ending, freshCopy, shapeOf, startWatching } from '../support/libraries.ts';

type Callback = (error: Error | null, result?: number) => void;

/** What the scripts do, without a network. An answer comes with the next turn, or never while it is down. */
class FakeRedis {
  readonly #values = new Map<string, { readonly value: string; readonly until: number }>();
  readonly calls: string[] = [];
  isDown = false;

  /** Version 5 gives the number of keys and one list, version 4 one list that begins with it, and a callback. */
  evalsha(hash: string, count: number | unknown[], last: unknown[] | Callback): Promise<number> | undefined {
    const isCurrent = typeof count === 'number';
    const [keyCount, ...values] = (isCurrent ? [count, ...(last as unknown[])] : count) as [number, ...string[]];
    const answer = (): number => {
      if (this.isDown) {
        throw new Error('down');
      }
      return this.#run(hash, values.slice(0, keyCount), values.slice(keyCount));
    };
    if (isCurrent) {
      return Promise.resolve().then(answer);
    }
    void Promise.resolve()
      .then(answer)
      .then(
        (result) => void (last as Callback)(null, result),
        (error: Error) => void (last as Callback)(error),
      );
    return undefined;
  }

  #run(hash: string, keys: readonly string[], [value = '', ms]: readonly unknown[]): number {
    const name = SCRIPTS.get(hash) ?? 'release';
    this.calls.push(name);
    const now = Date.now();
    const current = (key: string): string | undefined => {
      const entry = this.#values.get(key);
      return entry !== undefined && entry.until > now ? entry.value : undefined;
    };
    const mine = keys.filter((key) => current(key) === value);
    if (name === 'release') {
      for (const key of mine) {
        this.#values.delete(key);
      }
      return mine.length;
    }
    const isPossible =
      name === 'acquire' ? keys.every((key) => current(key) === undefined) : mine.length === keys.length;
    if (!isPossible) {
      return 0;
    }
    for (const key of keys) {
      this.#values.set(key, { value: String(value), until: now + Number(ms) });
    }
    return keys.length;
  }
}

const SCRIPTS = new Map<string, string>();

interface Lock {
  readonly expiration: number;
  readonly redlock: object;
  release(): Promise<unknown>;
  unlock(callback?: (error: Error | null) => void): Promise<unknown>;
  extend(ms: number): Promise<Lock>;
}
interface Redlock {
  readonly scripts: Record<string, { readonly hash: string }>;
  acquire(resources: unknown, ms: number, settings?: object): Promise<Lock>;
  lock(resource: unknown, ms: number, callback?: (error: Error | null, lock: Lock) => void): Promise<Lock>;
  using<Result>(
    resources: readonly string[],
    ms: number,
    settings: object,
    work: (signal: AbortSignal) => Result,
  ): Promise<Result>;
}
type RedlockClass = new (clients: readonly object[], settings?: object) => Redlock;

const FILES = {
  'redlock 5': 'spec/libraries/node_modules/redlock',
  'redlock 4': 'spec/libraries/previous/node_modules/redlock',
} as const;
type Version = keyof typeof FILES;

const QUICK = { retryCount: 3, retryDelay: 1, retryJitter: 0 };

const fresh = (version: Version) => (): { default: RedlockClass } => {
  const exports = freshCopy(FILES[version]) as unknown as RedlockClass & { default?: RedlockClass };
  return { default: exports.default ?? exports };
};

function made(Class: RedlockClass, settings: object = QUICK): { redlock: Redlock; redis: FakeRedis } {
  const redis = new FakeRedis();
  const one = new Class([redis], settings);
  for (const [name, { hash }] of Object.entries(one.scripts)) {
    SCRIPTS.set(hash, name.replace('lockScript', 'acquire').replace('unacquire', 'release').replace('Script', ''));
  }
  return { redlock: one, redis };
}

const free = (lock: Lock): Promise<unknown> => (lock.release === undefined ? lock.unlock() : lock.release());

const nameOf = (error: unknown): unknown => (error as Error).name;

describe.each(['redlock 5', 'redlock 4'] as const)('%s', (version) => {
  const play = (scene: (Class: RedlockClass) => unknown): ReturnType<typeof bothWays> =>
    bothWays(redlock, fresh(version), ({ default: Class }) => scene(Class));

  it('looks the same', async () => {
    const { plain, watched } = await play((Class) => {
      const { redlock: one } = made(Class);
      const { acquire, lock, release, unlock } = Class.prototype as Record<string, unknown>;
      return [
        JSON.stringify(shapeOf(Class.prototype as object)),
        shapeOf(one),
        one instanceof Class,
        acquire === lock,
        release === unlock,
      ];
    });
    expect(watched).toEqual(plain);
  });

  it('gives the same results, contended or not, in the same order', async () => {
    const { plain, watched, rules } = await play(async (Class) => {
      const { redlock: one, redis } = made(Class, { ...QUICK, retryCount: 50 });
      const order: string[] = [];
      const work = async (name: string): Promise<void> => {
        const lock = await one.acquire(['a', 'b'], 1_000);
        order.push(`${name} in`, lock.constructor.name, String(lock.redlock === one));
        await free(lock);
        order.push(`${name} out`);
      };
      await work('first');
      await work('second');
      const calls = [...redis.calls];
      await Promise.all([work('third'), work('fourth')]);
      return [order.slice(0, 8), calls, order.length];
    });
    expect(watched).toEqual(plain);
    expect(rules).toEqual([]);
  });

  it('gives its own promise, which settles as fast', async () => {
    const { plain, watched } = await play(async (Class) => {
      const { redlock: one } = made(Class);
      const promise = one.acquire(['a'], 1_000);
      const kind = promise.constructor.name;
      const lock = await promise;
      const extended = lock.extend(1_000);
      return [
        kind,
        Object.keys(promise),
        await ending(() => one.acquire(['b'], 1_000)),
        (await extended).constructor.name,
      ];
    });
    expect(watched).toEqual(plain);
  });

  it('fails with the same errors', async () => {
    const { plain, watched, rules } = await play(async (Class) => {
      const { redlock: one, redis } = made(Class);
      const held = await one.acquire(['a'], 1_000);
      const [taken] = await Promise.allSettled([new Class([redis], QUICK).acquire(['a'], 1_000)]);
      await free(held);
      const [twice] = await Promise.allSettled([free(held)]);
      redis.isDown = true;
      const [down] = await Promise.allSettled([one.acquire(['a'], 1_000)]);
      return [taken, twice, down].map((one_) => nameOf((one_ as PromiseRejectedResult).reason));
    });
    expect(watched).toEqual(plain);
    expect(rules).toEqual(['recursion', 'bad-release']);
  });

  it('whoever waits for it owns the lock', async () => {
    const { rules } = await play(async (Class) => {
      const { redlock: one } = made(Class);
      const nested = async (outer: string, inner: string): Promise<void> => {
        const first = await one.acquire([outer], 1_000);
        const second = await one.acquire([inner], 1_000);
        await free(second);
        await free(first);
      };
      await nested('cart', 'stock');
      await nested('stock', 'cart');
    });
    expect(rules).toEqual(['order-cycle']);
  });

  it('resources of one call have no order, and two calls that take them otherwise are no defect', async () => {
    const { rules } = await play(async (Class) => {
      const { redlock: one } = made(Class);
      await free(await one.acquire(['cart', 'stock'], 1_000));
      await free(await one.acquire(['stock', 'cart'], 1_000));
    });
    expect(rules).toEqual([]);
  });

  it('a lease that is extended is held on, one that has run out is not', async () => {
    const { plain, watched, rules } = await play(async (Class) => {
      const { redlock: one } = made(Class);
      const lock = await one.acquire(['a'], 60);
      const longer = await lock.extend(5_000);
      await new Promise((resolve) => setTimeout(resolve, 100));
      const [released] = await Promise.allSettled([free(longer)]);
      const short = await one.acquire(['a'], 20);
      await new Promise((resolve) => setTimeout(resolve, 60));
      const next = await one.acquire(['a'], 5_000);
      const [late] = await Promise.allSettled([free(short)]);
      await free(next);
      return [released.status, late.status];
    });
    expect(watched).toEqual(plain);
    expect(plain).toEqual(['fulfilled', 'rejected']);
    expect(rules.filter((rule) => rule !== 'lease-expired')).toEqual([]);
  });

  it('keeps working if somebody else patches it before and after', async () => {
    const { plain, watched, rules } = await play(async (Class) => {
      const prototype = Class.prototype as unknown as Record<string, (...args: unknown[]) => unknown>;
      const seen: string[] = [];
      const { acquire } = prototype;
      prototype['acquire'] = function patched(this: unknown, ...args: unknown[]): unknown {
        seen.push('acquire');
        return acquire?.apply(this, args);
      };
      const { redlock: one } = made(Class);
      await free(await one.acquire(['a'], 1_000));
      return seen;
    });
    expect(watched).toEqual(plain);
    expect(rules).toEqual([]);
  });

  it('one that was made before is watched by hand', async () => {
    const { default: Class } = fresh(version)();
    const { redlock: one } = made(Class);
    const { watcher, lockdep, stop } = startWatching({ onViolation: 'collect' });
    const adopt = (object: object): object | undefined => redlock.adopt?.(object, watcher);
    expect(watcher.naming('jobs', undefined, () => adopt(one))).toBe(one);
    const held = await one.acquire(['a'], 1_000);
    await one.acquire(['a'], 1_000).catch(() => {});
    await free(held);
    stop();
    expect(lockdep.violations.map(({ rule, message }) => [rule, message.includes('jobs')])).toEqual([
      ['recursion', true],
    ]);
    const throwing = new Proxy({}, { getOwnPropertyDescriptor: () => JSON.parse('{') as never });
    expect([{}, { clients: [] }, { servers: [1] }, throwing, new Map()].map(adopt)).toEqual(Array(5).fill(undefined));
  });
});

it('version 5 runs a routine with the lock, and extends it meanwhile', async () => {
  const { plain, watched, rules } = await bothWays(redlock, fresh('redlock 5'), async ({ default: Class }) => {
    const { redlock: one, redis } = made(Class);
    // Extended a good while before it runs out, however busy the machine is.
    const settings = { automaticExtensionThreshold: 4_800 };
    const value = await one.using(['a'], 5_000, settings, async (signal) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      return one.using(['b'], 5_000, settings, () => signal.aborted);
    });
    const [failed] = await Promise.allSettled([one.using(['a'], 1_000, settings, () => JSON.parse('{') as unknown)]);
    const [wrong] = await Promise.allSettled([one.using(['a'], 0.5, settings, () => 1)]);
    return [
      await value,
      failed.status,
      String((wrong as PromiseRejectedResult).reason),
      redis.calls.includes('extend'),
    ];
  });
  expect(watched).toEqual(plain);
  expect(plain).toEqual([false, 'rejected', 'Error: Duration must be an integer value in milliseconds.', true]);
  expect(rules).toEqual([]);
});

it('version 4 calls back, and lends its locks', async () => {
  const { plain, watched, rules } = await bothWays(redlock, fresh('redlock 4'), async ({ default: Class }) => {
    const { redlock: one } = made(Class);
    const seen: unknown[] = [];
    await new Promise<void>((resolve) => {
      const promise = one.lock('a', 1_000, (error, lock) => {
        seen.push(error, lock.constructor.name);
        void lock.unlock((failed) => {
          seen.push(failed ?? null);
          resolve();
        });
      });
      seen.push(promise.constructor.name);
    });
    const lent = (one as unknown as { disposer(name: string, ms: number): object }).disposer('a', 1_000);
    seen.push(lent.constructor.name);
    const bluebird = freshCopy('spec/libraries/previous/node_modules/bluebird') as unknown as {
      resolve(value: unknown): {
        readonly constructor: { using(lent_: object, work: (lock: Lock) => unknown): unknown };
      };
    };
    seen.push(typeof bluebird.resolve(1).constructor.using);
    return seen;
  });
  expect(watched).toEqual(plain);
  expect(rules).toEqual([]);
});

it('a module without the class is refused', () => {
  const { watcher, stop } = startWatching();
  expect(() => redlock.watch({}, watcher)).toThrow('redlock has no class');
  expect(() => redlock.watch({ default: () => 1 }, watcher)).toThrow('redlock has no class');
  stop();
});
