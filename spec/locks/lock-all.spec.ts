import fc from 'fast-check';
import { eachForm, type Form } from './suite/forms.ts';
import { refuses } from './suite/hostile.ts';
import { lockSuite } from './suite/lock-suite.ts';
import { lockAllSubject } from './suite/own-subjects.ts';
import { timingSuite } from './suite/timing.ts';
import { idle, now, pause, randomFrom, refusal, ticks, upTo } from './suite/words.ts';

/** Three mutexes, and what a request to them needs. */
function worldOf(form: Form) {
  const made = form.made();
  const { Mutex, RwLock, Semaphore, lockAll } = form.locks();
  const [a, b, c] = [new Mutex('a', made), new Mutex('b', made), new Mutex('c', made)];
  const rw = new RwLock('rw', made);
  const pool = new Semaphore('pool', { ...made, capacity: 2 });
  return { made, lockAll, a, b, c, rw, pool, by: () => form.asked(made) };
}

describe('lockAll', () => {
  eachForm((form) => {
    lockSuite(lockAllSubject(form));
    takingSuite(form);
    failureSuite(form);
    hostileSuite(form);
    crowdSuite(form);
  });

  timingSuite([
    [
      'lockAll() of free locks',
      1,
      (form) => {
        const { lockAll, a, b } = worldOf(form);
        return ticks(lockAll([a, b]));
      },
    ],
    [
      'lockAll.run() of free locks',
      1,
      (form) => {
        const { lockAll, a, b } = worldOf(form);
        return ticks(lockAll.run([a, b], () => 1));
      },
    ],
  ]);
});

function takingSuite(form: Form): void {
  it('takes all, and gives all back', async () => {
    const { lockAll, a, b, rw, pool, by } = worldOf(form);
    const guard = await lockAll([pool, rw, b, a], by());
    expect([a.isLocked, b.isLocked, rw.isWriteLocked, pool.available]).toEqual([true, true, true, 1]);
    guard.release();
    expect([a.isLocked, b.isLocked, rw.isWriteLocked, pool.available]).toEqual([false, false, false, 2]);
    guard.release();
    expect(pool.available).toBe(2);
  });

  it('takes a lock once that is named twice', async () => {
    const { lockAll, a, pool, by } = worldOf(form);
    const guard = await lockAll([a, pool, a, pool], by());
    expect(pool.available).toBe(1);
    guard.release();
    expect([a.isLocked, pool.available]).toEqual([false, 2]);
  });

  it('takes nothing where nothing is named', async () => {
    const { lockAll, by } = worldOf(form);
    const guard = await lockAll([], by());
    expect(guard.isReleased).toBe(false);
    guard.release();
    expect(guard.isReleased).toBe(true);
    expect(await lockAll.run([], () => 5, by())).toBe(5);
  });

  it('takes them in the order in which they were made, whatever is named first', async () => {
    const { lockAll, a, b, c, by } = worldOf(form);
    const middle = await b.acquire(by());
    const all = lockAll([c, b, a], by());
    await idle();
    expect([a.isLocked, c.isLocked]).toEqual([true, false]);
    middle.release();
    (await all).release();
    expect([a.isLocked, b.isLocked, c.isLocked]).toEqual([false, false, false]);
  });

  it('takes those of a lower level first, and those without one last', async () => {
    const { made, lockAll, a, by } = worldOf(form);
    const { Mutex } = form.locks();
    const high = new Mutex('high', { ...made, level: 20 });
    const low = new Mutex('low', { ...made, level: 10 });
    const middle = await high.acquire(by());
    const all = lockAll([a, high, low], by());
    await idle();
    expect([low.isLocked, a.isLocked]).toEqual([true, false]);
    middle.release();
    (await all).release();
  });

  it('does not let the list be changed meanwhile', async () => {
    const { lockAll, a, b, c, by } = worldOf(form);
    const first = await a.acquire(by());
    const list = [a, b];
    const all = lockAll(list, by());
    list.push(c);
    list.shift();
    first.release();
    const guard = await all;
    expect([a.isLocked, b.isLocked, c.isLocked]).toEqual([true, true, false]);
    guard.release();
  });
}

function failureSuite(form: Form): void {
  it('gives back what it took when it is aborted', async () => {
    const { lockAll, a, b, c, pool, by } = worldOf(form);
    const last = await b.acquire(by());
    const controller = new AbortController();
    const gone = refusal(lockAll([a, b, c, pool], { ...by(), signal: controller.signal }));
    await idle();
    expect([a.isLocked, c.isLocked]).toEqual([true, false]);
    controller.abort();
    expect(await gone).toBe(controller.signal.reason);
    expect([a.isLocked, b.isLocked, b.waiting, c.isLocked, pool.available]).toEqual([false, true, 0, false, 2]);
    last.release();
  });

  it('has one timeout for all, and names the lock that was waited for', async () => {
    const { lockAll, a, b, by } = worldOf(form);
    const [first, last] = [await a.acquire(by()), await b.acquire(by())];
    const gone = refusal(lockAll([b, a], { ...by(), timeout: 30 }));
    const start = performance.now();
    setTimeout(first.release, 10);
    expect(await gone).toMatchObject({ name: 'LockTimeoutError', lock: 'b', timeout: 30 });
    expect(performance.now() - start).toBeLessThan(300);
    expect(a.isLocked).toBe(false);
    last.release();
  });

  it('hands what it gives back to those who wait for it', async () => {
    const { lockAll, a, b, by } = worldOf(form);
    await b.acquire(by());
    const controller = new AbortController();
    const gone = refusal(lockAll([a, b], { ...by(), signal: controller.signal }));
    await idle();
    const next = a.acquire(by());
    expect(await now(next)).toBe('waiting');
    controller.abort();
    await gone;
    expect(await now(next)).not.toBe('waiting');
  });

  it('asks for nothing more when it is aborted in the step of a grant', async () => {
    const { lockAll, a, b, by } = worldOf(form);
    const first = await a.acquire(by());
    const controller = new AbortController();
    const gone = refusal(lockAll([a, b], { ...by(), signal: controller.signal }));
    first.release();
    controller.abort();
    expect(await gone).toBe(controller.signal.reason);
    expect([a.isLocked, b.isLocked]).toEqual([false, false]);
  });
}

function hostileSuite(form: Form): void {
  it.each([undefined, null, 5, 'locks', {}, new Set()])('refuses %p for the locks', async (locks) => {
    const { lockAll } = worldOf(form);
    await refuses('locks', () => lockAll(locks as never));
    await refuses('locks', () => lockAll.run(locks as never, () => {}));
  });

  it.each([undefined, null, 5, {}, { name: 'a', acquire: () => {} }])('refuses %p for one of them', async (wrong) => {
    const { lockAll, a, b, by } = worldOf(form);
    await refuses('locks', () => lockAll([a, wrong as never, b], by()));
    expect([a.isLocked, b.isLocked]).toEqual([false, false]);
  });

  it('refuses a hole in the list', async () => {
    const { lockAll, a } = worldOf(form);
    const list = [a];
    list.length = 3;
    await refuses('locks', () => lockAll(list));
    expect(a.isLocked).toBe(false);
  });
}

/** Flows that take any lists of any locks, by lockAll() and one alone, come to an end, and keep each other out. */
function crowdSuite(form: Form): void {
  it('never blocks, whatever is named in whatever order', async () => {
    const flow = fc.record({ wants: fc.array(fc.nat(4), { minLength: 1, maxLength: 6 }), byRun: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(flow, { minLength: 2, maxLength: 12 }), fc.integer(), async (flows, seed) => {
        const { lockAll, a, b, c, rw, pool, by } = worldOf(form);
        const all = [a, b, c, rw, pool];
        const random = randomFrom(seed);
        const inside = all.map(() => 0);
        const most = [1, 1, 1, 1, 2];
        const work = async (wants: readonly number[]): Promise<void> => {
          for (const want of wants) inside[want] = (inside[want] as number) + 1;
          expect(inside.every((count, at) => count <= (most[at] as number))).toBe(true);
          await pause(random);
          for (const want of wants) inside[want] = (inside[want] as number) - 1;
        };
        const run = async ({
          wants,
          byRun,
        }: {
          readonly wants: readonly number[];
          readonly byRun: boolean;
        }): Promise<void> => {
          await pause(random);
          const own = [...new Set(wants)];
          const list = wants.map((want) => all[want] as (typeof all)[number]);
          if (byRun) {
            await lockAll.run(list, () => work(own), by());
            return;
          }
          await using _guard = await lockAll(list, by());
          await work(own);
        };
        const ends = Promise.all(flows.map(run));
        const patience = async (): Promise<'blocked'> => {
          for (const _ of upTo(500)) await idle();
          return 'blocked';
        };
        expect(await Promise.race([ends, patience()])).not.toBe('blocked');
        expect([a.isLocked, b.isLocked, c.isLocked, rw.isWriteLocked, pool.available]).toEqual([
          false,
          false,
          false,
          false,
          2,
        ]);
      }),
      { numRuns: 60 },
    );
  });
}
