// biome-ignore-all lint/suspicious/noThenProperty: results that are like promises
import { eachForm, type Form } from './suite/forms.ts';
import { constructorSuite, refuses } from './suite/hostile.ts';
import { leftoversSuite } from './suite/leftovers.ts';
import { onceModelSuite } from './suite/once-model.ts';
import { onceOf, scripted } from './suite/once-world.ts';
import { timingSuite } from './suite/timing.ts';
import { idle, now, refusal, ticks, upTo } from './suite/words.ts';

const failure = new Error('the work failed');

describe('Once', () => {
  eachForm((form) => {
    constructorSuite(
      (name, options = form.made()) => new (form.locks().Once)(() => 5, name as string, options as object),
      (once) => once.get(),
    );
    leftoversSuite(() => {
      const { once, calls, by } = scripted(form);
      return { wait: (options) => once.get({ ...by(), ...options }), end: () => calls[0]?.resolve('made') };
    });
    valueSuite(form);
    failureSuite(form);
    waitSuite(form);
    onceModelSuite(form);
  });

  timingSuite([
    [
      'get() of what is there',
      1,
      async (form) => {
        const once = onceOf(form, form.made(), () => 5);
        await once.get();
        return ticks(once.get());
      },
    ],
    ['get() that makes it', 1, (form) => ticks(onceOf(form, form.made(), () => 5).get())],
  ]);
});

function valueSuite(form: Form): void {
  it('makes the value once, for all who ask', async () => {
    const { once, calls, by } = scripted(form);
    const all = upTo(20).map(() => once.get(by()));
    await idle();
    expect([calls.length, once.isDone, once.value]).toEqual([1, false, undefined]);
    calls[0]?.resolve('made');
    expect(await Promise.all(all)).toEqual(upTo(20).map(() => 'made'));
    expect(await once.get(by())).toBe('made');
    expect([calls.length, once.isDone, once.value]).toEqual([1, true, 'made']);
  });

  it('makes nothing before it is asked', () => {
    const { once, calls } = scripted(form);
    expect([calls.length, once.isDone, once.value]).toEqual([0, false, undefined]);
  });

  it.each<[string, () => unknown, unknown]>([
    ['a value', () => 5, 5],
    ['undefined', () => undefined, undefined],
    ['null', () => null, null],
    ['a promise', () => Promise.resolve(5), 5],
    ['a thenable', () => ({ then: (ok: (value: number) => void) => ok(5) }), 5],
  ])('may be made as %s', async (_, init, expected) => {
    const work = jest.fn(init);
    const once = onceOf(form, form.made(), work);
    expect(await once.get()).toBe(expected);
    expect(await once.get()).toBe(expected);
    expect([once.isDone, once.value]).toEqual([true, expected]);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it.each([undefined, null, 5, 'init', {}, Promise.resolve()])('is not made by %p', async (init) => {
    await refuses('init', () => new (form.locks().Once)(init as never));
  });
}

function failureSuite(form: Form): void {
  it('rejects those who waited, and lets the next one try again', async () => {
    const { once, calls, by } = scripted(form);
    const all = upTo(5).map(() => refusal(once.get(by())));
    await idle();
    calls[0]?.reject(failure);
    expect(await Promise.all(all)).toEqual(upTo(5).map(() => failure));
    expect([once.isDone, once.value]).toEqual([false, undefined]);
    const again = once.get(by());
    await idle();
    expect(calls.length).toBe(2);
    calls[1]?.resolve('made');
    expect(await again).toBe('made');
    expect(once.isDone).toBe(true);
  });

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw failure;
      },
    ],
    ['rejects', () => Promise.reject(failure)],
    [
      'gives a thenable that throws',
      () => ({
        then() {
          throw failure;
        },
      }),
    ],
  ])('can be tried again where the factory %s', async (_, fails) => {
    let calls = 0;
    const once = onceOf<unknown>(form, form.made(), () => (++calls < 3 ? fails() : 'made'));
    expect(await refusal(once.get())).toBe(failure);
    expect(await refusal(once.get())).toBe(failure);
    expect(await once.get()).toBe('made');
    expect(calls).toBe(3);
  });

  it('is tried again by one who asks when he hears of the failure', async () => {
    const { once, calls, by } = scripted(form);
    const retried = once.get(by()).catch(() => once.get(by()));
    await idle();
    calls[0]?.reject(failure);
    await idle();
    expect(calls.length).toBe(2);
    calls[1]?.resolve('made');
    expect(await retried).toBe('made');
  });
}

function waitSuite(form: Form): void {
  it('is made for the others where the one who began gives up', async () => {
    const { once, calls, by } = scripted(form);
    const controller = new AbortController();
    const first = refusal(once.get({ ...by(), signal: controller.signal }));
    const second = once.get(by());
    await idle();
    controller.abort();
    calls[0]?.resolve('made');
    expect(await now(second)).toBe('made');
    expect(calls.length).toBe(1);
    // Whoever makes it is at work and does not wait: it may hear of the result or of the abort.
    void first.catch(() => {});
  });

  it.each(['signal', 'timeout'] as const)('is waited for no longer than a %s says', async (how) => {
    const { once, calls, by } = scripted(form);
    const controller = new AbortController();
    const first = once.get(by());
    await idle();
    const options = how === 'signal' ? { signal: controller.signal } : { timeout: 5 };
    const second = refusal(once.get({ ...by(), ...options }));
    const third = once.get(by());
    if (how === 'signal') {
      controller.abort();
    }
    const name = how === 'signal' ? 'AbortError' : 'LockTimeoutError';
    expect(await second).toMatchObject({ name });
    calls[0]?.resolve('made');
    expect(await Promise.all([first, third])).toEqual(['made', 'made']);
  });

  it('is given at once once it is there, however little time there is', async () => {
    const once = onceOf(form, form.made(), () => 5);
    await once.get();
    expect(await now(once.get({ timeout: 0 }))).toBe(5);
  });

  it.each([
    ['timeout', { timeout: -1 }],
    ['signal', { signal: {} }],
    ['owner', { owner: {} }],
    ['options', null],
  ])('refuses a wrong %s, before and after it is made', async (name, options) => {
    const work = jest.fn(() => 5);
    const once = onceOf(form, form.made(), work);
    await refuses(name, () => once.get(options as object));
    expect(work).not.toHaveBeenCalled();
    await once.get();
    await refuses(name, () => once.get(options as object));
    expect(await once.get()).toBe(5);
  });
}
