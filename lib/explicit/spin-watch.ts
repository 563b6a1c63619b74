/**
 * Sees a spinning lock that is still held when its owner gives way to the event loop: it was held across an `await`, and whoever spins for it
 * then keeps the holder from ever going on.
 */
import { SLEEP_RULES } from '../rules/index.ts';
import type { Parts } from './parts.ts';

export class SpinWatch {
  readonly #parts: Parts;
  readonly #isOff: boolean;
  #isPending = false;

  /** @param isOff for an owner that may give way: a CPU that is simulated, say, and whose steps the event loop drives */
  constructor(parts: Parts, isOff: boolean) {
    this.#parts = parts;
    this.#isOff = isOff;
  }

  /** The owner has a spinning lock now. Once in a turn of the event loop this costs a microtask. */
  begin(): void {
    if (!this.#isPending && !this.#isOff) {
      this.#isPending = true;
      // A microtask runs as soon as the program gives way, and before anybody else can ask for the lock.
      queueMicrotask(() => this.#look());
    }
  }

  #look(): void {
    const { owner, engine, stack } = this.#parts;
    this.#isPending = false;
    const held = stack.view();
    if (held.some(({ chain }) => chain.spins)) {
      const situation = engine.state.contexts.task;
      const event = { owner, held, situation, act: 'gave-way' as const, isStrict: false, site: null };
      engine.aside(() => engine.judge(SLEEP_RULES, event));
    }
  }
}
