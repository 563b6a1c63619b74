/**
 * How units of a lock that several threads hold at a time are asked for.
 */
import type { Mode } from '../../../model/lock.ts';
import type { Owner } from '../../../owner.ts';
import { ModeCode } from '../memory/layout.ts';
import type { Asking } from './thread-witness.ts';

export interface UnitsAsk {
  readonly owner: Owner | null;
  readonly units: number;
  /** What the checker is told, with the mode and the units. */
  readonly asking: Asking;
  /** Milliseconds after which the wait ends. */
  readonly timeout?: number | undefined;
}

/** How other threads are told of the mode. */
export function modeCode({ mode }: { readonly mode?: Mode | undefined }): number {
  return mode === 'shared' ? ModeCode.SHARED : ModeCode.EXCLUSIVE;
}
