import { createLockdep } from '../../lib/lockdep.ts';
import { WwClass } from '../../lib/locks/ww-class.ts';
import type { WwContext } from '../../lib/locks/ww-context.ts';
import type { WwMutex } from '../../lib/locks/ww-mutex.ts';
import { ALGORITHMS, idle, now, transaction, unlockAll, worldOf } from './ww-world.ts';

describe.each(ALGORITHMS)('%s', (algorithm) => {
  it.each(['older', 'younger'])('resolves two contexts that go crosswise, the %s one first', async (first) => {
    const { ld, ww, p, q, a, b } = worldOf(algorithm);
    const [old, young] = [ww.begin(p), ww.begin(q)];
    await Promise.all([a.lock(old), b.lock(young)]);
    const finish = async (context: WwContext, own: WwMutex, other: WwMutex): Promise<string[]> => {
      const answers: string[] = [await other.lock(context)];
      if (answers[0] === 'deadlock') {
        own.unlock(context);
        answers.push(await other.lockSlow(context), await own.lock(context));
      }
      unlockAll(context, [own, other]);
      context.end();
      return answers;
    };
    const ways = { older: () => finish(old, a, b), younger: () => finish(young, b, a) };
    const one = first === 'older' ? ways.older() : ways.younger();
    const other = first === 'older' ? ways.younger() : ways.older();
    const answers = await now(Promise.all([one, other]));
    const expected = [['acquired'], ['deadlock', 'acquired', 'acquired']];
    expect(answers).toEqual(first === 'older' ? expected : expected.toReversed());
    expect([a.isLocked, b.isLocked, p.held, q.held]).toEqual([false, false, [], []]);
    expect(ld.violations).toEqual([]);
  });

  it('resolves three contexts in a ring', async () => {
    const { ld, ww, p, q, r, a, b, c } = worldOf(algorithm);
    const all = [transaction(ww, p, [a, b]), transaction(ww, q, [b, c]), transaction(ww, r, [c, a])];
    expect(await now(Promise.all(all))).not.toBe('waiting');
    expect([a, b, c].map((mutex) => mutex.isLocked)).toEqual([false, false, false]);
    expect(ld.violations).toEqual([]);
  });

  it('finds no fault with any order inside a context', async () => {
    const { ld, ww, p, a, b, c } = worldOf(algorithm, { profile: 'kernel' });
    await transaction(ww, p, [a, b, c]);
    await transaction(ww, p, [c, a, b]);
    await transaction(ww, p, [b, c, a]);
    expect(ld.violations).toEqual([]);
  });

  it('says already for what the context holds, and one unlock gives it back', async () => {
    const { ld, ww, p, a } = worldOf(algorithm);
    const context = ww.begin(p);
    expect(await a.lock(context)).toBe('acquired');
    expect(await a.lock(context)).toBe('already');
    expect(a.tryLock(context)).toBe(false);
    a.unlock(context);
    expect(a.isLocked).toBe(false);
    context.end();
    expect(ld.violations).toEqual([]);
  });

  it('lets a context that holds nothing wait, whatever its age', async () => {
    const { ww, p, q, a } = worldOf(algorithm);
    const [old, young] = [ww.begin(p), ww.begin(q)];
    await a.lock(old);
    const waits = a.lock(young);
    expect(await now(waits)).toBe('waiting');
    a.unlock(old);
    expect(await now(waits)).toBe('acquired');
  });

  it('gives the mutex to the oldest context that waits', async () => {
    const { ld, ww, p, a } = worldOf(algorithm);
    const contexts = ['1', '2', '3', '4'].map((name) => ww.begin(ld.owner(name)));
    await a.lock(p);
    const order: string[] = [];
    const all = [2, 0, 3, 1].map(async (at) => {
      const context = contexts[at] as WwContext;
      await a.lock(context);
      order.push(context.owner.name);
      a.unlock(context);
    });
    await idle();
    a.unlock(p);
    await Promise.all(all);
    expect(order).toEqual(['1', '2', '3', '4']);
  });

  it('leaves those without a context in their turn, but for older contexts that go before younger ones', async () => {
    const { ld, ww, p, a } = worldOf(algorithm);
    const [old, young] = [ww.begin(ld.owner('old')), ww.begin(ld.owner('young'))];
    const [x, y] = [ld.owner('x'), ld.owner('y')];
    await a.lock(p);
    const order: string[] = [];
    const all = [x, young, y, old].map(async (by) => {
      await a.lock(by);
      order.push('owner' in by ? by.owner.name : by.name);
      a.unlock(by);
    });
    await idle();
    a.unlock(p);
    await Promise.all(all);
    expect(order).toEqual(['x', 'old', 'young', 'y']);
  });
});

describe('wait-die', () => {
  it('has a younger context back off at once, before it waits', async () => {
    const { ww, p, q, a, b } = worldOf('wait-die');
    const [old, young] = [ww.begin(p), ww.begin(q)];
    await a.lock(old);
    await b.lock(young);
    expect(await now(a.lock(young))).toBe('deadlock');
  });

  it('has an older context wait, which leaves the younger holder alone', async () => {
    const { ww, p, q, a, b, c } = worldOf('wait-die');
    const [old, young] = [ww.begin(p), ww.begin(q)];
    await a.lock(old);
    await b.lock(young);
    const waits = b.lock(old);
    expect(await now(waits)).toBe('waiting');
    expect(await c.lock(young)).toBe('acquired');
    b.unlock(young);
    expect(await now(waits)).toBe('acquired');
  });

  it('has a younger context back off from a mutex that an older one waits for, whoever holds it', async () => {
    const { ww, p, q, r, a, b } = worldOf('wait-die');
    const [old, young] = [ww.begin(p), ww.begin(q)];
    await a.lock(r);
    const waits = a.lock(old);
    await b.lock(young);
    expect(await now(a.lock(young))).toBe('deadlock');
    a.unlock(r);
    expect(await now(waits)).toBe('acquired');
  });

  it('tells a younger context that waits and holds something to back off when an older one comes', async () => {
    const { ww, p, q, r, a, b } = worldOf('wait-die');
    const [old, young] = [ww.begin(p), ww.begin(q)];
    await a.lock(r);
    await b.lock(young);
    const dies = a.lock(young);
    expect(await now(dies)).toBe('waiting');
    const waits = a.lock(old);
    expect(await now(dies)).toBe('deadlock');
    a.unlock(r);
    expect(await now(waits)).toBe('acquired');
  });

  it('lets a younger context that waits and holds nothing stay', async () => {
    const { ww, p, q, r, a } = worldOf('wait-die');
    const [old, young] = [ww.begin(p), ww.begin(q)];
    await a.lock(r);
    const stays = a.lock(young);
    const waits = a.lock(old);
    a.unlock(r);
    expect(await now(waits)).toBe('acquired');
    expect(await now(stays)).toBe('waiting');
    a.unlock(old);
    expect(await now(stays)).toBe('acquired');
  });
});

describe('wound-wait', () => {
  it('has a younger context wait for an older one', async () => {
    const { ww, p, q, a, b } = worldOf();
    const [old, young] = [ww.begin(p), ww.begin(q)];
    await a.lock(old);
    await b.lock(young);
    const waits = a.lock(young);
    expect(await now(waits)).toBe('waiting');
    a.unlock(old);
    expect(await now(waits)).toBe('acquired');
  });

  it('wounds the younger holder, which feels it where it would have to wait, and not before', async () => {
    const { ww, p, q, r, a, b, c } = worldOf();
    const [old, young] = [ww.begin(p), ww.begin(q)];
    const d = ww.mutex('d');
    await a.lock(old);
    await b.lock(young);
    await d.lock(r);
    const waits = b.lock(old);
    expect(await c.lock(young)).toBe('acquired');
    expect(await now(d.lock(young))).toBe('deadlock');
    expect(await now(waits)).toBe('waiting');
    unlockAll(young, [b, c]);
    expect(await now(waits)).toBe('acquired');
  });

  it('ends the wait of a younger holder at once', async () => {
    const { ww, p, q, r, a, b, c } = worldOf();
    const [old, young] = [ww.begin(p), ww.begin(q)];
    await a.lock(old);
    await b.lock(young);
    await c.lock(r);
    const wounded = c.lock(young);
    expect(await now(wounded)).toBe('waiting');
    const waits = b.lock(old);
    expect(await now(wounded)).toBe('deadlock');
    b.unlock(young);
    expect(await now(waits)).toBe('acquired');
    c.unlock(r);
    expect(c.isLocked).toBe(false);
  });

  it('heals the wound when nothing is held any more', async () => {
    const { ww, p, q, r, a, b, c } = worldOf();
    const [old, young] = [ww.begin(p), ww.begin(q)];
    await a.lock(old);
    await b.lock(young);
    await c.lock(r);
    const waits = b.lock(old);
    b.unlock(young);
    expect(await now(waits)).toBe('acquired');
    const d = ww.mutex('d');
    await d.lock(young);
    const again = c.lock(young);
    expect(await now(again)).toBe('waiting');
    c.unlock(r);
    expect(await now(again)).toBe('acquired');
  });

  it('wounds nobody for a context that holds nothing: it cannot be part of a circle', async () => {
    const { ww, p, q, r, a, b } = worldOf();
    const [old, young] = [ww.begin(p), ww.begin(q)];
    await a.lock(young);
    await b.lock(r);
    const first = a.lock(old);
    const second = b.lock(young);
    expect(await now(second)).toBe('waiting');
    b.unlock(r);
    expect(await now(second)).toBe('acquired');
    a.unlock(young);
    expect(await now(first)).toBe('acquired');
  });

  it('is the algorithm if none is chosen', () => {
    expect(new WwClass(createLockdep(), 'obj').algorithm).toBe('wound-wait');
  });
});
