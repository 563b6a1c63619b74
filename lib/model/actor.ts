/**
 * What an owner is called where it may be in another thread: names of owners are told apart within one thread alone.
 */

/** An owner, and the name of its thread where that was seen. */
export interface Actor {
  /** Its own name, or that with the thread's, as `actorOf` gives it. */
  readonly owner: string;
  readonly thread?: string;
}

/** `poller (reactor 2)`; a thread that is an owner itself has one name. */
export function actorOf({ owner, thread = owner }: Actor): string {
  return thread === owner || owner.endsWith(` (${thread})`) ? owner : `${owner} (${thread})`;
}

/** True for the same owner of the same thread, as far as names tell. */
export function isSameActor(one: Actor, other: Actor): boolean {
  return actorOf(one) === actorOf(other) && one.thread === other.thread;
}
