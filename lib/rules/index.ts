/**
 * The rules, by the event that they judge. A new rule is a new file and a row here.
 */
import type { Violation } from '../model/violation.ts';
import type { Attempt } from '../state/attempt.ts';
import type { State } from '../state/state.ts';
import { assertHeld } from './assert-held.ts';
import { assertNotHeld } from './assert-not-held.ts';
import type { Claim } from './assertion.ts';
import { badRelease } from './bad-release.ts';
import { heldAtExit, type OwnerExit } from './held-at-exit.ts';
import { orderCycle } from './order-cycle.ts';
import { poolNesting } from './pool-nesting.ts';
import { recursion } from './recursion.ts';
import type { StrayRelease } from './release.ts';
import { type Stall, stalled } from './stalled.ts';
import { wrongOwnerRelease } from './wrong-owner-release.ts';

/** Judges one event. Never prints, never throws, changes nothing. */
export type Rule<Event> = (state: State, event: Event) => readonly Violation[];

/** A lock is asked for, before anybody waits. */
export const ACQUIRE_RULES: readonly Rule<Attempt>[] = [recursion, poolNesting, orderCycle];
/** More of what a flow holds was asked for, and it is known by now that the flow waited for it. */
export const NESTING_RULES: readonly Rule<Attempt>[] = [recursion, poolNesting];
/** A lock is released by an owner that does not hold it. */
export const RELEASE_RULES: readonly Rule<StrayRelease>[] = [badRelease, wrongOwnerRelease];
/** An owner ends. */
export const EXIT_RULES: readonly Rule<OwnerExit>[] = [heldAtExit];
/** Nothing is left to run. */
export const STALL_RULES: readonly Rule<Stall>[] = [stalled];
export const HELD_ASSERTIONS: readonly Rule<Claim>[] = [assertHeld];
export const NOT_HELD_ASSERTIONS: readonly Rule<Claim>[] = [assertNotHeld];
