// biome-ignore-all lint/suspicious/noThenProperty: values that are like promises
import { likeOriginal, replaceMethod, watchConstructor, whenOver } from '../../lib/adapters/calls.ts';

describe('replaceMethod', () => {
  it('keeps name, length and attributes', () => {
    class Lock {
      take(units: number): number {
        return units;
      }
    }
    const before = Object.getOwnPropertyDescriptor(Lock.prototype, 'take');
    const replaced = replaceMethod(
      Lock.prototype,
      'take',
      (original) =>
        function (...args) {
          return (original.apply(this, args) as number) + 1;
        },
    );
    const after = Object.getOwnPropertyDescriptor(Lock.prototype, 'take');
    expect(replaced).toBe(true);
    expect(new Lock().take(1)).toBe(2);
    expect({ ...after, value: [after?.value.name, after?.value.length] }).toEqual({ ...before, value: ['take', 1] });
  });

  it.each([
    ['missing', {}],
    ['no method', { take: 5 }],
    ['frozen', Object.freeze({ take: () => 1 })],
  ])('says that it cannot where the method is %s', (_, target) => {
    expect(replaceMethod(target, 'take', (original) => original)).toBe(false);
  });
});

it('likeOriginal gives name and length', () => {
  const wrapper = likeOriginal(
    () => {},
    function original(_a: number, _b: number) {},
  );
  expect([wrapper.name, wrapper.length]).toEqual(['original', 2]);
});

describe('watchConstructor', () => {
  class Base {
    static readonly kind = 'base';
    readonly args: readonly unknown[];
    constructor(...args: unknown[]) {
      this.args = args;
    }
  }
  const made: object[] = [];
  const Original = Base;
  const Watched = watchConstructor(Base, (instance) => made.push(instance));

  it('tells of each instance and is otherwise the same', () => {
    const one = new Watched(1, 2);
    expect(made).toContain(one);
    expect(one.args).toEqual([1, 2]);
    expect(one).toBeInstanceOf(Watched);
    expect(one).toBeInstanceOf(Original);
    expect(one.constructor).toBe(Watched);
    expect([Watched.name, Watched.kind]).toEqual(['Base', 'base']);
  });

  it('tells of instances of subclasses', () => {
    class Derived extends Watched {}
    const one = new Derived();
    expect(made).toContain(one);
    expect(one.constructor).toBe(Derived);
  });
});

describe('whenOver', () => {
  it('tells of the end of a promise before others see it, and hands on the promise itself', async () => {
    const order: string[] = [];
    const result = Promise.resolve(1);
    expect(whenOver(result, () => order.push('end'))).toBe(result);
    await result.then(() => order.push('seen'));
    expect(order).toEqual(['end', 'seen']);
  });

  it('leaves a rejection to whoever handles it', async () => {
    const ends: unknown[] = [];
    const failure = new Error('x');
    await expect(whenOver(Promise.reject(failure), (evidence) => ends.push(evidence))).rejects.toBe(failure);
    expect(ends).toHaveLength(1);
  });

  it('makes no promise of a subclass', async () => {
    let count = 0;
    class Own<T> extends Promise<T> {
      constructor(run: ConstructorParameters<typeof Promise<T>>[0]) {
        super(run);
        count++;
      }
    }
    const result = Own.resolve(1);
    void whenOver(result, () => {});
    expect(count).toBe(1);
    await result;
  });

  it('asks a lazy thenable once', async () => {
    const then = jest.fn((done: (value: number) => void) => done(5));
    await expect(whenOver({ then }, () => {})).resolves.toBe(5);
    expect(then).toHaveBeenCalledTimes(1);
  });

  // What adopts a result reads and calls it as often, and is settled as early, as if nobody watched.
  const adopt = (result: () => unknown): Promise<unknown> => (async () => result())();
  async function ticks(promise: Promise<unknown>): Promise<number> {
    let isOver = false;
    const over = (): void => {
      isOver = true;
    };
    promise.then(over, over);
    let count = 0;
    for (; !isOver && count < 50; count++) {
      await null;
    }
    return count;
  }
  class Sub<T> extends Promise<T> {
    static made = 0;
    constructor(run: ConstructorParameters<typeof Promise<T>>[0]) {
      super(run);
      Sub.made++;
    }
  }
  class Lazy extends Promise<number> {
    override then(...args: unknown[]): never {
      return Promise.resolve(7).then(...(args as [])) as never;
    }
  }
  const results: [string, () => unknown][] = [
    ['a value', () => 1],
    ['a promise', () => Promise.resolve(1)],
    ['a rejection', () => Promise.reject(new Error('x'))],
    ['a promise of a subclass', () => Sub.resolve(1)],
    ['a frozen promise of a subclass', () => Object.freeze(Sub.resolve(1))],
    ['a promise with a then of its own', () => Lazy.resolve(1)],
    ['a thenable', () => ({ then: (ok: (value: number) => void) => ok(1) })],
    ['a thenable function', () => Object.assign(() => 1, { then: (ok: (value: number) => void) => ok(1) })],
    ['a thenable that refuses', () => ({ then: (_: unknown, no: (error: unknown) => void) => no(1) })],
    [
      'a thenable of a thenable',
      () => ({ then: (ok: (value: unknown) => void) => ok({ then: (k: () => void) => k() }) }),
    ],
    ['a thenable of a promise', () => ({ then: (ok: (value: unknown) => void) => ok(Promise.resolve(1)) })],
    ['a thenable that answers twice', () => ({ then: (ok: (value: number) => void) => [ok(1), ok(2)] })],
    [
      'a thenable that answers and fails',
      () => ({
        then(ok: (value: number) => void): void {
          ok(1);
          throw new Error('x');
        },
      }),
    ],
    [
      'a thenable that fails',
      () => ({
        then(): void {
          throw new Error('x');
        },
      }),
    ],
    [
      'a then that cannot be read',
      () => ({
        get then(): never {
          throw new Error('x');
        },
      }),
    ],
    ['a proxy', () => new Proxy(Promise.resolve(1), {})],
    ['an object that only looks like a promise', () => Object.create(Promise.prototype) as unknown],
  ];
  it.each(results)('%s is adopted as if nobody watched, and its end is told once', async (_, make) => {
    Sub.made = 0;
    const plain = [await ticks(adopt(make)), Sub.made, await adopt(make).catch(String)];
    Sub.made = 0;
    const end = jest.fn();
    const watched = [await ticks(adopt(() => whenOver(make(), end))), Sub.made];
    expect(end).toHaveBeenCalledTimes(1);
    expect([...watched, await adopt(() => whenOver(make(), () => {})).catch(String)]).toEqual(plain);
  });

  it('reads a then that is a getter once', async () => {
    let reads = 0;
    const thenable = {
      get then() {
        reads++;
        return (ok: (value: number) => void) => ok(5);
      },
    };
    await expect(adopt(() => whenOver(thenable, () => {}))).resolves.toBe(5);
    expect(reads).toBe(1);
  });

  it('leaves nothing on a promise of a subclass', () => {
    const result = Sub.resolve(1);
    expect(whenOver(result, () => {})).toBe(result);
    expect(Object.hasOwn(result, 'constructor')).toBe(false);
  });

  it('is over when the answer of a thenable is', async () => {
    const order: string[] = [];
    const inner = new Promise<void>((done) => setTimeout(done, 5)).then(() => order.push('inner'));
    const thenable = { then: (ok: (value: unknown) => void) => ok(inner) };
    await adopt(() => whenOver(thenable, () => order.push('end')));
    expect(order).toEqual(['inner', 'end']);
  });

  it.each([undefined, null, 5, { then: 5 }])('a plain %p is over at once', (value) => {
    const end = jest.fn();
    expect(whenOver(value, end)).toBe(value);
    expect(end).toHaveBeenCalledTimes(1);
  });
});
