/**
 * The follower of a checker's async flows, made when the first of its locks is, or when somebody asks who is running.
 */
import { Lockdep } from '../lockdep.ts';
import { FlowTracker } from './tracker.ts';

export function flowsOf(lockdep: Lockdep): FlowTracker {
  // One that was made by another copy of the package does as well.
  const known = lockdep.flows as FlowTracker | null;
  const tracker = known ?? new FlowTracker(lockdep);
  lockdep.flows = tracker;
  tracker.start();
  return tracker;
}

Lockdep.follow = flowsOf;
