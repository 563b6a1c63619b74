import { createLockdep } from '../../lib/lockdep.ts';
import { WwClass } from '../../lib/locks/ww-class.ts';
import { heldNames } from '../state/world.ts';
import { now, worldOf } from './ww-world.ts';

describe('tryLock', () => {
  it('takes a free mutex and no other', async () => {
    const { ld, ww, p, q, a } = worldOf();
    const context = ww.begin(p);
    expect(a.tryLock(context)).toBe(true);
    expect(heldNames(p)).toEqual(['obj context', 'obj']);
    expect([a.tryLock(q), a.tryLock(p), a.tryLock(context)]).toEqual([false, false, false]);
    a.unlock(context);
    expect(a.tryLock(q)).toBe(true);
    a.unlock(q);
    context.end();
    expect([p.held, q.held, ld.violations]).toEqual([[], [], []]);
  });

  it('passes nobody who waits', async () => {
    const { p, q, r, a } = worldOf();
    await a.lock(p);
    const waits = a.lock(q);
    a.unlock(p);
    expect(a.tryLock(r)).toBe(false);
    expect(await now(waits)).toBe('acquired');
  });

  it('counts as held for who gives way', async () => {
    const { ww, p, q, a, b } = worldOf('wait-die');
    const [old, young] = [ww.begin(p), ww.begin(q)];
    a.tryLock(old);
    b.tryLock(young);
    expect(await now(a.lock(young))).toBe('deadlock');
  });
});

describe('a signal', () => {
  it('withdraws the wait, with its reason, and leaves nothing behind', async () => {
    const { ld, ww, p, q, r, a } = worldOf();
    const [old, young] = [ww.begin(q), ww.begin(r)];
    await a.lock(p);
    const controller = new AbortController();
    const gone = a.lock(old, { signal: controller.signal });
    const waits = a.lock(young);
    controller.abort(new Error('changed my mind'));
    await expect(gone).rejects.toThrow('changed my mind');
    expect(heldNames(q)).toEqual(['obj context']);
    a.unlock(p);
    expect(await now(waits)).toBe('acquired');
    a.unlock(young);
    young.end();
    old.end();
    expect([a.isLocked, ld.violations]).toEqual([false, []]);
  });

  it('that has fired asks for nothing', async () => {
    const { ww, p, a } = worldOf();
    const context = ww.begin(p);
    await expect(a.lock(context, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    expect([a.isLocked, heldNames(p)]).toEqual([false, ['obj context']]);
  });

  it('that fires too late takes nothing away', async () => {
    const { p, q, a } = worldOf();
    await a.lock(p);
    const controller = new AbortController();
    const waits = a.lock(q, { signal: controller.signal });
    a.unlock(p);
    controller.abort();
    expect(await waits).toBe('acquired');
    expect(a.isLocked).toBe(true);
    a.unlock(q);
    expect([a.isLocked, q.held]).toEqual([false, []]);
  });

  it('works on the slow path too', async () => {
    const { ld, ww, p, q, a, b } = worldOf('wait-die');
    const [old, young] = [ww.begin(p), ww.begin(q)];
    await a.lock(old);
    await b.lock(young);
    await a.lock(young);
    b.unlock(young);
    const controller = new AbortController();
    const gone = a.lockSlow(young, { signal: controller.signal });
    controller.abort();
    await expect(gone).rejects.toMatchObject({ name: 'AbortError' });
    const waits = a.lockSlow(young);
    a.unlock(old);
    expect(await now(waits)).toBe('acquired');
    expect(ld.violations).toEqual([]);
  });
});

describe('a wrong argument', () => {
  it('is told to the one who gives it', async () => {
    const { ld, ww, p, a } = worldOf();
    const any = (value: unknown): never => value as never;
    expect(() => new WwClass(ld, any(1))).toThrow(new TypeError('name: expected a string, got 1'));
    expect(() => new WwClass(ld, 'obj', any('wait-die'))).toThrow(TypeError);
    expect(() => new WwClass(ld, 'obj', { algorithm: any('fifo') })).toThrow(
      new TypeError("algorithm: expected wound-wait or wait-die, got 'fifo'"),
    );
    expect(() => ww.mutex(any(1))).toThrow(new TypeError('name: expected a string, got 1'));
    const owner = "owner: expected an owner made by the checker's owner(), got 'p'";
    expect(() => ww.begin(any('p'))).toThrow(new TypeError(owner));
    const by = "by: expected a context made by begin(), or an owner made by owner(), got 'p'";
    await expect(a.lock(any('p'))).rejects.toThrow(new TypeError(by));
    expect(() => a.tryLock(any('p'))).toThrow(new TypeError(by));
    expect(() => a.unlock(any('p'))).toThrow(new TypeError(by));
    await expect(a.lockSlow(any(p))).rejects.toThrow('context: expected one made by begin(), got');
    await expect(a.lock(p, any(null))).rejects.toThrow(new TypeError('options: expected an object, got null'));
    const signal = new TypeError('signal: expected an AbortSignal, got 3');
    await expect(a.lock(p, { signal: any(3) })).rejects.toThrow(signal);
    expect([a.isLocked, p.held, ld.violations]).toEqual([false, [], []]);
  });

  it('may be an owner of another checker', async () => {
    const { ww, a } = worldOf();
    const stranger = createLockdep().owner('stranger');
    expect(() => ww.begin(stranger)).toThrow(TypeError);
    await expect(a.lock(stranger)).rejects.toThrow(TypeError);
    expect(a.isLocked).toBe(false);
  });
});
