/**
 * The environment of the command: how the checker gets into every Node process that it starts.
 */
import path from 'node:path';

/** What the preloaded checker is told. */
export interface CheckerSettings {
  /** Absolute path of the module to preload. */
  readonly preload: string;
  /** Absolute path of the snapshot folder. */
  readonly directory: string;
  readonly run: string;
  readonly root: string;
  /** Folder with a `node` of ours to be found first, where there is one. */
  readonly shim?: string | undefined;
  /** Whether holds are timed. @default false */
  readonly stats?: boolean;
}

/** A copy of the environment with the checker in it. */
export function checkedEnvironment(env: NodeJS.ProcessEnv, settings: CheckerSettings): NodeJS.ProcessEnv {
  const { preload, directory, run, root, shim, stats = false } = settings;
  const checked: NodeJS.ProcessEnv = {
    ...env,
    NODE_OPTIONS: addPreload(env['NODE_OPTIONS'], preload),
    LOCKDEP_DIR: directory,
    LOCKDEP_RUN: run,
    LOCKDEP_ROOT: root,
    ...(stats ? { LOCKDEP_STATS: '1' } : {}),
  };
  if (shim !== undefined && env['PATH'] !== undefined) {
    checked['PATH'] = `${shim}${path.delimiter}${env['PATH']}`;
  }
  return checked;
}

/** Our module comes first, so that it is there before any other preloaded one loads a library of locks. Never twice. */
export function addPreload(options: string | undefined, preload: string): string {
  const ours = `--require "${escapeForNodeOptions(preload)}"`;
  if (options === undefined || options.trim() === '') {
    return ours;
  }
  return options.includes(ours) ? options : `${ours} ${options}`;
}

/** Within double quotes, Node takes a backslash as the escape of the next character. */
export function escapeForNodeOptions(text: string): string {
  return text.replaceAll(/["\\]/g, '\\$&');
}
