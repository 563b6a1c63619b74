import type { RuleId } from '../../lib/model/violation.ts';

/** A small real program that uses a watched library, and what must be found in it. */
export interface LibraryRow {
  /** File below `spec/libraries/programs`. */
  readonly file: string;
  /** Further files below `spec/libraries/programs` that it loads. */
  readonly with?: readonly string[];
  /** Why exactly these findings. */
  readonly reason: string;
  /** Rules that must be reported as errors, each by one finding. None: the program is clean. */
  readonly rules: readonly RuleId[];
  /** Rules that may be reported beside them: true, but another view of the same defect. Anything else is a false alarm. */
  readonly allowed?: readonly RuleId[];
  /** Rules that must be reported as warnings. */
  readonly warnings?: readonly RuleId[];
  /** What the text report must say: names, places. */
  readonly says?: readonly RegExp[];
  /** The exit code of the program alone. @default 0 */
  readonly code?: number;
  /** The installed sets of libraries that it runs with. @default ['current'] */
  readonly sets?: readonly LibrarySet[];
  /** The oldest version of Node that the library of this row runs on. @default 20 */
  readonly node?: 20 | 22 | 24;
  /** A server that it needs; such rows run under `npm run test:servers` only. */
  readonly server?: 'postgres' | 'redis' | 'mysql';
  /** Milliseconds after which the report must be there. @default 25000 */
  readonly withinMs?: number;
  /** Environment of the program. */
  readonly env?: Readonly<Record<string, string>>;
}

/** `current`: spec/libraries; `previous`: spec/libraries/previous, the majors before. */
export type LibrarySet = 'current' | 'previous';
