/**
 * Consecutive locks of one class that are taken under one guard are one entry of the held stack, however many they are.
 */
import type { Attempt } from '../state/attempt.ts';
import { type Entry, newExtra } from './entry.ts';
import type { HeldStack } from './held-stack.ts';

/** The entry that the lock becomes a part of, if it does. */
export function hostOf({ depth, entries, situation }: HeldStack, attempt: Attempt): Entry | undefined {
  const top = depth > 0 ? entries[depth - 1] : undefined;
  const fits =
    attempt.isGuarded &&
    top?.class === attempt.class &&
    top.mode === attempt.mode &&
    top.try === attempt.try &&
    top.chain.situation.section === situation.section;
  return fits ? top : undefined;
}

export function fold(host: Entry, { lock, nest = null }: Attempt): void {
  host.folded = [...(host.folded ?? []), lock];
  host.extra ??= newExtra(nest);
  host.isPlain = false;
}
