/** One run of an async function. It settles its promise no sooner than what it waits for has ended. */
export class Activation {
  /** The promise that it waits for; `null` while it runs, once it is over, and where that is not known. */
  awaited: object | null = null;
  /** True once it has returned. */
  isOver = false;
}
