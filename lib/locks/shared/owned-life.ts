/**
 * The life of an `OwnedLock`, which all threads share: it stands beside the word of the lock, with the place where it was destroyed.
 */
import type { Lifetime, LockInstance } from '../../state/classes.ts';
import { RawSite } from '../../state/site.ts';
import { LOCK_HEAD_WORDS } from './memory/layout.ts';
import { siteOf } from './memory/rows.ts';
import type { Space } from './memory/space.ts';

const LIFE = LOCK_HEAD_WORDS + 1;
const DESTROYED_AT = LOCK_HEAD_WORDS + 2;

/** Words of a lock that has a life: its own, and the two of that. */
export const LIVING_WORDS = 3;

/** What the word says. Memory that is all zero was never initialised. */
const LIVES: readonly Lifetime[] = ['uninitialised', 'ready', 'destroyed'];

export function lifeIn(words: Int32Array): Lifetime {
  return LIVES[Atomics.load(words, LIFE)] ?? 'destroyed';
}

export function beginLife(words: Int32Array): void {
  Atomics.store(words, LIFE, LIVES.indexOf('ready'));
}

/** @param site number of the place where it ends */
export function endLife(words: Int32Array, site: number): void {
  words[DESTROYED_AT] = site;
  Atomics.store(words, LIFE, LIVES.indexOf('destroyed'));
}

/** Tells the checker of this thread what became of a lock in any of them. */
export function tellLife(instance: LockInstance, space: Space, words: Int32Array): void {
  const life = lifeIn(words);
  if (instance.lifetime === life) {
    return;
  }
  instance.lifetime = life;
  if (life === 'destroyed') {
    instance.destroyed = RawSite.of(siteOf(space, words[DESTROYED_AT] as number));
  }
}
