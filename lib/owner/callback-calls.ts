/**
 * Calls that run code which the caller does not know: an emitter, or an event target, calls its listeners. What nobody listens
 * to runs nothing, and what the runtime itself emits, as streams and sockets do, is its own affair.
 */
import type { EventEmitter, getEventListeners } from 'node:events';
import { builtin } from './runtime.ts';
import { type Call, type Place, type Said, WatchedCalls } from './watched-calls.ts';

interface Emitters {
  readonly EventEmitter?: typeof EventEmitter;
  readonly getEventListeners?: typeof getEventListeners;
}

const MAX_NAME = 60;

/** Those of this copy of the package. */
export const callbackCalls: WatchedCalls = new WatchedCalls(() => {
  const events = (builtin as (name: string) => object | undefined)('node:events') as Emitters | undefined;
  return [...emitterPlaces(events), ...targetPlaces(events)];
});

function emitterPlaces(events: Emitters | undefined): readonly Place[] {
  const target = events?.EventEmitter?.prototype;
  if (target === undefined) {
    return [];
  }
  const { listenerCount } = target;
  const say = (call: Call): Said | null => {
    const [event] = call.args as [string];
    return listenerCount.call(call.self as never, event) === 0 ? null : said('emit', event, call);
  };
  return [{ target, name: 'emit', say }];
}

function targetPlaces(events: Emitters | undefined): readonly Place[] {
  const { EventTarget: Target } = globalThis as { readonly EventTarget?: { readonly prototype: object } };
  if (Target === undefined) {
    return [];
  }
  const say = (call: Call): Said | null => {
    const { type } = call.args[0] as Event;
    const known = events?.getEventListeners?.(call.self as EventTarget, type);
    return known?.length === 0 ? null : said('dispatchEvent', type, call);
  };
  return [{ target: Target.prototype, name: 'dispatchEvent', say }];
}

/** A method that is not found on the object itself was called by another one, which hands the call on. */
function said(method: 'emit' | 'dispatchEvent', event: unknown, { self, standIn }: Call): Said {
  const isOverridden = (self as Record<string, unknown>)[method] !== standIn;
  return { call: `${method}(${shownEvent(event)})`, isOverridden };
}

function shownEvent(event: unknown): string {
  const name = String(event);
  const short = name.length > MAX_NAME ? `${name.slice(0, MAX_NAME)}…` : name;
  return typeof event === 'symbol' ? short : `'${short}'`;
}
