/**
 * Runs of async functions, told from the promises that are made. An async function makes its promise when it is called, and
 * gives way right after it has made the one that it goes on with. So within a stretch of synchronous code the innermost
 * function that has not given anything away yet is the one that waits; and the last promise made before the end of a
 * continuation is the one that this goes on with. That is inferred: where it cannot be told, nothing is said.
 */
import { Activation } from './activation.ts';
import { type Link, link, linkOf } from './links.ts';
import { builtin } from './runtime.ts';

const hooks = builtin('node:async_hooks');
const currentId: () => number = hooks?.executionAsyncId ?? (() => 0);
const currentResource: () => object | null = hooks?.executionAsyncResource ?? (() => null);

/** The synchronous code that runs between two turns: what is called in it, and who goes on after it. */
export class Segment {
  /** The run that the continuation belongs to, where it belongs to one. */
  #own: Activation | null = null;
  /** Promises that were made without waiting for anything, and that nobody has used yet: those of calls that may still run. */
  readonly #open: object[] = [];
  /** The latest promise that waits, if nothing has happened since. */
  #last: {
    readonly link: Link;
    readonly awaited: object;
    readonly inner: Activation | null;
    readonly before: object | null;
  } | null = null;
  /** What the runtime calls the callback that runs. */
  #id = 0;
  #promise: object | null = null;
  /** The promise that was made right before, if that was of a call that may have been still running. */
  #closer: { readonly by: object; readonly of: object } | null = null;

  /**
   * A continuation begins.
   * @param awaited the promise that it waited for
   */
  begin(promise: object, activation: Activation | undefined, awaited: object | undefined): void {
    this.end(true);
    this.#id = currentId();
    this.#promise = promise;
    // What hangs on another promise than the one that the run waits for is a callback that it left behind.
    if (activation !== undefined && activation.awaited === awaited) {
      this.#own = activation;
      activation.awaited = null;
      activation.isOver = false;
    }
  }

  /** The stretch is over. @param isSure whether the continuation has given way, and not only something else begun meanwhile */
  end(isSure = false): void {
    const last = this.#last;
    if (isSure && last === null && this.#own !== null) {
      this.#own.isOver = true;
    }
    if (last !== null && this.#own !== null) {
      // It is the continuation itself that waits, whatever was called in it.
      if (last.inner !== null) {
        last.inner.awaited = last.before;
      }
      last.link.resumes = this.#own;
      this.#own.awaited = last.awaited;
    }
    this.#own = null;
    if (this.#open.length > 0) {
      this.#open.length = 0;
    }
    this.#last = null;
    this.#closer = null;
  }

  /** True where nothing has to be said of what ran last. */
  get isUnused(): boolean {
    return this.#own === null && this.#last === null && this.#open.length === 0;
  }

  /** True for the promise of the continuation that runs. */
  isRunning(promise: object): boolean {
    return this.#promise === promise;
  }

  /** The run that the code belongs to at the moment, where that is known. */
  get activation(): Activation | null {
    const inner = this.#open.at(-1);
    return inner === undefined ? this.#own : activationOf(inner);
  }

  /** The continuation is one of an async function that is not known yet. */
  adopt(): Activation {
    this.#own ??= new Activation();
    return this.#own;
  }

  /** A promise was made. */
  made(promise: object, parent: object | undefined, made: Link): void {
    this.#checkCallback();
    if (this.#promise !== null && parent !== undefined) {
      // If this is not settled when the continuation ends, it has taken over the state of another one.
      link(this.#promise).adopts = parent;
    }
    const closer = this.#closer;
    this.#closer = null;
    if (parent === undefined) {
      this.#open.push(promise);
      this.#last = null;
      return;
    }
    // What is made of a promise stands outside of the call that gave it: that one is over. But where something else than a
    // promise is awaited, it is the call itself that wraps it.
    const wrapping = parent === closer?.by ? closer.of : undefined;
    this.#closer = this.#close(parent) ? { by: promise, of: parent } : null;
    const inner = wrapping ?? this.#open.at(-1);
    const activation = inner === undefined ? null : activationOf(inner);
    this.#last = { link: made, awaited: parent, inner: activation, before: activation?.awaited ?? null };
    if (activation !== null) {
      made.resumes = activation;
      activation.awaited = parent;
    }
  }

  /** A promise was settled. */
  settled(promise: object): void {
    if (promise === this.#promise) {
      // The promise of a continuation is settled when that gives way, whether it goes on later or not.
      this.end(true);
      link(promise).adopts = undefined;
      return;
    }
    if (promise === this.#closer?.by) {
      // What wraps something that is no promise is settled at once.
      return;
    }
    const over = linkOf(promise)?.settledBy;
    if (over !== undefined) {
      over.awaited = null;
      over.isOver = true;
    }
    this.#checkCallback();
    this.#last = null;
    this.#closer = null;
    this.#close(promise);
  }

  // Callbacks that are no continuations begin without a word.
  #checkCallback(): void {
    const id = currentId();
    // Where async hooks are in use a continuation is a callback of its own.
    if (id !== this.#id && currentResource() !== this.#promise) {
      this.end();
      this.#id = id;
      this.#promise = null;
    }
  }

  #close(promise: object): boolean {
    const at = this.#open.lastIndexOf(promise);
    if (at >= 0) {
      this.#open.length = at;
    }
    return at >= 0;
  }
}

function activationOf(promise: object): Activation {
  const known = link(promise);
  known.settledBy ??= new Activation();
  return known.settledBy;
}
