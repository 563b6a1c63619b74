/**
 * What is said where a read-write lock is asked for, or given back, by one who cannot have it.
 */
import type { Owner } from '../../../owner.ts';
import type { SharedHolder } from '../base/shared-lock.ts';
import { NotHolderError, RecursiveLockError } from '../errors.ts';
import { actorIn, holdingsOf } from '../memory/rows.ts';
import { tellOwnThread } from '../waiting/tell.ts';
import type { Wait } from '../waiting/wait.ts';
import type { Waitable } from '../waiting/waiting.ts';

/** Who in a thread has the lock, as far as its row says. */
export function holderIn({ space, id }: Waitable, slot: number): SharedHolder {
  const row = holdingsOf(space, slot).find(({ lock }) => lock === id);
  const { owner, thread, site } = row ?? { ...actorIn(space, slot, 0), site: null };
  return { owner, thread, site };
}

/** This thread has the lock, and would wait for itself. @throws RecursiveLockError */
export function refuseOwn(
  wait: Wait,
  { isRead, writes }: { readonly isRead: boolean; readonly writes: boolean },
): never {
  const { lock } = wait;
  const holder = holderIn(lock, lock.space.threads.own);
  tellOwnThread(wait, holder);
  const { owner, site } = holder;
  const since = site === null ? '' : ` (since ${site.file}:${site.line}:${site.column})`;
  const wants = isRead ? 'to read' : 'to write';
  const behind = isRead && !writes ? ', behind a writer that waits for it' : '';
  throw new RecursiveLockError(
    `${lock.name}: ${owner} ${writes ? 'writes' : 'reads'} already${since} and asks ${wants}${behind}; the thread would wait for itself for ever`,
  );
}

export interface Misrelease {
  readonly owner: Owner | null;
  readonly isRead: boolean;
  /** Whether it has the lock in the other mode. */
  readonly holdsOtherwise: boolean;
}

/** What a release of a lock is refused with that its owner does not hold so. */
export function notHeld(lock: Waitable & { readonly holder: SharedHolder | null }, how: Misrelease): NotHolderError {
  const { owner, isRead, holdsOtherwise } = how;
  const who = owner?.name ?? actorIn(lock.space, lock.space.threads.own, 0).thread;
  const wanted = isRead ? 'for reading' : 'for writing';
  const other = isRead ? 'for writing: unlockWrite()' : 'for reading: unlockRead()';
  const { holder } = lock;
  const holds = holder === null ? 'nobody holds it' : `${holder.owner} in ${holder.thread} holds it: unlock it there`;
  return new NotHolderError(
    `${lock.name} is not held ${wanted} by ${who}; ${holdsOtherwise ? `it holds it ${other}` : holds}`,
  );
}
