/**
 * The checkers whose flows are followed in this process. None is kept alive by that.
 */

/** A checker, as far as somebody has to tell it something. */
export interface Followed {
  /** Something failed while flows were followed. */
  failed(error: unknown): void;
  /** The process ends. @param isDrained whether nothing was left to run */
  ended(isDrained: boolean): void;
}

interface Process {
  on(event: 'beforeExit' | 'exit', listener: () => void): unknown;
}

// Taken here, before a test can put a fake one in its place.
const { setImmediate: afterThisTurn } = globalThis as { setImmediate?: (work: () => void) => { unref(): void } };

export class FollowedCheckers {
  readonly #all = new Set<WeakRef<Followed>>();
  #isDrained = false;
  #isListening = false;

  get isEmpty(): boolean {
    return [...this].length === 0;
  }

  add(one: Followed): void {
    this.#all.add(new WeakRef(one));
    this.#listen();
  }

  delete(one: Followed): void {
    for (const ref of this.#all) {
      if (ref.deref() === one) {
        this.#all.delete(ref);
      }
    }
  }

  failed(error: unknown): void {
    for (const one of this) {
      one.failed(error);
    }
  }

  *[Symbol.iterator](): Iterator<Followed> {
    for (const ref of this.#all) {
      const one = ref.deref();
      if (one === undefined) {
        this.#all.delete(ref);
      } else {
        yield one;
      }
    }
  }

  #listen(): void {
    const { process } = globalThis as { process?: Partial<Process> };
    if (this.#isListening || typeof process?.on !== 'function') {
      return;
    }
    this.#isListening = true;
    process.on('beforeExit', () => this.#drained());
    process.on('exit', () => {
      for (const one of this) {
        one.ended(this.#isDrained);
      }
    });
  }

  // Whoever schedules more work in `beforeExit` brings the loop to life again: then this was not the end.
  #drained(): void {
    this.#isDrained = true;
    const later = afterThisTurn?.(() => {
      this.#isDrained = false;
    });
    later?.unref();
  }
}
