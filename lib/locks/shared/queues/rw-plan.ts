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

/** What an acquire is, once it is known what the thread has. Made once for each method and each way, so that none is made again. */
export interface RwPlan {
  readonly caller: RwAsk['caller'];
  readonly isRead: boolean;
  readonly code: number;
  readonly asking: Asking;
  /** One of `Stop`. */
  readonly stops: number;
}

const plans = new WeakMap<RwAsk['caller'], RwPlan[]>();
const { EXCLUSIVE, SHARED, RECURSIVE } = ModeCode;
const { ANY_WRITER, NO_WAITING_WRITER, WRITING } = Stop;

/** @param isNested whether the thread reads already */
export function planOf({ caller, isRead, owner }: RwAsk, rules: RwRules, isNested: boolean): RwPlan {
  if (!isRead) {
    return known(caller, { code: EXCLUSIVE, stops: 0 });
  }
  // Who interrupts a reader cannot wait for a writer that waits for him.
  const isInterrupt = owner?.chain.situation.isInterrupt === true;
  const isRecursive = isInterrupt || (rules.recursiveReaders && (isNested || !rules.stopsReaders));
  const stops = isRecursive || !rules.stopsReaders ? NO_WAITING_WRITER : ANY_WRITER;
  const code = isRecursive ? RECURSIVE : SHARED;
  // Nobody writes while the thread reads.
  return known(caller, { code, stops: isNested && isRecursive ? WRITING : stops });
}

function known(caller: RwAsk['caller'], { code, stops }: Pick<RwPlan, 'code' | 'stops'>): RwPlan {
  const mine = plans.get(caller) ?? [];
  const before = mine.find((plan) => plan.code === code && plan.stops === stops);
  if (before !== undefined) {
    return before;
  }
  const mode: Mode = code === RECURSIVE ? 'recursive-shared' : 'shared';
  const asking = code === EXCLUSIVE ? { caller } : { caller, mode };
  const made = { caller, isRead: code !== EXCLUSIVE, code, asking, stops };
  plans.set(caller, [...mine, made]);
  return made;
}
