/**
 * What is read from promises that a library gives to the program: where it keeps the moment of the grant, or of the end,
 * to itself, the promise tells, before anybody who waits for it goes on.
 */
import { isPromise } from '../owner/marks.ts';
import { flowHooks } from '../owner/promise-hooks.ts';
import type { FlowTracker } from '../owner/tracker.ts';
import { whenHeard } from '../owner/unheard.ts';
import { attach, isObject } from './calls.ts';

export interface GrantOptions {
  /** Called with what the promise gives, before the lock counts as granted. @returns false where that means that it was not */
  readonly granted?: (value: unknown) => unknown;
  /** Called where it rejects, before whoever waits. @returns false where the request says nothing, as where the call was wrong */
  readonly failed?: (error: unknown) => unknown;
}

export interface Hearing {
  readonly fulfilled: (value: unknown) => void;
  readonly rejected: (error: unknown) => void;
  /** Called when the program begins to wait for it. */
  readonly heard?: () => void;
  /** Called, perhaps more than once, where it settles and nobody waits for it. */
  readonly unheard?: () => void;
}

/**
 * Calls one of two functions when a promise has settled, before anybody of the program who attaches to it. Nothing changes for the
 * program: a rejection that nobody handles is still one, since nobody attaches before the program does. What is no promise
 * counts as fulfilled, at once.
 */
export function hear(tracker: FlowTracker, promise: unknown, hearing: Hearing): void {
  const { fulfilled, rejected, heard, unheard } = hearing;
  if (!isObject(promise) || !(isPromise(promise) || typeof (promise as { then?: unknown }).then === 'function')) {
    tracker.guarded(() => fulfilled(promise));
    return;
  }
  const listen = (): void => {
    heard?.();
    attach(
      promise,
      (value) => tracker.guarded(() => fulfilled(value)),
      (error) => tracker.guarded(() => rejected(error)),
    );
  };
  if (flowHooks.isOn && isPromise(promise)) {
    whenHeard(promise, { attach: listen, settled: () => unheard?.() });
  } else {
    listen();
  }
}
