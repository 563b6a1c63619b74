import { LockdepError } from '../../lib/policy.ts';
import { heldNames, lineOf, only } from '../state/world.ts';
import { idle, now, transaction, unlockAll, worldOf } from './ww-world.ts';

const line = (comment: string): number => lineOf(__filename, comment);

describe('without a context', () => {
  it('is a plain mutex, first come first served', async () => {
    const { ld, p, q, r, a } = worldOf();
    const order: string[] = [];
    const all = [q, p, r].map(async (owner) => {
      expect(await a.lock(owner)).toBe('acquired');
      order.push(owner.name);
      await idle();
      a.unlock(owner);
    });
    await Promise.all(all);
    expect(order).toEqual(['q', 'p', 'r']);
    expect(a.isLocked).toBe(false);
    expect(ld.violations).toEqual([]);
  });

  it('is recursion when two are nested: an error once both orders were seen', async () => {
    const { ld, p, q, a, b } = worldOf();
    for (const [owner, first, second] of [
      [p, a, b],
      [q, b, a],
    ] as const) {
      await first.lock(owner);
      await second.lock(owner);
      second.unlock(owner);
      first.unlock(owner);
    }
    expect(ld.violations.map(({ rule, severity }) => [rule, severity])).toEqual([
      ['recursion', 'warning'],
      ['recursion', 'error'],
    ]);
  });

  it('is recursion beside a context that holds something', async () => {
    const { ld, ww, p, a, b } = worldOf('wound-wait', { profile: 'kernel' });
    const context = ww.begin(p);
    await a.lock(context);
    await b.lock(p);
    expect(only(ld, 'recursion').severity).toBe('error');
  });

  it('is recursion when a context is begun after it, and takes another one', async () => {
    const { ld, ww, p, a, b } = worldOf('wound-wait', { profile: 'kernel' });
    await a.lock(p);
    await b.lock(ww.begin(p));
    const rules = ld.violations.map(({ rule }) => rule);
    expect(rules).toContain('recursion');
    expect(rules).not.toContain('ww-misuse');
  });

  it('waits for itself where it is asked for twice, as it was said before', async () => {
    const { ld, p, a } = worldOf();
    await a.lock(p);
    const waits = a.lock(p);
    expect(only(ld, 'recursion').sameInstance).toBe(true);
    expect(await now(waits)).toBe('waiting');
    a.unlock(p);
    expect(await now(waits)).toBe('acquired');
    a.unlock(p);
    expect([a.isLocked, p.held]).toEqual([false, []]);
  });
});

describe('what the checker sees', () => {
  it('is the context from begin to end, and a mutex from before the wait', async () => {
    const { ww, p, q, a, b } = worldOf();
    const context = ww.begin(p);
    expect(heldNames(p)).toEqual(['obj context']);
    await b.lock(context);
    await a.lock(q);
    const waits = a.lock(context);
    expect(heldNames(p)).toEqual(['obj context', 'obj', 'obj']);
    expect(p.held.map(({ lock }) => lock)).toEqual([context.guard, b.instance, a.instance]);
    a.unlock(q);
    await waits;
    a.unlock(context);
    b.unlock(context);
    context.end();
    expect(p.held).toEqual([]);
  });

  it('is nothing of a mutex after deadlock', async () => {
    const { ww, p, q, a, b } = worldOf('wait-die');
    const [old, young] = [ww.begin(p), ww.begin(q)];
    await a.lock(old);
    await b.lock(young);
    await a.lock(young);
    expect(q.held.map(({ lock }) => lock)).toEqual([young.guard, b.instance]);
  });

  it('is an order-cycle with locks of other classes', async () => {
    const { ld, ww, p, q, a } = worldOf();
    const mutex = ld.lock('mutex');
    const context = ww.begin(p);
    await a.lock(context);
    p.acquire(mutex);
    p.release(mutex);
    unlockAll(context, [a]);
    context.end();
    q.acquire(mutex);
    await transaction(ww, q, [a]);
    expect(ld.violations.map(({ rule }) => rule)).toContain('order-cycle');
  });

  it('is recursion of contexts where one owner begins two', () => {
    const { ld, ww, p } = worldOf('wound-wait', { profile: 'kernel' });
    ww.begin(p);
    ww.begin(p);
    expect(only(ld, 'recursion').lock.name).toBe('obj context');
  });

  it('leaves a wrong unlock to the rules of releases, and changes nothing', async () => {
    const { ld, ww, p, q, a, b } = worldOf();
    const [context, other] = [ww.begin(p), ww.begin(q)];
    await a.lock(context);
    a.unlock(other);
    b.unlock(context);
    expect(ld.violations.map(({ rule }) => rule)).toEqual(['wrong-owner-release', 'bad-release']);
    expect([a.isLocked, b.isLocked, heldNames(p)]).toEqual([true, false, ['obj context', 'obj']]);
    a.unlock(p);
    expect([a.isLocked, heldNames(p)]).toEqual([false, ['obj context']]);
  });

  it('names the line of the program that asks', async () => {
    const { p, a } = worldOf();
    await a.lock(p); // the program asks
    expect(p.held[0]?.site).toMatchObject({ file: __filename, line: line('the program asks') });
  });
});

describe('the throw policy', () => {
  it('leaves the mutex untaken, and nobody waiting, where the request is refused', async () => {
    const { p, q, a, b } = worldOf('wound-wait', { onViolation: 'throw', profile: 'kernel' });
    await a.lock(p);
    await expect(b.lock(p)).rejects.toThrow(LockdepError);
    await expect(a.lock(p)).rejects.toThrow(LockdepError);
    expect(() => b.unlock(p)).toThrow(LockdepError);
    expect([b.isLocked, heldNames(p)]).toEqual([false, ['obj']]);
    const waits = a.lock(q);
    a.unlock(p);
    expect(await now(waits)).toBe('acquired');
    a.unlock(q);
    expect([a.isLocked, p.held, q.held]).toEqual([false, [], []]);
  });

  it('begins no context where that is refused', () => {
    const { ww, p } = worldOf('wound-wait', { onViolation: 'throw', profile: 'kernel' });
    const context = ww.begin(p);
    expect(() => ww.begin(p)).toThrow(LockdepError);
    context.end();
    expect(p.held).toEqual([]);
  });

  it('refuses what a fault asks for, and nothing else', async () => {
    const { ww, p, q, a, b } = worldOf('wound-wait', { onViolation: 'throw' });
    const context = ww.begin(p);
    await a.lock(context);
    expect(() => context.end()).toThrow('ww-misuse: p ends a context of obj that still has a.');
    context.done();
    expect(() => context.done()).toThrow('twice');
    await expect(b.lock(context)).rejects.toThrow('after done()');
    expect(() => b.tryLock(context)).toThrow('after done()');
    await expect(a.lock(context)).resolves.toBe('already');
    expect(b.isLocked).toBe(false);
    a.unlock(context);
    context.end();
    await expect(a.lock(context)).rejects.toThrow('after its end');
    expect([a.isLocked, p.held]).toEqual([false, []]);
    expect(await a.lock(q)).toBe('acquired');
  });
});

describe('an error of the checker', () => {
  it('goes to the one who leaves, and not to the one who made it leave', async () => {
    const rules = { 'release-order': 'error' } as const;
    const { ld, ww, p, q, a, b, c } = worldOf('wait-die', { onViolation: 'throw', rules });
    const [old, young] = [ww.begin(p), ww.begin(q)];
    await c.lock(ld.owner('r'));
    await b.lock(young);
    const leaves = c.lock(young);
    q.acquire(ld.lock('above'));
    const stays = c.lock(old);
    await expect(leaves).rejects.toThrow('release-order');
    expect(heldNames(q)).toEqual(['obj context', 'obj', 'above']);
    expect(await now(stays)).toBe('waiting');
    expect(a.isLocked).toBe(false);
  });

  it('leaves no context behind that had ended', async () => {
    const rules = { 'ww-misuse': 'warning' } as const;
    const { ld, ww, p, a } = worldOf('wait-die', { onViolation: 'throw', rules });
    const context = ww.begin(p);
    context.end();
    p.acquire(ld.lock('spin', { kind: 'spin' }));
    await expect(a.lock(context)).rejects.toThrow('wait-context');
    expect([a.isLocked, heldNames(p)]).toEqual([false, ['spin']]);
  });
});

describe('a function that is told of a violation', () => {
  it('may withdraw the request that it is told of', async () => {
    const controller = new AbortController();
    const { p, q, a, b } = worldOf('wound-wait', { onViolation: () => controller.abort() });
    await a.lock(p);
    await b.lock(q);
    await expect(b.lock(p, { signal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' });
    expect(p.held.map(({ lock }) => lock)).toEqual([a.instance]);
    b.unlock(q);
    expect(b.isLocked).toBe(false);
  });

  it('may take the mutex that was asked for', async () => {
    const told: (() => void)[] = [];
    const { ww, p, q, a, b } = worldOf('wound-wait', { onViolation: () => told.shift()?.() });
    const context = ww.begin(p);
    context.done();
    told.push(() => a.tryLock(q));
    expect(a.tryLock(context)).toBe(false);
    expect(heldNames(p)).toEqual(['obj context']);
    await b.lock(q);
    told.push(() => b.unlock(q));
    expect(await b.lock(context)).toBe('acquired');
  });
});
