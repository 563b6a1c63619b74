/**
 * The boxes and monitors of @matrixai/async-locks. A box has a lock for each key, makes it of the class that the request names,
 * and forgets it when it is free. It takes the locks of one call one after the other, in the order of the keys; a monitor does so
 * through its box. Each request goes in with a stand-in for its class, which the box asks, right before it takes the lock, to
 * make one or whether the lock it has is one: so it is known which lock belongs to which key, and to which call.
 */
import type { LockInstance } from '../state/classes.ts';
import type { RawSite } from '../state/site.ts';
import type { Exports, Watcher } from './adapter.ts';
import { type Call, isObject, likeOriginal, replaceMethod, watchConstructor } from './calls.ts';
import type { KeyedLocks } from './keyed-locks.ts';
import { type BoxCall, isLimited, Requests } from './matrixai-requests.ts';
import type { LockRequest } from './request.ts';

type Class = new (...args: never[]) => object;

interface MonitorCall {
  readonly site: RawSite;
  readonly requests: Requests;
}

export class Boxes {
  readonly #watcher: Watcher;
  readonly #watchKind: (lock: object) => void;
  /** The class of which a box makes a lock. */
  #making: object | undefined;
  /** The lock that a box is about to ask for. */
  #next: { readonly lock: object; readonly call: BoxCall } | undefined;
  /** The call of a monitor that calls its box. */
  #monitor: MonitorCall | undefined;

  constructor(watcher: Watcher, watchKind: (lock: object) => void) {
    this.#watcher = watcher;
    this.#watchKind = watchKind;
  }

  watch(exports: Exports): Exports {
    const { LockBox, Monitor } = exports as Record<string, Class | undefined>;
    if (Monitor !== undefined) {
      this.#replace(Monitor.prototype as object, { lock: (original) => this.#lockOfMonitor(original) });
    }
    if (LockBox === undefined) {
      return {};
    }
    this.#watchBox(LockBox.prototype as object);
    const made = (box: object, _: unknown, from: { readonly below: unknown }): void =>
      this.#watcher.orElse(undefined, () => void this.#watcher.keyed(box, { kind: 'rwsem', ...from }));
    return { LockBox: watchConstructor(LockBox, made) };
  }

  adopt(box: object): object | undefined {
    const locks: unknown = Object.getOwnPropertyDescriptor(box, '_locks')?.value;
    for (let at: unknown = box; locks instanceof Map && isObject(at); at = Object.getPrototypeOf(at)) {
      if (Object.hasOwn(at, 'lockMulti') && Object.hasOwn(at, 'lock')) {
        this.#watchBox(at);
        this.#watcher.keyed(box, { kind: 'rwsem', below: this.adopt });
        return box;
      }
    }
    return undefined;
  }

  /** Whether this is the lock that a box is making. */
  isMaking(lock: object): boolean {
    return this.#making !== undefined && this.#making === Object.getPrototypeOf(lock);
  }

  /** The call of a box that asks for this lock right now. */
  callOf(lock: object): BoxCall | undefined {
    const next = this.#next?.lock === lock ? this.#next.call : undefined;
    if (next !== undefined) {
      this.#next = undefined;
    }
    return next;
  }

  #watchBox(prototype: object): void {
    this.#replace(prototype, {
      lock: (original) => this.#lock(original),
      lockMulti: (original) => this.#lockMulti(original),
    });
  }

  #replace(prototype: object, methods: Readonly<Record<string, (original: Call) => Call>>): void {
    this.#watcher.once(prototype, () => {
      for (const [name, wrap] of Object.entries(methods)) {
        if (!replaceMethod(prototype, name, wrap)) {
          throw new Error(`@matrixai/async-locks has no method ${name} that could be watched`);
        }
      }
    });
  }

  #lock(original: Call): Call {
    const boxes = this;
    return function lock(...params) {
      const keyed = boxes.#watcher.keyedOf(this);
      if (keyed === undefined) {
        return original.apply(this, params);
      }
      const requests = new Requests(boxes.#watcher);
      const call = {
        site: boxes.#watcher.site(lock),
        ends: isLimited(params),
        together: {},
        isApart: !boxes.#isInOrder(keyed, params),
        asked: (request: LockRequest) => requests.asked(request),
      };
      const acquire = original.apply(
        this,
        params.map((param) => boxes.#marked(param, { keyed, call })),
      ) as Call;
      return likeOriginal(() => requests.gave(acquire.call(this)), acquire);
    };
  }

  #lockMulti(original: Call): Call {
    const boxes = this;
    return function lockMulti(...params) {
      const keyed = boxes.#watcher.keyedOf(this);
      if (keyed === undefined) {
        return original.apply(this, params);
      }
      const monitor = boxes.#monitor;
      const site = monitor?.site ?? boxes.#watcher.site(lockMulti);
      const isApart = !boxes.#isInOrder(keyed, params);
      const together = {};
      const byKey = new Map<unknown, Requests>();
      const marked = params.map((param) => {
        const requests = new Requests(boxes.#watcher);
        const asked = (request: LockRequest): void => {
          requests.asked(request);
          monitor?.requests.asked(request);
        };
        const [key] = Array.isArray(param) ? param : [];
        if (!byKey.has(key)) {
          byKey.set(key, requests);
        }
        return boxes.#marked(param, { keyed, call: { site, ends: undefined, together, isApart, asked } });
      });
      const acquires = original.apply(this, marked) as unknown[][];
      for (const entry of acquires) {
        const [key, acquire] = entry;
        const requests = byKey.get(key);
        entry[1] = likeOriginal(() => {
          const promise = (acquire as Call).call(this);
          return requests?.gave(promise) ?? promise;
        }, acquire as Call);
      }
      return acquires;
    };
  }

  #lockOfMonitor(original: Call): Call {
    const boxes = this;
    return function lock(...params) {
      const call = { site: boxes.#watcher.site(lock), requests: new Requests(boxes.#watcher) };
      const acquire = original.apply(this, params) as Call;
      return likeOriginal(() => {
        const before = boxes.#monitor;
        boxes.#monitor = call;
        try {
          return call.requests.gave(acquire.call(this));
        } finally {
          boxes.#monitor = before;
        }
      }, acquire);
    };
  }

  /** The request with a stand-in for its class. What is no request stays as it is. */
  #marked(request: unknown, of: { readonly keyed: KeyedLocks; readonly call: BoxCall }): unknown {
    if (!Array.isArray(request) || typeof request[1] !== 'function') {
      return request;
    }
    const [key, made, ...params] = request as [unknown, Class, ...unknown[]];
    const found = (lock: object): void => {
      this.#watchKind(lock);
      this.#watcher.orElse(undefined, () => this.#watcher.alias(lock, of.keyed.lock(key)));
      this.#next = { lock, call: of.call };
    };
    const stand = new Proxy(made, {
      construct: (target, args, newTarget) => {
        const before = this.#making;
        this.#making = target.prototype as object;
        try {
          const lock = Reflect.construct(target, args, newTarget === stand ? target : newTarget) as object;
          found(lock);
          return lock;
        } finally {
          this.#making = before;
        }
      },
      get: (target, property) => {
        const value: unknown = Reflect.get(target, property);
        if (property !== Symbol.hasInstance) {
          return value;
        }
        return (lock: unknown) => {
          const isOne = Reflect.apply(value as Call, target, [lock]);
          if (isOne && isObject(lock)) {
            found(lock);
          }
          return isOne;
        };
      },
    });
    return [key, stand, ...params];
  }

  /** Whether the order of the keys is the order of their classes, whatever the keys are. */
  #isInOrder(keyed: KeyedLocks, params: readonly unknown[]): boolean {
    const keys = params.flatMap((param) => (Array.isArray(param) ? [param[0] as unknown] : []));
    const patterns = [...new Set(keys.length > 1 ? keys.map((key) => patternOf(keyed.lock(key))) : [])];
    return patterns.every((one) => patterns.every((other) => one === other || isDistinct(one, other)));
  }
}

function patternOf(lock: LockInstance): string {
  return /\[(.*)\]$/s.exec(lock.class.ref.name)?.[1] ?? '*';
}

/** Whether all keys of one pattern stand on the same side of all keys of the other one. */
function isDistinct(one: string, other: string): boolean {
  const [start = '', ...variable] = one.split('*');
  const [otherStart = '', ...otherVariable] = other.split('*');
  const isFixed = variable.length === 0 && otherVariable.length === 0;
  return isFixed || !(start.startsWith(otherStart) || otherStart.startsWith(start));
}
