/**
 * What a task of the specs is given where it runs, in a browser. A task is a function that names nothing but its arguments and
 * the globals: its text is sent. Types may be named, a type import leaves no trace.
 */
import type * as Package from '../../../lib/index.ts';

/** In every thread. */
export interface World {
  /** The served package, one per thread. */
  readonly lockdep: typeof Package;
  /** Resolves when a word of shared memory has at least the value. Whoever changes it must also notify. */
  until(words: Int32Array, index: number, value: number): Promise<void>;
  /** Stores a value in a word of shared memory and wakes who waits for it. */
  raise(words: Int32Array, index: number, value: number): void;
  /** Imports a served module: `/lockdep/…`, `/modules/…`. */
  load(path: string): Promise<Record<string, unknown>>;
}

export interface WorkerWorld extends World {
  /** Adds to what the page has heard from the worker. */
  say(text: string): void;
}

export interface PageWorld extends World {
  /** A module worker that has loaded the package; rejects when it could not. */
  startWorker(name?: string): Promise<WorkerThread>;
  startWorkers(count: number, name?: string): Promise<WorkerThread[]>;
}

export interface WorkerThread {
  readonly name: string;
  /** What the worker said. */
  readonly heard: readonly string[];
  /** Runs a task there. The input and the result are cloned; shared memory is shared. */
  run<Input, Result>(task: WorkerTask<Input, Result>, input: Input): Promise<Result>;
  run<Result>(task: WorkerTask<undefined, Result>): Promise<Result>;
  /** Ends it wherever it is; what it still ran is rejected. */
  terminate(): void;
}

export type WorkerTask<Input, Result> = (world: WorkerWorld, input: Input) => Result | Promise<Result>;
export type PageTask<Input, Result> = (world: PageWorld, input: Input) => Result | Promise<Result>;
