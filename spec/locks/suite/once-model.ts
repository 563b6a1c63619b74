/**
 * A Once as plainly as it can be said, and any sequence of requests put to it and to a real one.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Form } from './forms.ts';
import { scripted } from './once-world.ts';
import { scriptsOf } from './script.ts';

const failure = new Error('the work failed');

type Command = { readonly do: 'get' } | { readonly do: 'end'; readonly fails: boolean };

/** One call at a time; whoever asks while it runs shares its end; after a success nobody calls any more. */
export function onceModelSuite(form: Form): void {
  it('does what the model does, whatever is asked of it', async () => {
    const command: fc.Arbitrary<Command> = fc.oneof(
      { arbitrary: fc.record({ do: fc.constant('get' as const) }), weight: 3 },
      {
        arbitrary: fc.record({ do: fc.constant('end' as const), fails: fc.nat(2).map((dice) => dice > 0) }),
        weight: 1,
      },
    );
    await scriptsOf(command, () => {
      const { once, calls, by } = scripted(form);
      const model = { calls: 0, isRunning: false, isDone: false, log: [] as string[], sharing: [] as number[] };
      const log: string[] = [];
      let id = 0;
      const get = (): void => {
        const mine = ++id;
        once.get(by()).then(
          () => log.push(`${mine} made`),
          () => log.push(`${mine} failed`),
        );
        if (model.isDone) {
          model.log.push(`${mine} made`);
        } else {
          model.calls += model.isRunning ? 0 : 1;
          model.isRunning = true;
          model.sharing.push(mine);
        }
      };
      // A factory that has not been called yet cannot end: the model waits until it was.
      const end = (fails: boolean): void => {
        const call = calls[model.calls - 1];
        if (!model.isRunning || call === undefined) {
          return;
        }
        model.isRunning = false;
        model.isDone = !fails;
        model.log.push(...model.sharing.map((one) => `${one} ${fails ? 'failed' : 'made'}`));
        model.sharing = [];
        isEnding = true;
        if (fails) {
          call.reject(failure);
        } else {
          call.resolve('made');
        }
      };
      let isEnding = false;
      return {
        // Who asks between the end of the factory and the news of it shares that end, or begins anew: both are right.
        do: (one) => (isEnding ? undefined : one.do === 'get' ? get() : end(one.fails)),
        check: () => {
          isEnding = false;
          assert.deepEqual(log.toSorted(), model.log.toSorted());
          assert.equal(calls.length, model.calls);
          assert.equal(once.isDone, model.isDone);
        },
      };
    });
  });
}
