/**
 * What the command touches of the outside world, given to it by the few lines that start it, so that specs can give other things.
 */
import type { StdioOptions } from 'node:child_process';

export interface Io {
  /** Writes to standard output. */
  readonly out: (text: string) => void;
  /** Writes to standard error. */
  readonly err: (text: string) => void;
  readonly color: { readonly out: boolean; readonly err: boolean };
  /** The folder that relative paths start from, and in which commands run. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Absolute path of the module that is preloaded into the processes of a run. */
  readonly preload: string;
  readonly version: string;
  /** Streams of the command under `run`. @default 'inherit' */
  readonly stdio?: StdioOptions;
}
