/**
 * The rules, by the event that they judge. A new rule is a new file and a row here.
 */
import type { Violation } from '../model/violation.ts';
import type { Attempt, Marking } from '../state/attempt.ts';
import type { State } from '../state/state.ts';
import { type Abandonment, abandoned } from './abandoned.ts';
import { assertContext, type ContextClaim } from './assert-context.ts';
import { assertHeld } from './assert-held.ts';
import { assertMaySleep } from './assert-may-sleep.ts';
import { assertNoneHeld } from './assert-none-held.ts';
import { assertNotHeld } from './assert-not-held.ts';
import { assertOwner, type IdentityClaim } from './assert-owner.ts';
import type { Claim, OwnerClaim } from './assertion.ts';
import { badRelease } from './bad-release.ts';
import { badUnpin } from './bad-unpin.ts';
import { type BlockingCall, blockingWhileHeld } from './blocking-while-held.ts';
import { type CallbackCall, callbackUnderLock } from './callback-under-lock.ts';
import { contextImbalance, type Imbalance } from './context-imbalance.ts';
import { type Deadlock, deadlock, deadlockOf, type ToldDeadlock } from './deadlock.ts';
import { type Declaration, declaredOrder, declaredTooLate } from './declared-order.ts';
import { heldAtExit, type OwnerExit } from './held-at-exit.ts';
import { heldDestroy } from './held-destroy.ts';
import { heldReinit } from './held-reinit.ts';
import { irqInconsistent } from './irq-inconsistent.ts';
import { irqInversion } from './irq-inversion.ts';
import { irqOrder } from './irq-order.ts';
import { type LateUse, leaseExpired } from './lease-expired.ts';
import { levelOrder } from './level-order.ts';
import type { LifeEvent } from './lifetime.ts';
import { type LongHold, longHold } from './long-hold.ts';
import { type LongWait, longWait } from './long-wait.ts';
import { nestNotHeld } from './nest-not-held.ts';
import { noOwner, type Unowned } from './no-owner.ts';
import { orderCycle } from './order-cycle.ts';
import { type OwnerDeath, ownerDied } from './owner-died.ts';
import type { Pinning } from './pin.ts';
import { pinnedRelease } from './pinned-release.ts';
import { poolNesting } from './pool-nesting.ts';
import { type Inversion, priorityInversion } from './priority-inversion.ts';
import { blockingUpgrade, recursion } from './recursion.ts';
import type { Release } from './release.ts';
import { releaseOrder } from './release-order.ts';
import { type Sleep, sleepWhileHeld } from './sleep-while-held.ts';
import { type SplitKey, splitKey } from './split-key.ts';
import { type Stall, stalled } from './stalled.ts';
import { type Starvation, starvation } from './starvation.ts';
import { uninitialised } from './uninitialised.ts';
import { useAfterDestroy } from './use-after-destroy.ts';
import { waitContext } from './wait-context.ts';
import { wrongOwnerRelease } from './wrong-owner-release.ts';
import { type WwMisuse, wwMisuse } from './ww-misuse.ts';

/** Judges one event. Never prints, never throws, changes nothing. */
export type Rule<Event> = (state: State, event: Event) => readonly Violation[];

/** A class is used in a new way. */
export const USAGE_RULES: readonly Rule<Marking>[] = [irqInconsistent, irqInversion];
/** A lock is asked for, before anybody waits. */
export const ACQUIRE_RULES: readonly Rule<Attempt>[] = [
  waitContext,
  nestNotHeld,
  recursion,
  poolNesting,
  levelOrder,
  orderCycle,
];
/** What is new of dependencies, after what is new of usages was recorded. */
export const DEPENDENCY_RULES: readonly Rule<Attempt>[] = [declaredOrder, irqOrder];
/** More of what a flow holds was asked for, and it is known by now that the flow waited for it. */
export const NESTING_RULES: readonly Rule<Attempt>[] = [recursion, poolNesting];
/** A reader becomes the writer in place. */
export const UPGRADE_RULES: readonly Rule<Attempt>[] = [blockingUpgrade];
/** A lock is given back, or up. */
export const RELEASE_RULES: readonly Rule<Release>[] = [badRelease, wrongOwnerRelease, pinnedRelease, releaseOrder];
/** A lock is given up in place: it is downgraded or re-classed. */
export const CHANGE_RULES: readonly Rule<Release>[] = [badRelease, wrongOwnerRelease];
export const PIN_RULES: readonly Rule<Pinning>[] = [badUnpin];
/** A lock is initialised, destroyed, or used while it cannot be. */
export const LIFETIME_RULES: readonly Rule<LifeEvent>[] = [heldReinit, heldDestroy, useAfterDestroy, uninitialised];
/** An owner, or a handler, ends. */
export const EXIT_RULES: readonly Rule<OwnerExit>[] = [heldAtExit];
export const CONTEXT_RULES: readonly Rule<Imbalance>[] = [contextImbalance];
export const SLEEP_RULES: readonly Rule<Sleep>[] = [sleepWhileHeld];
export const UNOWNED_RULES: readonly Rule<Unowned>[] = [noOwner];
export const DECLARATION_RULES: readonly Rule<Declaration>[] = [declaredTooLate];
/** A wound/wait context is used against its rules. */
export const WW_RULES: readonly Rule<WwMisuse>[] = [wwMisuse];
/** Owners wait for each other in a circle. */
export const DEADLOCK_RULES: readonly Rule<Deadlock>[] = [deadlock];
/** Owners of several threads do, as was read from memory that they share. */
export const THREAD_DEADLOCK_RULES: readonly Rule<ToldDeadlock>[] = [deadlockOf];
/** A thread ended while it held a lock. */
export const OWNER_DEATH_RULES: readonly Rule<OwnerDeath>[] = [ownerDied];
/** An owner waits for a less urgent one that does not run. */
export const INVERSION_RULES: readonly Rule<Inversion>[] = [priorityInversion];
/** An owner waits, and others pass it. */
export const STARVATION_RULES: readonly Rule<Starvation>[] = [starvation];
/** A lock is held, and nobody is left to release it. */
export const ABANDON_RULES: readonly Rule<Abandonment>[] = [abandoned];
/** A second lock comes into use for a key. */
export const SPLIT_KEY_RULES: readonly Rule<SplitKey>[] = [splitKey];
/** A lock is used as held after its lease has run out. */
export const LEASE_RULES: readonly Rule<LateUse>[] = [leaseExpired];
/** A lock is, or was, held for long. */
export const HOLD_RULES: readonly Rule<LongHold>[] = [longHold];
/** An owner waits, or waited, for long. */
export const WAIT_RULES: readonly Rule<LongWait>[] = [longWait];
/** Code that the holder of a lock does not know runs under it. */
export const CALLBACK_RULES: readonly Rule<CallbackCall>[] = [callbackUnderLock];
/** The whole thread stands still under a lock. */
export const BLOCKING_RULES: readonly Rule<BlockingCall>[] = [blockingWhileHeld];
/** Nothing is left to run. */
export const STALL_RULES: readonly Rule<Stall>[] = [stalled];
export const HELD_ASSERTIONS: readonly Rule<Claim>[] = [assertHeld];
export const NOT_HELD_ASSERTIONS: readonly Rule<Claim>[] = [assertNotHeld];
export const NONE_HELD_ASSERTIONS: readonly Rule<OwnerClaim>[] = [assertNoneHeld];
export const OWNER_ASSERTIONS: readonly Rule<IdentityClaim>[] = [assertOwner];
export const CONTEXT_ASSERTIONS: readonly Rule<ContextClaim>[] = [assertContext];
export const SLEEP_ASSERTIONS: readonly Rule<OwnerClaim>[] = [assertMaySleep];
