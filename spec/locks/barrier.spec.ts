import assert from 'node:assert/strict';
import fc from 'fast-check';
import { eachForm, type Form } from './suite/forms.ts';
import { NAMES, refuses } from './suite/hostile.ts';
import { leftoversSuite } from './suite/leftovers.ts';
import { oneOf, scriptsOf } from './suite/script.ts';
import { timingSuite } from './suite/timing.ts';
import { idle, now, pause, randomFrom, refusal, ticks, upTo } from './suite/words.ts';

const barrierOf = (form: Form, parties: number) => new (form.locks().Barrier)(parties, 'barrier');

describe('Barrier', () => {
  eachForm((form) => {
    leftoversSuite(() => {
      const barrier = barrierOf(form, 2);
      return { wait: (options) => barrier.wait(options), end: () => void barrier.wait() };
    });

    it('lets all through when all are there, and tells each its place', async () => {
      const barrier = barrierOf(form, 3);
      const early = [barrier.wait(), barrier.wait()];
      expect(await now(Promise.race(early))).toBe('waiting');
      expect(await Promise.all([...early, barrier.wait()])).toEqual([0, 1, 2]);
    });

    it('begins again with the next generation', async () => {
      const barrier = barrierOf(form, 2);
      for (const _ of upTo(10)) {
        expect(await Promise.all([barrier.wait(), barrier.wait()])).toEqual([0, 1]);
      }
      expect(await now(barrier.wait())).toBe('waiting');
    });

    it('keeps workers in step, generation by generation', async () => {
      const barrier = barrierOf(form, 7);
      const random = randomFrom(3);
      const rounds = upTo(7).map(() => 0);
      const worker = async (id: number): Promise<void> => {
        for (let round = 1; round <= 20; round++) {
          await pause(random);
          rounds[id - 1] = round;
          await barrier.wait();
          // Nobody is behind, and nobody more than one ahead.
          expect(rounds.every((one) => one === round || one === round + 1)).toBe(true);
        }
      };
      await Promise.all(upTo(7).map(worker));
      expect(rounds).toEqual(upTo(7).map(() => 20));
    });

    it('of one party stops nobody', async () => {
      const barrier = barrierOf(form, 1);
      expect([await now(barrier.wait()), await now(barrier.wait())]).toEqual([0, 0]);
    });

    it.each(['signal', 'timeout'] as const)(
      'breaks when one gives up by a %s: everybody there is rejected',
      async (how) => {
        const barrier = barrierOf(form, 4);
        const controller = new AbortController();
        const first = refusal(barrier.wait({ timeout: 100_000 }));
        const second = refusal(barrier.wait(how === 'signal' ? { signal: controller.signal } : { timeout: 5 }));
        const third = refusal(barrier.wait());
        if (how === 'signal') {
          controller.abort();
        }
        const name = how === 'signal' ? 'AbortError' : 'LockTimeoutError';
        expect(await second).toMatchObject({ name });
        for (const error of await Promise.all([first, third])) {
          expect(error).toMatchObject({ name: 'BrokenBarrierError', cause: await second });
          expect((error as Error).message).toContain('barrier');
        }
      },
    );

    it('is whole again for those who come after it broke', async () => {
      const barrier = barrierOf(form, 2);
      const controller = new AbortController();
      const gone = refusal(barrier.wait({ signal: controller.signal }));
      controller.abort();
      await gone;
      expect(await Promise.all([barrier.wait(), barrier.wait()])).toEqual([0, 1]);
    });

    it('is not broken by a signal that fires after the last one came', async () => {
      const barrier = barrierOf(form, 2);
      const controller = new AbortController();
      const first = barrier.wait({ signal: controller.signal });
      const second = barrier.wait();
      controller.abort();
      expect(await Promise.all([first, second])).toEqual([0, 1]);
    });

    it('does not count who comes with a signal that has fired, or with wrong options', async () => {
      const barrier = barrierOf(form, 2);
      await refusal(barrier.wait({ signal: AbortSignal.abort() }));
      await refuses('timeout', () => barrier.wait({ timeout: -1 }));
      await refuses('signal', () => barrier.wait({ signal: {} as AbortSignal }));
      await refuses('options', () => barrier.wait(null as never));
      const first = barrier.wait();
      expect(await now(first)).toBe('waiting');
      expect(await Promise.all([first, barrier.wait()])).toEqual([0, 1]);
    });

    it.each([0, -1, 1.5, Number.NaN, '2', null, undefined, Number.POSITIVE_INFINITY])(
      'has not %p parties',
      async (parties) => {
        await refuses('parties', () => barrierOf(form, parties as number));
      },
    );

    it('may have any name', () => {
      const { Barrier } = form.locks();
      expect(NAMES.map((name) => new Barrier(1, name).name)).toEqual(NAMES);
    });

    it.each([null, 5, {}])('cannot be called %p', async (name) => {
      await refuses('name', () => new (form.locks().Barrier)(1, name as never));
    });

    it('does what the model does, whatever is asked of it', () => model(form));
  });

  timingSuite([
    [
      'wait() of the last one',
      1,
      (form) => {
        const barrier = barrierOf(form, 2);
        void barrier.wait();
        return ticks(barrier.wait());
      },
    ],
    [
      'wait() of the first one, from the last one on',
      1,
      (form) => {
        const barrier = barrierOf(form, 2);
        const first = barrier.wait();
        void barrier.wait();
        return ticks(first);
      },
    ],
  ]);
});

type Command = { readonly do: 'come' } | { readonly do: 'abort'; readonly which: number };

/** Who is there, in the order of coming. The last one lets all go; one who gives up sends all away. */
async function model(form: Form): Promise<void> {
  const command: fc.Arbitrary<Command> = fc.oneof(
    { arbitrary: fc.record({ do: fc.constant('come' as const) }), weight: 5 },
    { arbitrary: fc.record({ do: fc.constant('abort' as const), which: fc.nat(20) }), weight: 1 },
  );
  await scriptsOf(command, () => {
    const parties = 3;
    const barrier = barrierOf(form, parties);
    const log: string[] = [];
    const expected: string[] = [];
    let there: { readonly id: number; readonly controller: AbortController }[] = [];
    let id = 0;
    const come = (): void => {
      const own = { id: ++id, controller: new AbortController() };
      barrier.wait({ signal: own.controller.signal }).then(
        (place) => log.push(`${own.id} at ${place}`),
        (error: Error) => log.push(`${own.id} ${error.name}`),
      );
      there = [...there, own];
      if (there.length === parties) {
        expected.push(...there.map((one, place) => `${one.id} at ${place}`));
        there = [];
      }
    };
    const abort = (which: number): void => {
      const gone = oneOf(there, which);
      if (gone !== undefined) {
        expected.push(...there.map((one) => `${one.id} ${one === gone ? 'AbortError' : 'BrokenBarrierError'}`));
        there = [];
        gone.controller.abort();
      }
    };
    return {
      do: (one) => (one.do === 'come' ? come() : abort(one.which)),
      check: () => assert.deepEqual(log.toSorted(), expected.toSorted()),
    };
  });
  await idle();
}
