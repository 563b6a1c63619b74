import { WwClass } from '../../lib/locks/ww-class.ts';
import { heldNames, lineOf } from '../state/world.ts';
import { deadlocked, messages, now, places, transaction, unlockAll, worldOf } from './ww-world.ts';

const line = (comment: string): number => lineOf(__filename, comment);

describe('a misuse', () => {
  it('is done() twice', () => {
    const { ld, ww, p } = worldOf();
    const context = ww.begin(p);
    context.done(); // the first done
    for (const _ of [1, 2]) context.done(); // the second done
    expect(messages(ld)).toEqual(['ww-misuse: p says done() twice in one context of obj.']);
    expect(places(ld)).toEqual([
      ['done again', line('the second done')],
      ['done', line('the first done')],
    ]);
  });

  it('is a lock after done(), which is taken all the same', async () => {
    const { ld, ww, p, a, b } = worldOf();
    const context = ww.begin(p);
    await a.lock(context);
    context.done(); // nothing more
    expect(await a.lock(context)).toBe('already');
    expect(ld.violations).toEqual([]);
    expect(await b.lock(context)).toBe('acquired'); // one more
    expect(messages(ld)).toEqual(['ww-misuse: p asks for b after done().']);
    expect(places(ld)).toEqual([
      ['asked', line('one more')],
      ['done', line('nothing more')],
    ]);
  });

  it('is a try after done(), where it takes the mutex', () => {
    const { ld, ww, p, q, a, b } = worldOf();
    const context = ww.begin(p);
    context.done();
    a.tryLock(q);
    expect(a.tryLock(context)).toBe(false);
    expect(ld.violations).toEqual([]);
    expect(b.tryLock(context)).toBe(true);
    expect(messages(ld)).toEqual(['ww-misuse: p asks for b after done().']);
  });

  it('is another mutex than the one of the deadlock', async () => {
    const { ld, young, b, c } = await deadlocked();
    b.unlock(young);
    expect(await c.lock(young)).toBe('acquired');
    expect(messages(ld)).toEqual(["ww-misuse: q asks for c after 'deadlock' at a, which is to come first."]);
    expect(places(ld).map(([label]) => label)).toEqual(['asked', "'deadlock' at a"]);
    expect(await b.lock(young)).toBe('acquired');
    expect(ld.violations).toHaveLength(1);
  });

  it('is another mutex than the one of the deadlock on the slow path', async () => {
    const { ld, young, b, c } = await deadlocked();
    b.unlock(young);
    expect(await c.lockSlow(young)).toBe('acquired');
    expect(messages(ld)).toEqual(["ww-misuse: q asks for c after 'deadlock' at a, which is to come first."]);
  });

  it('is a request after deadlock with mutexes still held, which is answered by age again', async () => {
    const { ld, old, young, a } = await deadlocked();
    expect(await a.lock(young)).toBe('deadlock');
    a.unlock(old);
    expect(await a.lock(young)).toBe('acquired');
    expect(messages(ld)).toEqual([
      "ww-misuse: q asks for a after 'deadlock' while it still holds b.",
      "ww-misuse: q asks for a after 'deadlock' while it still holds b.",
    ]);
  });

  it('is none to take the mutex of the deadlock by lock() with nothing held', async () => {
    const { ld, old, young, a, b } = await deadlocked();
    b.unlock(young);
    const waits = a.lock(young);
    expect(await now(waits)).toBe('waiting');
    a.unlock(old);
    expect(await now(waits)).toBe('acquired');
    expect(ld.violations).toEqual([]);
  });

  it('is the slow path without a deadlock before', async () => {
    const { ld, ww, p, a } = worldOf();
    const context = ww.begin(p);
    expect(await a.lockSlow(context)).toBe('acquired');
    expect(await a.lockSlow(context)).toBe('already');
    const sentence = "ww-misuse: p takes the slow path to a without a 'deadlock' before.";
    expect(messages(ld)).toEqual([sentence, sentence]);
  });

  it('is the slow path with mutexes still held', async () => {
    const { ld, young, a } = await deadlocked();
    expect(await a.lockSlow(young)).toBe('deadlock');
    expect(messages(ld)).toEqual(['ww-misuse: q takes the slow path to a while it still holds b.']);
    expect(places(ld).map(([label]) => label)).toEqual(['asked', 'taken', "'deadlock' at a"]);
  });

  it('is an end with mutexes held; it comes when the last one is unlocked', async () => {
    const { ld, ww, p, a, b } = worldOf();
    const context = ww.begin(p);
    await a.lock(context);
    await b.lock(context);
    context.end(); // too early
    expect(messages(ld)).toEqual(['ww-misuse: p ends a context of obj that still has a, b.']);
    expect(places(ld)[0]).toEqual(['ended', line('too early')]);
    b.unlock(context);
    expect(heldNames(p)).toEqual(['obj context', 'obj']);
    a.unlock(context);
    expect(p.held).toEqual([]);
    expect(ld.violations).toHaveLength(1);
  });

  it('is an end with a wait open', async () => {
    const { ld, ww, p, q, a } = worldOf();
    const context = ww.begin(p);
    await a.lock(q);
    const waits = a.lock(context);
    context.end();
    expect(messages(ld)).toEqual(['ww-misuse: p ends a context of obj that still has a wait for a.']);
    a.unlock(q);
    expect(await now(waits)).toBe('acquired');
    a.unlock(context);
    expect(p.held).toEqual([]);
  });

  it('is a second end, which changes nothing', () => {
    const { ld, ww, p } = worldOf();
    const context = ww.begin(p);
    context.end(); // the first end
    for (const _ of [1, 2]) context.end(); // the others
    expect(messages(ld)).toEqual(['ww-misuse: p ends a context of obj twice.']);
    expect(places(ld)).toEqual([
      ['ended again', line('the others')],
      ['ended', line('the first end')],
    ]);
    expect(p.held).toEqual([]);
  });

  it('is any use after the end; the context lives on until what it took is unlocked', async () => {
    const { ld, ww, p, a, b } = worldOf();
    const context = ww.begin(p);
    context.end(); // this was the end
    context.done();
    expect(await a.lock(context)).toBe('acquired');
    expect(heldNames(p)).toEqual(['obj context', 'obj']);
    expect(b.tryLock(context)).toBe(true);
    expect(new Set(messages(ld))).toEqual(
      new Set([
        'ww-misuse: p uses a context of obj after its end.',
        'ww-misuse: p asks for a after done().',
        'ww-misuse: p asks for b after done().',
      ]),
    );
    unlockAll(context, [a, b]);
    expect([a.isLocked, b.isLocked, p.held]).toEqual([false, false, []]);
  });

  it('is a mutex of another class, which is taken as a plain one', async () => {
    const { ld, ww, p, a } = worldOf();
    const context = ww.begin(p);
    const page = new WwClass(ld, 'page').mutex();
    await a.lock(context);
    expect(await page.lock(context)).toBe('acquired');
    expect(messages(ld)).toEqual(['ww-misuse: p asks for page under a context of obj.']);
    unlockAll(context, [a]);
    context.end();
    expect(heldNames(p)).toEqual(['page']);
    page.unlock(context);
    expect([page.isLocked, p.held, ld.violations.length]).toEqual([false, [], 1]);
  });

  it('is a context of another owner, where it is known who runs', async () => {
    const { ld, ww, p, q, a } = worldOf();
    const context = ww.begin(p);
    await p.run(() => a.lock(context));
    expect(ld.violations).toEqual([]);
    q.run(() => a.unlock(context));
    expect(messages(ld)).toEqual(['ww-misuse: q uses a context of obj that belongs to p.']);
    await q.run(() => a.lock(context));
    expect(heldNames(p)).toEqual(['obj context', 'obj']);
    expect(new Set(messages(ld)).size).toBe(1);
  });

  it('is a second request while the context waits, which comes after the first', async () => {
    const { ld, ww, p, q, a, b } = worldOf();
    const context = ww.begin(p);
    await a.lock(q);
    const first = a.lock(context);
    const second = b.lock(context);
    expect(b.tryLock(context)).toBe(false);
    expect([...new Set(messages(ld))]).toEqual(['ww-misuse: p asks for b while its context waits for a.']);
    expect(b.isLocked).toBe(false);
    a.unlock(q);
    expect(await Promise.all([first, second])).toEqual(['acquired', 'acquired']);
    unlockAll(context, [a, b]);
    context.end();
    expect(p.held).toEqual([]);
  });

  it('is a second request while the context waits, which is told deadlock with the first', async () => {
    const { ww, p, q, r, a, b, c } = worldOf();
    const [old, young] = [ww.begin(p), ww.begin(q)];
    await a.lock(old);
    await b.lock(young);
    await c.lock(r);
    const first = c.lock(young);
    const second = ww.mutex('free').lock(young);
    const waits = b.lock(old);
    expect(await now(Promise.all([first, second]))).toEqual(['deadlock', 'deadlock']);
    b.unlock(young);
    expect(await now(waits)).toBe('acquired');
  });

  it('is a second request while the context waits, asked for anew when the first is withdrawn', async () => {
    const { ww, p, q, a, b } = worldOf();
    const context = ww.begin(p);
    await a.lock(q);
    const controller = new AbortController();
    const first = a.lock(context, { signal: controller.signal });
    const second = b.lock(context);
    controller.abort();
    await expect(first).rejects.toMatchObject({ name: 'AbortError' });
    expect(await now(second)).toBe('acquired');
  });

  it('is a mutex under a context beside one that was taken without it since', async () => {
    const { ld, ww, p, a, b } = worldOf();
    const context = ww.begin(p);
    await a.lock(p);
    expect(await b.lock(context)).toBe('acquired');
    expect(messages(ld)).toEqual(['ww-misuse: p asks for b under a context and holds a beside it.']);
    a.unlock(p);
    b.unlock(context);
    await transaction(ww, ld.owner('q'), [b, a]);
    expect(ld.violations).toHaveLength(1);
  });

  it('is none, but recursion, where it is the same mutex that was taken without the context', async () => {
    const { ld, ww, p, a } = worldOf();
    const context = ww.begin(p);
    await a.lock(p);
    const waits = a.lock(context);
    expect(ld.violations.map(({ rule }) => rule)).toEqual(['recursion']);
    a.unlock(p);
    expect(await now(waits)).toBe('acquired');
  });
});
