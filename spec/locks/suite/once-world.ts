/**
 * A Once of a form, whose work ends when the test says so.
 */
import type { Once } from '../../../lib/index.ts';
import type { Form } from './forms.ts';
import { type Deferred, deferred } from './words.ts';

/** A factory whose calls end when the test says so. */
export function scripted(form: Form): {
  readonly once: Once<string>;
  readonly calls: Deferred<string>[];
  readonly by: () => ReturnType<Form['asked']>;
} {
  const calls: Deferred<string>[] = [];
  const made = form.made();
  const once = onceOf(form, made, () => {
    const call = deferred<string>();
    calls.push(call);
    return call.promise;
  });
  return { once, calls, by: () => form.asked(made) };
}

export function onceOf<T>(form: Form, made: ReturnType<Form['made']>, init: () => T | PromiseLike<T>): Once<T> {
  return new (form.locks().Once)<T>(init, 'once', made);
}
