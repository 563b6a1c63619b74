/**
 * `priority-inversion`: who waits is more urgent than the holder, and the holder does not run, so that the urgent one waits for
 * whatever runs instead. A spinning waiter can be that itself: then nothing ends it. How long is too long is for the caller to say.
 */
import { actorOf } from '../model/actor.ts';
import { classAnchor } from '../model/fingerprint.ts';
import type { OwnerRef } from '../model/owner.ts';
import { shareOf } from '../model/unit.ts';
import type { PriorityInversionViolation } from '../model/violation.ts';
import type { LockClass, LockInstance } from '../state/classes.ts';
import type { HeldLock } from '../state/held.ts';
import type { RawSite } from '../state/site.ts';
import type { State } from '../state/state.ts';
import { finding, placeKey, resolve } from './finding.ts';

export interface Inversion {
  /** Who waits. */
  readonly owner: OwnerRef;
  readonly held: readonly HeldLock[];
  readonly lock: LockInstance;
  readonly class: LockClass;
  /** Where it asked. */
  readonly site: RawSite | null;
  /** Milliseconds that it waits. */
  readonly ms: number;
  /** How often it looked at the lock meanwhile. */
  readonly spins: number;
  /** Declared; the greater the more urgent. */
  readonly priority: number;
  readonly holder: PriorityInversionViolation['holder'];
  readonly evidence: PriorityInversionViolation['evidence'];
  /** Milliseconds of CPU time that the holder got meanwhile, where that is known. */
  readonly cpuMs?: number;
  readonly isSpinning: boolean;
}

/** Quiet where the holder is as urgent. */
export function priorityInversion(state: State, event: Inversion): readonly PriorityInversionViolation[] {
  const { owner, held, ms, spins, priority, holder, evidence, cpuMs = null, isSpinning } = event;
  if (priority <= holder.priority) {
    return [];
  }
  const lock = event.class.ref;
  const asked = resolve(state, event.site);
  const base = finding(state, {
    rule: 'priority-inversion',
    severity: 'warning',
    // Who sleeps may wait for one who sleeps, too.
    confidence: evidence === 'descheduled' && isSpinning ? 'certain' : 'possible',
    message: `${owner.name} (priority ${priority}) ${waited(event)}; its holder ${ranked(holder)} ${lack(event)} meanwhile.`,
    owner,
    held,
    sites: [asked, holder.site],
    identity: [classAnchor(lock), placeKey(asked)],
  });
  return [{ ...base, lock, asked, ms, spins, isSpinning, priority, holder, evidence, cpuMs }];
}

/** `log (priority 1)`, or `log (worker 2, priority 1)`. */
function ranked(holder: Inversion['holder']): string {
  const name = actorOf(holder);
  return name === holder.thread
    ? `${name} (priority ${holder.priority})`
    : `${name.slice(0, -1)}, priority ${holder.priority})`;
}

function waited({ isSpinning, ms, class: { ref } }: Inversion): string {
  const time = `${Math.round(ms)} ms`;
  return isSpinning ? `spun for ${time} on ${shareOf(ref)}` : `waited ${time} for ${shareOf(ref)}`;
}

function lack({ evidence, cpuMs = 0 }: Inversion): string {
  if (evidence === 'no-progress') {
    return 'made no progress';
  }
  const got = Math.round(cpuMs);
  return got === 0 ? 'got no CPU time' : `got ${got} ms of CPU time`;
}
