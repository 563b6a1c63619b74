/**
 * What an acquire of a read-write lock is in the eyes of the checker, and which writers stop it: both must say the same.
 */
import type { Mode } from '../../../model/lock.ts';
import type { Owner } from '../../../owner.ts';
import type { Asking } from '../base/thread-witness.ts';
import { ModeCode } from '../memory/layout.ts';
import { Stop } from './rw-words.ts';

export interface RwRules {
  /** Whether a waiting writer stops new readers. */
  readonly stopsReaders: boolean;
  /** Whether a thread that reads may read again, though a writer waits. */
  readonly recursiveReaders: boolean;
}

/** How it is asked for. */
export interface RwAsk {
  readonly owner: Owner | null;
  readonly caller: (...args: never) => unknown;
  readonly isRead: boolean;
}

/** What an acquire is, once it is known what the thread has. */
export interface RwPlan extends RwAsk {
  readonly code: number;
  readonly asking: Asking;
  /** One of `Stop`. */
  readonly stops: number;
}

/** @param isNested whether the thread reads already */
export function planOf(
  ask: RwAsk,
  { stopsReaders, recursiveReaders, isNested }: RwRules & { readonly isNested: boolean },
): RwPlan {
  const { caller, isRead, owner } = ask;
  if (!isRead) {
    return { ...ask, code: ModeCode.EXCLUSIVE, asking: { caller }, stops: 0 };
  }
  // Who interrupts a reader cannot wait for a writer that waits for him.
  const isInterrupt = owner?.isIn('hardirq') === true || owner?.isIn('softirq') === true;
  const isRecursive = isInterrupt || (recursiveReaders && (isNested || !stopsReaders));
  const mode: Mode = isRecursive ? 'recursive-shared' : 'shared';
  const stops = isRecursive || !stopsReaders ? Stop.NO_WAITING_WRITER : Stop.ANY_WRITER;
  return {
    ...ask,
    code: isRecursive ? ModeCode.RECURSIVE : ModeCode.SHARED,
    asking: { caller, mode },
    // Nobody writes while the thread reads.
    stops: isNested && isRecursive ? Stop.WRITING : stops,
  };
}
