/**
 * Work that is done once over all threads: the first one who comes does it, and the others wait until it is done. They sleep
 * unless they are told to spin: a thread that spins can keep the one that does the work from the processor for as long as it likes.
 * A result is not handed on, since values stay in their thread: the work writes it where all threads can read it, or see `SharedLazy`.
 */
import { awaitableOf } from '../../owner/awaitable.ts';
import type { WaitOptions } from '../wait-options.ts';
import type { AsyncHow } from './base/async-request.ts';
import { ONCE_WORDS, OnceLock, type SharedOnceOptions } from './base/once-lock.ts';
import { type RebuildOptions, rebuild } from './base/shared-lock.ts';
import { askingOf } from './base/thread-witness.ts';
import type { SharedLockHandle } from './memory/handle.ts';
import { bytesOf, type LockType } from './memory/memory.ts';
import { type TimedLockingOptions, UNTIMED } from './waiting/timed.ts';

const TYPE: LockType = { code: 7, name: 'SharedOnce', words: ONCE_WORDS };

export class SharedOnce extends OnceLock {
  /** Bytes that it takes in a buffer. */
  static readonly BYTES: number = bytesOf(TYPE);

  /** @param name of its class; by default the place where it is made */
  constructor(name?: string, options: SharedOnceOptions = {}) {
    super(name, options, { type: TYPE, below: new.target });
  }

  /** The lock that was posted here. @throws TypeError if it is no handle of a SharedOnce, or of another process or version */
  static from(handle: SharedLockHandle, options?: RebuildOptions): SharedOnce {
    return rebuild(SharedOnce, TYPE, { handle, options });
  }

  /**
   * Does the work, unless it is done; where another thread does it, waits until that has ended.
   * @returns whether this call did it
   * @throws what the work throws: it is not done then, and the next one tries
   * @throws TypeError if the work returns a promise: it counts as failed; use `runAsync`
   * @throws RecursiveLockError if the work asks for itself
   * @throws LockTimeoutError if the time of the wait is over
   * @throws CannotBlockError where it would have to sleep on a thread that must not block
   * @throws LockdepError under the `throw` policy
   */
  run(init: () => void, options: TimedLockingOptions = UNTIMED): boolean {
    const work = typeof init === 'function' ? () => refusePromise(init(), this.name) : init;
    return this.once(work, options, askingOf(this.run));
  }

  /**
   * The same without blocking, for work that may be asynchronous. Resolves to whether this call did it. Rejects as `run` throws, and with the
   * reason of the signal.
   */
  runAsync(init: () => unknown, options: WaitOptions = {}): Promise<boolean> {
    return this.onceAsync(init, RUN, options);
  }
}

const RUN: AsyncHow = { units: 1, mode: 'exclusive', caller: SharedOnce.prototype.runAsync, handsOut: false };

function refusePromise(result: unknown, name: string): void {
  const later = awaitableOf(result);
  if (later !== null) {
    // Its failure is told here.
    later.then(undefined, () => {});
    throw new TypeError(`init: ${name} waits for synchronous work only, and this returned a promise; use runAsync`);
  }
}
