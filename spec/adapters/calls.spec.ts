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

  it.each([undefined, null, 5, { then: 5 }])('a plain %p is over at once', (value) => {
    const end = jest.fn();
    expect(whenOver(value, end)).toBe(value);
    expect(end).toHaveBeenCalledTimes(1);
  });
});
