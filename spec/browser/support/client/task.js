/**
 * How a task of the specs gets into a thread of the browser: as the text of a function, which is compiled anew here. A task
 * therefore sees its two arguments and the globals, nothing of the file that it was written in.
 */

/**
 * Compiles a task. Its frames in stack traces bear the name given, as if it were a script of the server.
 * @param {string} source text of a function expression
 * @param {string} name
 */
export function compile(source, name) {
  // The task stands on lines of its own, so that a comment at its end does no harm. Indirect: it sees globals alone.
  // biome-ignore lint/security/noGlobalEval: the text is that of the specs, and this page is theirs alone
  return globalThis.eval(`(${source}\n)\n//# sourceURL=${location.origin}/tasks/${name}.js`);
}

/** Resolves when a word of shared memory has at least the value; blocks no thread. Whoever changes it must also notify. */
export async function until(words, index, value) {
  for (let now = Atomics.load(words, index); now < value; now = Atomics.load(words, index)) {
    await Atomics.waitAsync(words, index, now).value;
  }
}

/** Stores a value in a word of shared memory and wakes all who wait for it. */
export function raise(words, index, value) {
  Atomics.store(words, index, value);
  Atomics.notify(words, index);
}
