/**
 * How a thread that must not block sleeps for a word: woken by others, and by a timer besides, so that it looks around now and then. The
 * timer keeps the process alive, which a promise of `Atomics.waitAsync` does not. Where there are no such promises, the timer is all.
 */

/** A word, and the value that it has as long as nothing happens. */
export interface SleepPlace {
  readonly at: number;
  readonly value: number;
}

interface AsyncAtomics {
  waitAsync?(
    words: Int32Array,
    at: number,
    value: number,
    timeout: number,
  ): { readonly async: false } | { readonly async: true; readonly value: Promise<string> };
}

const LONGEST_PAUSE_MS = 64;
/** Milliseconds that a promise waits that nobody may need any more. */
const LONGEST_SLEEP_MS = 100;

export class AsyncSleep {
  readonly #wake: () => boolean;
  #isListening = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pause = 1;

  /** @param wake says whether the wake-up was needed */
  constructor(wake: () => boolean) {
    this.#wake = wake;
  }

  /** Somebody begins to sleep: he looks around soon at first. */
  begin(): void {
    this.#pause = 1;
  }

  /** Nobody sleeps any more. */
  end(): void {
    clearTimeout(this.#timer);
  }

  /** @returns false where the word has changed already */
  listen(words: Int32Array, { at, value }: SleepPlace): boolean {
    const { waitAsync } = Atomics as AsyncAtomics;
    if (this.#isListening || waitAsync === undefined) {
      return Atomics.load(words, at) === value;
    }
    const sleep = waitAsync(words, at, value, LONGEST_SLEEP_MS);
    if (!sleep.async) {
      return false;
    }
    this.#isListening = true;
    void sleep.value.then((how) => {
      this.#isListening = false;
      if (!this.#wake() && how === 'ok') {
        // Somebody else may need it.
        Atomics.notify(words, at, 1);
      }
    });
    return true;
  }

  setTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#wake, this.#pause);
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE_MS);
  }
}
