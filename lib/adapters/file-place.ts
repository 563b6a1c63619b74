/**
 * Which file is meant by a path, and what it is called on every machine.
 */
import type * as Path from 'node:path';
import { builtin } from '../owner/runtime.ts';
import { isObject } from './calls.ts';
import { ownValue } from './shape.ts';

const fs = builtin('node:fs');
const os = builtin('node:os');
const path = builtin('node:path') as typeof Path | undefined;

/** As the library finds out which file is meant, but without waiting. */
export function canonical(file: string, options: unknown): string {
  const full = path?.resolve(file) ?? file;
  const isPlain =
    !isObject(options) || (ownValue(options, 'realpath') !== false && ownValue(options, 'fs') === undefined);
  return isPlain ? realpath(full) : full;
}

function realpath(file: string): string {
  try {
    return fs?.realpathSync?.(file) ?? file;
  } catch {
    return file;
  }
}

/**
 * What a file is called on every machine: its path in the project, in the home of the user, or in the folder for temporary
 * files, where the first folder has another name each time.
 * @returns the part that is left out, to tell files apart, and the name
 */
export function placeOf(file: string): { readonly folder: string; readonly name: string } {
  const { LOCKDEP_ROOT: root = process.cwd() } = process.env;
  const inProject = below(realpath(root), file);
  if (inProject !== undefined) {
    return { folder: '', name: inProject };
  }
  const temporary = realpath(os?.tmpdir?.() ?? '/tmp');
  const inTemporary = below(temporary, file);
  if (inTemporary !== undefined) {
    const [first = '', ...rest] = inTemporary.split('/');
    return rest.length === 0
      ? { folder: '', name: `tmp/${first}` }
      : { folder: first, name: `tmp/*/${rest.join('/')}` };
  }
  const inHome = below(realpath(os?.homedir?.() ?? '/'), file);
  return { folder: '', name: inHome === undefined ? file : `~/${inHome}` };
}

function below(folder: string, file: string): string | undefined {
  const relative = path?.relative(folder, file) ?? file;
  return relative === '' || relative.startsWith('..') || path?.isAbsolute(relative) === true
    ? undefined
    : relative.replaceAll('\\', '/');
}
