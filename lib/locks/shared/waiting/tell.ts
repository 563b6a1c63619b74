/**
 * What a waiter found, told to the checker of its thread. The thread may never come back to its event loop: so what is news is
 * written at once.
 */
import type { ClassRef } from '../../../model/lock.ts';
import type { HeldRef, WaitRef } from '../../../model/violation.ts';
import { deadlockOf } from '../../../rules/deadlock.ts';
import {
  INVERSION_RULES,
  OWNER_DEATH_RULES,
  type Rule,
  STARVATION_RULES,
  THREAD_DEADLOCK_RULES,
} from '../../../rules/index.ts';
import { heldRef as shownHeld } from '../../../state/held.ts';
import { captureSite } from '../../../state/site.ts';
import { DeadlockError } from '../../errors.ts';
import type { SharedHolder } from '../base/shared-lock.ts';
import { Head, LockHead, Row, rowOf } from '../memory/layout.ts';
import { actorIn, epochMs, type HoldingRow, holdingsOf, siteOf } from '../memory/rows.ts';
import type { Space } from '../memory/space.ts';
import type { CircleWait } from './circles.ts';
import type { Waiting } from './waiting.ts';

/** Who waits, and what for, in the words of the checker. */
function factsOf(wait: Waiting) {
  const { lock, how } = wait;
  const { witness, instance } = lock;
  if (witness === null || instance === null || how.owner === null) {
    return undefined;
  }
  wait.site ??= captureSite(how.caller);
  // What it asks for is on its stack already.
  const held = how.owner.entries().filter((entry) => entry.lock !== instance);
  const base = { owner: how.owner, held, lock: instance, class: instance.class, site: wait.site };
  return { lockdep: witness.lockdep, base };
}

function judge<Event>(wait: Waiting, rules: readonly Rule<Event>[], event: Event): void {
  const lockdep = wait.lock.witness?.lockdep;
  lockdep?.during(() => lockdep.judge(rules, event));
  lockdep?.flushNews();
}

/** A thread ended with the lock. */
export function tellDeath(wait: Waiting, slot: number): void {
  const facts = factsOf(wait);
  if (facts === undefined) {
    return;
  }
  const { lock } = wait;
  const own = holdingsOf(lock.space, slot).find((row) => row.lock === lock.id);
  const { owner, thread } = own ?? actorIn(lock.space, slot, 0);
  const dead = { name: thread, owner, site: own?.site ?? null };
  judge(wait, OWNER_DEATH_RULES, {
    ...facts.base,
    dead,
    mode: (own?.isShared ?? lock.isSharedBy?.(slot)) === true ? 'shared' : 'exclusive',
    waiters: waitersFor(lock.space, lock.id),
  });
}

function waitersFor({ threads }: Space, lock: number): number {
  const { words, highest } = threads;
  let count = 0;
  for (let slot = 1; slot <= highest; slot++) {
    const row = rowOf(slot);
    const waits = (words[row + Row.WAIT_TURN] as number) % 2 !== 0 && words[row + Row.WAIT_LOCK] === lock;
    count += Number(waits && threads.isLive(slot));
  }
  return count;
}

/**
 * Threads wait for each other in a circle, and this one has seen it.
 * @throws DeadlockError where its wait is to end
 */
export function tellCircle(wait: Waiting, circle: readonly CircleWait[], rejected: boolean): void {
  const facts = factsOf(wait);
  if (facts === undefined) {
    return;
  }
  const { lockdep, base } = facts;
  const { space } = wait.lock;
  const waits = circle.map((one) => waitRef(space, one));
  const event = { waits, rejected, owner: base.owner, held: base.held };
  judge(wait, THREAD_DEADLOCK_RULES, event);
  const [violation] = rejected ? deadlockOf(lockdep.state, event) : [];
  if (violation !== undefined) {
    throw new DeadlockError(violation);
  }
}

/** Another owner of this thread holds what is asked for: as long as this one waits, it cannot go on. */
export function tellOwnThread(wait: Waiting, holder: SharedHolder): void {
  const facts = factsOf(wait);
  if (facts === undefined || facts.base.owner.name === holder.owner) {
    // Its own second request is `recursion`, and told.
    return;
  }
  const { owner, held, site, lock } = facts.base;
  const { state } = facts.lockdep;
  const asked = {
    owner: owner.name,
    thread: holder.thread,
    lock: lock.class.ref,
    asked: site.resolve(state.resolver),
    waited: 0,
    held: held.map((one) => shownHeld(one, state.resolver)),
    holders: [holder],
  };
  judge(wait, THREAD_DEADLOCK_RULES, { waits: [asked], rejected: true, owner, held });
}

function waitRef(space: Space, { wait: row, held, holders }: CircleWait): WaitRef {
  return {
    owner: row.owner,
    thread: row.thread,
    isSpinning: row.isSpinning,
    lock: classOf(space, row.classId),
    asked: row.site,
    waited: Math.max(epochMs() - row.since, 0),
    held: held.map((one) => heldRef(space, one)),
    holders: holders.map(({ owner, thread, site }) => ({ owner, thread, site })),
  };
}

function heldRef(space: Space, { classId, site, isShared }: HoldingRow): HeldRef {
  return { lock: classOf(space, classId), mode: isShared ? 'shared' : 'exclusive', site };
}

const UNKNOWN: ClassRef = {
  key: 'a lock that nobody checks',
  name: 'a lock that nobody checks',
  kind: 'spin',
  capacity: 1,
};

function classOf({ log }: Space, id: number): ClassRef {
  const text = log.text(id);
  return text === null ? UNKNOWN : (JSON.parse(text) as ClassRef);
}

/** A holder that is less urgent does not run. */
export function tellInversion(wait: Waiting, seen: { slot: number; ms: number; cpuMs: number | null }): void {
  const facts = factsOf(wait);
  if (facts === undefined) {
    return;
  }
  const { words, space } = wait.lock;
  const { threads } = space;
  const { slot, ms, cpuMs } = seen;
  const holder = {
    ...actorIn(space, slot, words[LockHead.OWNER] as number),
    priority: threads.words[rowOf(slot) + Row.PRIORITY] as number,
    site: siteOf(space, words[LockHead.SITE] as number),
  };
  judge(wait, INVERSION_RULES, {
    ...facts.base,
    ms,
    spins: wait.spins,
    priority: threads.words[threads.row + Row.PRIORITY] as number,
    holder,
    evidence: cpuMs === null ? 'no-progress' : 'descheduled',
    ...(cpuMs === null ? {} : { cpuMs }),
    isSpinning: wait.isSpinning,
  });
}

/** Others get the lock again and again. */
export function tellStarvation(wait: Waiting, passed: number): void {
  const facts = factsOf(wait);
  if (facts === undefined) {
    return;
  }
  const { words, space } = wait.lock;
  const [slot] = wait.lock.holders();
  const site = siteOf(space, words[LockHead.SITE] as number);
  const holder = slot === undefined ? null : { ...actorIn(space, slot, words[LockHead.OWNER] as number), site };
  judge(wait, STARVATION_RULES, { ...facts.base, ms: wait.waited, passed, holder });
}

/** How many threads have ended so far, as far as anybody has noticed. */
export function deathsIn({ words }: Space): number {
  return Atomics.load(words, Head.DEATHS);
}
