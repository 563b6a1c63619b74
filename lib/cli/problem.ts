/**
 * An error that the user can mend. It is shown as one line; any other error is shown with its stack.
 */

/** What is wrong, and what to do about it. */
export class KnownError extends Error {
  override readonly name = 'KnownError';
}

interface SystemError {
  readonly code?: unknown;
  readonly message?: unknown;
}

/** The code of an error of the operating system, such as `ENOENT`, or an empty text. */
export function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as SystemError;
  return typeof code === 'string' ? code : '';
}

const IN_WORDS: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'permission denied'],
  ['EPERM', 'not permitted'],
  ['ENOENT', 'not found'],
  ['ENOTDIR', 'a part of the path is not a folder'],
  ['EEXIST', 'something that is not a folder has this name'],
  ['EISDIR', 'it is a folder'],
  ['ENOSPC', 'no space left on the disk'],
  ['EROFS', 'the file system is read-only'],
  ['EMFILE', 'too many open files'],
]);

/** An error of the operating system in words, on one line. */
export function inWords(error: unknown): string {
  const { message } = (error ?? {}) as SystemError;
  return IN_WORDS.get(codeOf(error)) ?? String(message ?? error).replaceAll(/\s+/g, ' ');
}
