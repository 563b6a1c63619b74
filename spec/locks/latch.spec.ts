import { eachForm, type Form } from './suite/forms.ts';
import { NAMES, refuses } from './suite/hostile.ts';
import { leftoversSuite } from './suite/leftovers.ts';
import { timingSuite } from './suite/timing.ts';
import { idle, now, refusal, ticks, upTo } from './suite/words.ts';

const latchOf = (form: Form, count: number) => new (form.locks().Latch)(count, 'latch');

describe('Latch', () => {
  eachForm((form) => {
    leftoversSuite(() => {
      const latch = latchOf(form, 1);
      return { wait: (options) => latch.wait(options), end: () => latch.countDown() };
    });

    it('lets nobody through before it is at 0, and everybody then', async () => {
      const latch = latchOf(form, 3);
      const log: number[] = [];
      const all = upTo(5).map((id) => latch.wait().then(() => log.push(id)));
      latch.countDown();
      latch.countDown();
      await idle();
      expect([latch.count, log]).toEqual([1, []]);
      latch.countDown();
      await Promise.all(all);
      expect([latch.count, log]).toEqual([0, upTo(5)]);
      expect(await now(latch.wait())).toBeUndefined();
    });

    it('counts several at once, and not below 0', async () => {
      const latch = latchOf(form, 5);
      latch.countDown(4);
      expect(latch.count).toBe(1);
      latch.countDown(10);
      expect(latch.count).toBe(0);
      latch.countDown();
      expect(latch.count).toBe(0);
      expect(await now(latch.wait())).toBeUndefined();
    });

    it('is open where there is nothing to count', async () => {
      expect(await now(latchOf(form, 0).wait())).toBeUndefined();
    });

    it('lets those go who give up, and keeps the others', async () => {
      const latch = latchOf(form, 1);
      const controller = new AbortController();
      const gone = refusal(latch.wait({ signal: controller.signal }));
      const late = refusal(latch.wait({ timeout: 5 }));
      const stays = latch.wait({ timeout: 100_000 });
      controller.abort();
      expect(await gone).toBe(controller.signal.reason);
      expect(await late).toMatchObject({ name: 'LockTimeoutError', lock: 'latch', timeout: 5 });
      expect(await now(stays)).toBe('waiting');
      latch.countDown();
      expect(await now(stays)).toBeUndefined();
      expect(latch.count).toBe(0);
    });

    it('refuses a signal that has fired, even where it is open', async () => {
      const latch = latchOf(form, 0);
      const reason = new Error('x');
      expect(await refusal(latch.wait({ signal: AbortSignal.abort(reason) }))).toBe(reason);
    });

    it.each([-1, 1.5, Number.NaN, '1', null, undefined, Number.POSITIVE_INFINITY])(
      'cannot begin at %p',
      async (count) => {
        await refuses('count', () => latchOf(form, count as number));
      },
    );

    it.each([0, -1, 1.5, Number.NaN, '1', null])('cannot count down by %p', async (by) => {
      const latch = latchOf(form, 3);
      await refuses('n', () => latch.countDown(by as number));
      expect(latch.count).toBe(3);
    });

    it.each([
      ['timeout', { timeout: -1 }],
      ['signal', { signal: {} }],
      ['options', null],
    ])('refuses a wrong %s', async (name, options) => {
      const latch = latchOf(form, 1);
      await refuses(name, () => latch.wait(options as object));
      latch.countDown();
      expect(await now(latch.wait())).toBeUndefined();
    });

    it('may have any name', () => {
      const { Latch } = form.locks();
      expect(NAMES.map((name) => new Latch(1, name).name)).toEqual(NAMES);
    });

    it.each([null, 5, {}])('cannot be called %p', async (name) => {
      await refuses('name', () => new (form.locks().Latch)(1, name as never));
    });
  });

  timingSuite([
    ['wait() of an open one', 1, (form) => ticks(latchOf(form, 0).wait())],
    [
      'wait() from the last count on',
      1,
      (form) => {
        const latch = latchOf(form, 1);
        const waits = latch.wait();
        latch.countDown();
        return ticks(waits);
      },
    ],
  ]);
});
