/**
 * Small words for the specs of locks. Nothing here sleeps: after `idle()` whoever can go on without help has gone on.
 */

/** Everybody has gone on who can. */
export const idle = (): Promise<void> => new Promise((done) => setImmediate(done));

/** The answer, or `waiting` where there is none although everybody has gone on. */
export function now<Answer>(answer: Promise<Answer>): Promise<Answer | 'waiting'> {
  return Promise.race([answer, idle().then((): 'waiting' => 'waiting')]);
}

/** More turns than anything here takes. */
const MANY = 50;

/** Turns of the microtask queue until a promise that was just handed out is seen to be settled. */
export async function ticks(promise: Promise<unknown>): Promise<number> {
  let isOver = false;
  const over = (): void => {
    isOver = true;
  };
  promise.then(over, over);
  let count = 0;
  for (; !isOver && count < MANY; count++) {
    await null;
  }
  return count;
}

/** Numbers from 0 to 1 that are the same for the same seed. After mulberry32. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Gives way for as long as the dice say: not at all, some microtasks, or a turn of the event loop. */
export async function pause(random: () => number): Promise<void> {
  const dice = Math.floor(random() * 6);
  if (dice === 5) {
    await idle();
  }
  for (let at = 0; at < dice; at++) {
    await null;
  }
}

/** What a promise is rejected with. @throws if it is not */
export function refusal(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`not rejected: ${String(value)}`);
    },
    (error: unknown) => error,
  );
}

/** What a call throws or its promise is rejected with. @throws if neither */
export async function refused(work: () => unknown): Promise<unknown> {
  let result: unknown;
  try {
    result = work();
  } catch (error) {
    return error;
  }
  return refusal(Promise.resolve(result));
}

/** The first one to `count`, as `[1, 2, …]`. */
export const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1);

/** Timers that keep the process alive. The test runner has some of its own, which come and go. */
export const timers = (): number => process.getActiveResourcesInfo().filter((one) => one === 'Timeout').length;

/** How many times something is done of which each time could leave something behind. */
export const OFTEN = 30;
/** More than the test runner may have of its own, and fewer than `OFTEN`. */
export const NOISE = 10;

/** A promise and how to end it. */
export interface Deferred<Value> {
  readonly promise: Promise<Value>;
  resolve(value: Value): void;
  reject(reason: unknown): void;
}

export function deferred<Value = void>(): Deferred<Value> {
  let resolve: (value: Value) => void = () => {};
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<Value>((done, fail) => {
    resolve = done;
    reject = fail;
  });
  return { promise, resolve, reject };
}
