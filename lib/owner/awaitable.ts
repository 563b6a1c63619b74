/**
 * Results that somebody can wait for.
 */
/**
 * What can be awaited, or `null` for a plain result. Reads `then` once, as the language does: what is lazy may count.
 * @throws what that throws
 */
export function awaitableOf<R>(result: R | PromiseLike<R>): PromiseLike<R> | null {
  if (result instanceof Promise) {
    return result;
  }
  if ((typeof result !== 'object' || result === null) && typeof result !== 'function') {
    return null;
  }
  const { then } = result as Partial<PromiseLike<R>>;
  // biome-ignore lint/suspicious/noThenProperty: it stands for a thenable
  return typeof then === 'function' ? ({ then: then.bind(result) } as PromiseLike<R>) : null;
}
