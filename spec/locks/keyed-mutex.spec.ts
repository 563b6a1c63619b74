import { eachForm, type Form } from './suite/forms.ts';
import { constructorSuite, refuses } from './suite/hostile.ts';
import { allKeysSuite, keyedWorld } from './suite/keyed-all.ts';
import { keyedModelSuite } from './suite/keyed-model.ts';
import { lockSuite } from './suite/lock-suite.ts';
import { keySubject } from './suite/own-subjects.ts';
import { timingSuite } from './suite/timing.ts';
import { now, pause, randomFrom, refusal, ticks, upTo } from './suite/words.ts';

describe('KeyedMutex', () => {
  eachForm((form) => {
    lockSuite(keySubject(form));
    keyedModelSuite(form);
    constructorSuite(
      (name, options = form.made()) => new (form.locks().KeyedMutex)<string>(name as string, options as object),
      (lock) => lock.run('key', () => {}),
    );
    keysSuite(form);
    allKeysSuite(form);
  });

  timingSuite([
    ['acquire() of a free key', 1, (form) => ticks(keyedWorld<string>(form).lock.acquire('a'))],
    [
      'acquire() from the release on',
      1,
      async (form) => {
        const { lock } = keyedWorld<string>(form);
        const guard = await lock.acquire('a');
        const next = lock.acquire('a');
        guard.release();
        return ticks(next);
      },
    ],
    ['run() of a function that returns a value', 1, (form) => ticks(keyedWorld<string>(form).lock.run('a', () => 1))],
    ['acquireAll() of free keys', 1, (form) => ticks(keyedWorld<string>(form).lock.acquireAll(['a', 'b']))],
  ]);
});

function keysSuite(form: Form): void {
  it('keeps out those who want the same key, and nobody else', async () => {
    const { lock, by } = keyedWorld<string>(form);
    const a = await lock.acquire('a', by());
    const b = await lock.acquire('b', by());
    const next = lock.acquire('a', by());
    expect([await now(next), lock.size, lock.isLocked('a'), lock.isLocked('c')]).toEqual(['waiting', 2, true, false]);
    b.release();
    expect([await now(next), lock.size]).toEqual(['waiting', 1]);
    a.release();
    (await next).release();
    expect([lock.size, lock.isLocked('a')]).toEqual([0, false]);
  });

  it('keeps one in at a time for each key, with 200 workers', async () => {
    const { lock, by } = keyedWorld<number>(form);
    const random = randomFrom(5);
    const inside = new Set<number>();
    let most = 0;
    await Promise.all(
      upTo(200).map(async (id) => {
        await pause(random);
        const key = id % 7;
        const work = async (): Promise<void> => {
          expect(inside.has(key)).toBe(false);
          inside.add(key);
          most = Math.max(most, inside.size);
          await pause(random);
          inside.delete(key);
        };
        await lock.run(key, work, by());
      }),
    );
    expect(most).toBeGreaterThan(3);
    expect(lock.size).toBe(0);
  });

  it('forgets a key that nobody uses, however its use ended', async () => {
    const { lock, by } = keyedWorld<unknown>(form);
    await lock.run('value', () => 1, by());
    await refusal(
      lock.run(
        'throw',
        () => {
          throw new Error('x');
        },
        by(),
      ),
    );
    await refusal(lock.run('no function', 5 as never, by()));
    await refusal(lock.acquire('wrong options', { timeout: -1 }));
    await refusal(lock.acquire('aborted before', { signal: AbortSignal.abort() }));
    expect(() => lock.tryAcquire('wrong owner', { owner: {} as never })).toThrow(TypeError);
    const held = lock.tryAcquire('tried', by());
    expect(lock.tryAcquire('tried', by())).toBeNull();
    held?.release();
    const guard = await lock.acquire('timed out', by());
    await refusal(lock.acquire('timed out', { ...by(), timeout: 1 }));
    guard.release();
    expect(lock.size).toBe(0);
    for (const key of upTo(1000)) {
      await lock.run(key, () => {}, by());
    }
    expect(lock.size).toBe(0);
  });

  it('makes nothing of a look', () => {
    const { lock } = keyedWorld<string>(form);
    expect(lock.isLocked('a')).toBe(false);
    lock.assertNotHeld('a');
    expect(lock.size).toBe(0);
  });

  it.each([
    ['a number', 1],
    ['a text', '1'],
    ['an object', {}],
    ['a symbol', Symbol('key')],
    ['NaN', Number.NaN],
    ['a big number', 1n],
  ])('tells %s from other keys', async (_, key) => {
    const { lock, by } = keyedWorld<unknown>(form);
    const guard = await lock.acquire(key, by());
    for (const other of [2, 'two', {}, Symbol('key'), 2n, undefined, null]) {
      expect(lock.isLocked(other)).toBe(false);
      (await lock.acquire(other, by())).release();
    }
    expect(await now(lock.acquire(key, by()))).toBe('waiting');
    guard.release();
  });

  it('tells keys apart whose texts are the same', async () => {
    const { lock, by } = keyedWorld<unknown>(form);
    await lock.acquire(1, by());
    expect(await now(lock.acquire('1', by()))).not.toBe('waiting');
    expect(lock.size).toBe(2);
  });

  it.each([null, 5, 'order', {}])('refuses %p for compare', async (compare) => {
    await refuses('compare', () => new (form.locks().KeyedMutex)('keyed', { compare: compare as never }));
  });
}
