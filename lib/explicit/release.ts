/**
 * How an explicit owner gives a lock back.
 */
import { checkCaller, checkLock, checkMode } from '../acquire.ts';
import type { Mode } from '../model/lock.ts';
import { LIFETIME_RULES, RELEASE_RULES } from '../rules/index.ts';
import type { LifeEvent } from '../rules/lifetime.ts';
import type { Release } from '../rules/release.ts';
import type { LockInstance } from '../state/classes.ts';
import { isOf } from '../state/held.ts';
import { captureSite } from '../state/site.ts';
import type { Holder } from './engine.ts';
import { type Entry, unfold } from './entry.ts';
import { endHold, UNTIMED } from './hold-time.ts';
import { runAll } from './owner-contexts.ts';
import type { Parts } from './parts.ts';

export interface ReleaseOptions {
  /** Says in which mode it is released, so that a wrong one is found. @default as it is held */
  readonly mode?: Mode;
  /** The function whose caller is meant by the place of the release: for locks of one's own that call this. */
  readonly caller?: (...args: never) => unknown;
}

export const AS_HELD: ReleaseOptions = {};

/** The function that the program called, to find out from where. */
interface Called {
  readonly caller: unknown;
}

/** @throws what the policy threw, after the lock is released */
export function release(
  parts: Parts,
  lock: LockInstance,
  { mode, caller }: Pick<ReleaseOptions, 'mode'> & Called,
): void {
  const { engine, stack } = parts;
  checkLock(engine.state.classes, lock);
  checkMode(lock, mode);
  checkCaller(caller);
  const at = stack.view().findLastIndex((entry) => isOf(entry, lock));
  const entry = stack.view()[at];
  if (entry === undefined) {
    releaseStray(parts, lock, { caller });
    return;
  }
  const isInterrupted = at < stack.floor && !lock.class.isShared;
  const isPinned = entry.extra?.pins.some((pin) => pin.cookie.lock === lock) === true;
  const steps: (() => unknown)[] = [];
  if (isInterrupted || isPinned || mode !== undefined || engine.isOn('release-order')) {
    const event = releaseOf(parts, lock, { entry, mode, isInterrupted, caller });
    steps.push(() => engine.judge(RELEASE_RULES, event));
  }
  // What the interrupted code holds stays its own.
  runAll(isInterrupted ? steps : [...steps, () => giveBack(parts, lock, { at, caller })]);
}

function giveBack(parts: Parts, lock: LockInstance, { at, caller }: Called & { at: number }): void {
  const { engine, stack } = parts;
  const entry = stack.entries[at] as Entry;
  // Where each place is captured, the last ones are known, and not only the first ones of this chain.
  const isPlain = engine.sites === 'new' && !engine.events;
  const released = isPlain ? (entry.chain.released ?? captureSite(caller)) : captureSite(caller);
  entry.chain.released ??= released;
  lock.last = isPlain ? entry.chain : { site: entry.site, released };
  takeOut(parts, lock, { at, caller });
}

/** Takes a lock off the stack, and lets in what it kept out. */
export function takeOut(
  { engine, stack, contexts }: Parts,
  lock: LockInstance,
  { at, caller }: Called & { at: number },
): void {
  const entry = stack.entries[at] as Entry;
  const inhibits = entry.extra?.inhibits ?? [];
  if (entry.folded !== undefined && entry.folded.length > 0) {
    unfold(entry, lock);
    contexts.allow(inhibits, caller);
    return;
  }
  contexts.removed(at);
  const steps = [at === stack.depth - 1 ? () => stack.pop() : () => stack.remove(at)];
  if (inhibits.length > 0) {
    steps.push(() => contexts.allow(inhibits, caller));
  }
  if (entry.since >= 0) {
    const over = { ...entry };
    entry.since = UNTIMED;
    steps.push(() => endHold(engine, over));
  }
  runAll(steps);
}

function releaseStray(parts: Parts, lock: LockInstance, { caller }: Called): void {
  const { engine } = parts;
  if (lock.lifetime !== 'ready') {
    judgeLife(parts, lock, { act: 'release', caller });
    return;
  }
  engine.judge(RELEASE_RULES, releaseOf(parts, lock, { caller }));
  const giver = lock.class.isShared ? engine.holdersOf(lock).find(({ owner }) => 'drop' in owner) : undefined;
  if (giver !== undefined) {
    (giver.owner as Holder).drop(giver);
  }
}

/** What is said of a lock that an owner gives back, or up. */
export function releaseOf(
  { owner, engine, stack }: Parts,
  lock: LockInstance,
  { caller, ...said }: Partial<Release> & Called,
): Release {
  const own = said.entry as Entry | undefined;
  return {
    owner,
    lock,
    held: stack.view(),
    holder: own ?? engine.holdersOf(lock)[0],
    pin: own?.extra?.pins.find((pin) => pin.cookie.lock === lock)?.site,
    site: captureSite(caller),
    lastTaken: own === undefined ? (lock.last?.site ?? null) : null,
    lastReleased: own === undefined ? (lock.last?.released ?? null) : null,
    exact: true,
    ...said,
  };
}

/** A lock is initialised, destroyed, or used while it is not ready. */
export function judgeLife(
  { owner, engine, stack }: Parts,
  lock: LockInstance,
  { act, caller }: Pick<LifeEvent, 'act'> & Called,
): void {
  const holder = engine.holdersOf(lock)[0];
  engine.judge(LIFETIME_RULES, { owner, lock, act, held: stack.view(), holder, site: captureSite(caller) });
}
