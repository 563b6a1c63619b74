/**
 * A number in shared memory that is computed once over all threads, by the first one who asks. Who asks meanwhile waits. Once it is
 * there, to get it costs one atomic load.
 */
import { shown } from '../../shown.ts';
import type { WaitOptions } from '../wait-options.ts';
import type { AsyncHow } from './base/async-request.ts';
import { ONCE_WORDS, OnceLock, type SharedOnceOptions } from './base/once-lock.ts';
import { type RebuildOptions, rebuild } from './base/shared-lock.ts';
import { askingOf } from './base/thread-witness.ts';
import type { SharedLockHandle } from './memory/handle.ts';
import { LOCK_HEAD_WORDS } from './memory/layout.ts';
import { bytesOf, type LockType } from './memory/memory.ts';
import { type TimedLockingOptions, UNTIMED } from './waiting/timed.ts';

const TYPE: LockType = { code: 8, name: 'SharedLazy', words: ONCE_WORDS + 2 };
const VALUE = LOCK_HEAD_WORDS + ONCE_WORDS;
// Memory of a lock need not be aligned for numbers of 64 bits.
const float = new Float64Array(1);
const halves = new Int32Array(float.buffer);

export interface SharedLazyOptions extends SharedOnceOptions {
  /** What numbers it takes. @default 'float64' */
  readonly type?: 'int32' | 'float64';
}

export class SharedLazy extends OnceLock {
  /** Bytes that it takes in a buffer. */
  static readonly BYTES: number = bytesOf(TYPE);
  readonly #type: 'int32' | 'float64';

  /** @param name of its class; by default the place where it is made */
  constructor(name?: string, options: SharedLazyOptions = {}) {
    const { type = 'float64' } = options;
    if (type !== 'int32' && type !== 'float64') {
      throw new TypeError(`type: expected 'int32' or 'float64', got ${shown(type)}`);
    }
    super(name, options, { type: TYPE, below: new.target, traits: { type } });
    this.#type = type;
  }

  /** The lock that was posted here. @throws TypeError if it is no handle of a SharedLazy, or of another process or version */
  static from(handle: SharedLockHandle, options?: RebuildOptions): SharedLazy {
    return rebuild(SharedLazy, TYPE, { handle, options });
  }

  /** The number, if it is there. */
  get value(): number | undefined {
    return this.isDone ? this.#read() : undefined;
  }

  /**
   * The number; where it is not there, computes it, or waits for the thread that does.
   * @throws what `init` throws: the next one tries
   * @throws TypeError if it gives no number, or none of the type: it counts as failed
   * @throws RecursiveLockError, LockTimeoutError, CannotBlockError and LockdepError as `run` of a `SharedOnce` does
   */
  get(init: () => number, options: TimedLockingOptions = UNTIMED): number {
    if (!this.isDone) {
      const work = typeof init === 'function' ? () => this.#write(init()) : init;
      this.once(work, options, askingOf(this.get));
    }
    return this.#read();
  }

  /** The same without blocking, where `init` may return a promise. Rejects as `get` throws, and with the reason of the signal. */
  async getAsync(init: () => number | PromiseLike<number>, options: WaitOptions = {}): Promise<number> {
    const work = typeof init === 'function' ? async () => this.#write(await init()) : init;
    await this.onceAsync(work, GET, options);
    return this.#read();
  }

  #read(): number {
    const { words } = this;
    if (this.#type === 'int32') {
      return words[VALUE] as number;
    }
    halves[0] = words[VALUE] as number;
    halves[1] = words[VALUE + 1] as number;
    return float[0] as number;
  }

  // Seen by others with the word that says that it is done.
  #write(value: unknown): void {
    const { words } = this;
    if (typeof value !== 'number' || (this.#type === 'int32' && (value | 0) !== value)) {
      const expected = this.#type === 'int32' ? 'a whole number of 32 bits' : 'a number';
      throw new TypeError(`init: expected ${expected} for ${this.name}, got ${shown(value)}`);
    }
    if (this.#type === 'int32') {
      words[VALUE] = value;
      return;
    }
    float[0] = value;
    words[VALUE] = halves[0] as number;
    words[VALUE + 1] = halves[1] as number;
  }
}

const GET: AsyncHow = { units: 1, mode: 'exclusive', caller: SharedLazy.prototype.getAsync, handsOut: false };
