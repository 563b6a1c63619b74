/**
 * What a waiter looks for while it waits, and what it says of it. Only a wait that is long already pays for this.
 */

import { OwnerDiedError } from '../errors.ts';
import { leaveGuard, tryGuard } from '../memory/guard.ts';
import { Head, LockHead, Row, rowOf } from '../memory/layout.ts';
import { processorTime } from '../memory/platform.ts';
import { actorIn } from '../memory/rows.ts';
import type { Space } from '../memory/space.ts';
import { findCircle } from './circles.ts';
import { tellCircle, tellDeath, tellInversion, tellStarvation } from './tell.ts';
import type { Waitable, Waiting } from './waiting.ts';

/** A less urgent holder that does not run for this long is told. */
const INVERSION_MS = 10;
/** A holder that got less than this part of a processor does not run. */
const RUNNING_SHARE = 0.1;
const STARVATION_MS = 250;
/** So often others got the lock meanwhile. */
const PASSED = 100;

const Told = { INVERSION: 1, STARVATION: 2 } as const;

/** @throws OwnerDiedError, DeadlockError, or what the policy throws: the wait is then to be given up */
export function lookAround(wait: Waiting): void {
  lookForDeath(wait);
  if (wait.lock.witness !== null && wait.how.owner !== null) {
    lookForCircle(wait);
    lookForInversion(wait);
    lookForStarvation(wait);
  }
}

function lookForDeath(wait: Waiting): void {
  for (const slot of deadHolders(wait.lock)) {
    refuseDead(wait, slot);
  }
}

/** Slots of the threads that hold the lock and have ended, one after the other. May ask the operating system. */
export function* deadHolders(lock: Waitable): Generator<number> {
  for (const slot of lock.holders()) {
    // Asked again: who gave it back before his end changed the words, and who has ended changes nothing.
    if (lock.space.threads.isDead(slot) && lock.holders().includes(slot)) {
      yield slot;
    }
  }
}

/** @throws OwnerDiedError where the lock names a thread that has ended, unless its part of the lock can be given back */
export function refuseDead(wait: Waiting, slot: number): void {
  const { lock } = wait;
  tellDeath(wait, slot);
  if (!lock.bury(slot)) {
    const { thread } = actorIn(lock.space, slot, 0);
    throw new OwnerDiedError(
      `${lock.name}: ${thread} ended while it held the lock; what it protects may be half-written. Repair it and take the lock with recover()`,
      thread,
    );
  }
}

function lookForCircle(wait: Waiting): void {
  const { space } = wait.lock;
  const { threads } = space;
  if (!tryGuard(space.words, Head.LOOK_GUARD, threads)) {
    return;
  }
  const rejects = wait.lock.witness?.lockdep.settings.onDeadlock === 'reject';
  const circle = inGuard(space, () => {
    const found = findCircle(space);
    const isNew = found.some(({ wait: { isTold } }) => !isTold);
    for (const { wait: one } of found) {
      space.words[rowOf(one.slot) + Row.TOLD_TURN] = one.turn;
    }
    if (found.length > 0 && rejects) {
      // Nobody else finds this circle again.
      wait.hide();
    }
    // Where another thread has told of it, this one can still get out.
    return isNew || rejects ? found : [];
  });
  if (circle.length > 0) {
    tellCircle(wait, circle, rejects);
  }
}

function inGuard<Result>(space: Space, work: () => Result): Result {
  try {
    return work();
  } finally {
    leaveGuard(space.words, Head.LOOK_GUARD, space.threads);
  }
}

function lookForInversion(wait: Waiting): void {
  const { lock, memory } = wait;
  const { space } = lock;
  const { words, row } = space.threads;
  const [slot = 0] = lock.holders();
  const own = words[row + Row.PRIORITY] as number;
  if ((memory.told & Told.INVERSION) !== 0 || slot === 0 || own <= (words[rowOf(slot) + Row.PRIORITY] as number)) {
    return;
  }
  const cpu = processorTime(space.threads.idOf(slot));
  const grants = lock.words[LockHead.GRANTS] as number;
  const now = wait.waited;
  if (memory.slot !== slot || memory.grants !== grants) {
    Object.assign(memory, { slot, grants, cpu, at: now });
    return;
  }
  const ms = now - memory.at;
  const had = cpu === null || memory.cpu === null ? null : cpu - memory.cpu;
  if (ms >= INVERSION_MS && (had === null || had < ms * RUNNING_SHARE)) {
    memory.told |= Told.INVERSION;
    tellInversion(wait, { slot, ms, cpuMs: had });
  }
}

function lookForStarvation(wait: Waiting): void {
  const { lock, memory } = wait;
  const passed = ((lock.words[LockHead.GRANTS] as number) - wait.grants) | 0;
  if ((memory.told & Told.STARVATION) === 0 && wait.waited > STARVATION_MS && passed > PASSED) {
    memory.told |= Told.STARVATION;
    tellStarvation(wait, passed);
  }
}
