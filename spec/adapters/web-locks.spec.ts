// The adapter with a lock manager that publishes nothing, as in a browser: the call is all there is. With that of Node 24 the
// programs of spec/libraries do the same.
import { webLocks } from '../../lib/adapters/web-locks.ts';
import type { Violation } from '../../lib/model/violation.ts';
import { shapeOf, startWatching } from '../support/libraries.ts';

type Granted = (lock: { readonly name: string; readonly mode: string } | null) => unknown;
interface Options {
  readonly mode?: 'shared' | 'exclusive';
  readonly ifAvailable?: boolean;
  readonly steal?: boolean;
  readonly signal?: AbortSignal;
}
interface Request {
  readonly name: string;
  readonly options: Options;
  readonly callback: Granted;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** A fresh class each time, since an adapter changes it. */
function freshManager() {
  class LockManager {
    readonly #held: Request[] = [];
    readonly #queue: Request[] = [];

    request(name: string, second: Options | Granted, third?: Granted): Promise<unknown> {
      const callback = (third ?? second) as Granted;
      const options = third === undefined ? {} : (second as Options);
      if (typeof callback !== 'function') {
        return Promise.reject(new TypeError('callback'));
      }
      if (name.startsWith('-')) {
        return Promise.reject(new RangeError('hyphen'));
      }
      return new Promise((resolve, reject) => {
        const one: Request = { name, options, callback, resolve, reject };
        options.signal?.addEventListener('abort', () => {
          if (this.#take(this.#queue, one)) {
            reject(options.signal?.reason);
            this.#next();
          }
        });
        if (options.steal) {
          for (const held of this.#held.filter((other) => other.name === name)) {
            this.#take(this.#held, held);
            held.reject(new Error('stolen'));
          }
          this.#queue.unshift(one);
        } else if (options.ifAvailable && !this.#isFree(one)) {
          resolve(callback(null));
          return;
        } else {
          this.#queue.push(one);
        }
        queueMicrotask(() => this.#next());
      });
    }

    query(): Promise<{ readonly held: number; readonly pending: number }> {
      return Promise.resolve({ held: this.#held.length, pending: this.#queue.length });
    }

    #isFree({ name, options }: Request): boolean {
      const others = [...this.#held, ...this.#queue].filter((other) => other.name === name);
      return others.every((other) => options.mode === 'shared' && other.options.mode === 'shared');
    }

    #take(from: Request[], one: Request): boolean {
      const at = from.indexOf(one);
      from.splice(at, at < 0 ? 0 : 1);
      return at >= 0;
    }

    #next(): void {
      for (const one of [...this.#queue]) {
        const at = this.#queue.indexOf(one);
        const before = [...this.#held, ...this.#queue.slice(0, at)].filter(({ name }) => name === one.name);
        if (before.every((other) => one.options.mode === 'shared' && other.options.mode === 'shared')) {
          this.#queue.splice(at, 1);
          this.#held.push(one);
          this.#run(one);
        }
      }
    }

    #run(one: Request): void {
      const { name, options, callback, resolve, reject } = one;
      const over = (): void => {
        this.#take(this.#held, one);
        this.#next();
      };
      const result = new Promise((done) => done(callback({ name, mode: options.mode ?? 'exclusive' })));
      result.then(
        (value) => {
          resolve(value);
          over();
        },
        (error) => {
          reject(error);
          over();
        },
      );
    }
  }
  return LockManager;
}

type Manager = InstanceType<ReturnType<typeof freshManager>>;

async function play(
  scene: (locks: Manager) => unknown,
): Promise<{ plain: unknown; watched: unknown; found: readonly Violation[] }> {
  const plain = await scene(new (freshManager())());
  const { watcher, lockdep, stop } = startWatching({ onViolation: 'collect' });
  const locks = new (freshManager())();
  expect(watcher.naming('page', undefined, () => webLocks.adopt(locks, watcher))).toBe(locks);
  const watched = await scene(locks);
  stop();
  expect(lockdep.failure).toBeNull();
  return { plain, watched, found: lockdep.violations };
}

const rulesOf = (found: readonly Violation[]): string[] => found.map(({ rule }) => rule);
const settled = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(String, (error: unknown) => `failed: ${String(error)}`);

it('looks the same', () => {
  const Class = freshManager();
  const before = JSON.stringify(shapeOf(Class.prototype));
  const { watcher, stop } = startWatching();
  webLocks.adopt(new Class(), watcher);
  expect(JSON.stringify(shapeOf(Class.prototype))).toBe(before);
  stop();
});

it('gives the same results and errors, in the same order', async () => {
  const { plain, watched, found } = await play(async (locks) => {
    const order: string[] = [];
    const work = (name: string, mode: 'shared' | 'exclusive'): Promise<unknown> =>
      locks.request('db', { mode }, async (lock) => {
        order.push(`${name} ${lock?.mode}`);
        await null;
        order.push(`${name} out`);
        return name;
      });
    const all = await Promise.all([
      work('r1', 'shared'),
      work('r2', 'shared'),
      work('w', 'exclusive'),
      work('r3', 'shared'),
    ]);
    return [
      order,
      all,
      await settled(locks.request('db', () => 5)),
      await settled(locks.request('db', () => JSON.parse('{') as unknown)),
      await settled(locks.request('db', () => Promise.reject(new Error('inside')))),
      await settled(locks.request('-db', () => 1)),
      await settled(locks.request('db', {} as Granted)),
      await settled(locks.request('db', { ifAvailable: true }, (lock) => lock?.name)),
      await locks.query(),
    ];
  });
  expect(watched).toEqual(plain);
  expect(found).toEqual([]);
});

it('a name inside of itself', async () => {
  const { plain, watched, found } = await play(async (locks) => {
    const gone = new AbortController();
    return settled(
      locks.request('db', async () => {
        const inner = settled(locks.request('db', { signal: gone.signal }, () => 'never'));
        await null;
        gone.abort(new Error('enough'));
        return inner;
      }),
    );
  });
  expect(watched).toEqual(plain);
  expect(rulesOf(found)).toEqual(['recursion']);
  expect(found[0]?.message).toContain('page[db]');
});

it('names in both orders; a try has none', async () => {
  const both = (options: Options) => async (locks: Manager) => {
    await locks.request('cart', async () => locks.request('stock', options, async () => 1));
    await locks.request('stock', async () => locks.request('cart', options, async () => 1));
  };
  expect(rulesOf((await play(both({}))).found)).toEqual(['order-cycle']);
  expect(rulesOf((await play(both({ ifAvailable: true }))).found)).toEqual([]);
});

it('whoever was stolen from holds it no more', async () => {
  const { plain, watched, found } = await play(async (locks) => {
    let stop: (value: string) => void = () => {};
    const leader = settled(locks.request('leader', () => new Promise((resolve) => (stop = resolve))));
    await new Promise((resolve) => setImmediate(resolve));
    const next = await settled(locks.request('leader', { steal: true }, async () => 'next'));
    stop('too late');
    return [await leader, next, await locks.query()];
  });
  expect(watched).toEqual(plain);
  expect(found).toEqual([]);
});

it('the callback runs as the flow that asked, not as that which released', async () => {
  const { found } = await play(async (locks) => {
    const first = locks.request('db', async () => {
      await new Promise((resolve) => setImmediate(resolve));
      await locks.request('log', async () => 1);
    });
    // Granted where the first one releases: it holds `db` alone.
    const second = locks.request('db', async () => locks.request('log', async () => 2));
    const third = locks.request('log', async () => 3);
    await Promise.all([first, second, third]);
  });
  expect(found).toEqual([]);
});

it('what is no lock manager is left alone', () => {
  const { watcher, stop } = startWatching();
  const hostile = new Proxy(
    {},
    { getPrototypeOf: () => JSON.parse('{') as never, getOwnPropertyDescriptor: () => JSON.parse('{') as never },
  );
  class Client {
    request(): number {
      return 1;
    }
    query(): number {
      return 2;
    }
    connect(): number {
      return 3;
    }
  }
  for (const one of [{}, new Map(), new Client(), hostile, () => 1]) {
    expect(webLocks.adopt(one, watcher)).toBeUndefined();
  }
  stop();
});
