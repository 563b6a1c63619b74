/**
 * Puts what a flow did before the rules. The events arrive inside the libraries that are watched, which must not see an
 * error of ours: what a policy throws stays here, the violation is recorded by then.
 */
import type { Lockdep } from '../lockdep.ts';
import { LockdepError } from '../policy.ts';
import type { Rule } from '../rules/index.ts';
import { type ChainNode, stepKey } from '../state/chains.ts';
import type { HeldLock } from '../state/held.ts';
import type { Attempt } from '../state/state.ts';
import { heldIn, type Ticket } from './ticket.ts';

export class FlowJudge {
  readonly #lockdep: Lockdep;

  constructor(lockdep: Lockdep) {
    this.#lockdep = lockdep;
  }

  /** A lock was granted to a flow that still holds all of `held`. */
  granted(ticket: Ticket, held: readonly Ticket[]): void {
    const chain = this.#chainOf(held);
    const { lock, mode, asker } = ticket;
    const known = this.#lockdep.known(chain, stepKey(lock.class, mode, ticket.try), lock, asker);
    ticket.chain = known ?? this.#step(chain, attemptOf(ticket, held, true));
  }

  /** A wait ended without the lock while the flow still held all of `held`. */
  timedOut(ticket: Ticket, held: readonly Ticket[]): void {
    if (!ticket.judged && !ticket.try && held.length > 0) {
      this.#step(this.#chainOf(held), attemptOf(ticket, held, true));
    }
  }

  /** A wait that has lasted long. Judged once, as if it never ended. */
  wait(ticket: Ticket): void {
    if (ticket.judged || ticket.try) {
      return;
    }
    ticket.judged = true;
    const held = heldIn(ticket.base);
    if (held.length > 0) {
      this.#step(this.#chainOf(held), attemptOf(ticket, held, false));
    }
  }

  tell<Event>(rules: readonly Rule<Event>[], event: Event): void {
    quietly(() => this.#lockdep.judge(rules, event));
  }

  #step(chain: ChainNode, attempt: Attempt): ChainNode {
    return quietly(() => this.#lockdep.step(chain, attempt)) ?? chain;
  }

  // What lay between was released, and the rest may never have been seen without it: missing steps are proved here.
  #chainOf(held: readonly Ticket[]): ChainNode {
    let chain = this.#lockdep.state.chains.root;
    for (const [at, ticket] of held.entries()) {
      const next = chain.next.get(stepKey(ticket.lock.class, ticket.mode, ticket.try));
      chain = next ?? this.#step(chain, attemptOf(ticket, held.slice(0, at), true));
    }
    return chain;
  }
}

/** @param tentative whether it is open if the flow waits for the lock at all */
export function attemptOf(ticket: Ticket, held: readonly HeldLock[], tentative: boolean): Attempt {
  const { asker: owner, lock, mode, units, site } = ticket;
  return { owner, lock, mode, units, try: ticket.try, tentative, held, site };
}

function quietly<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof LockdepError) {
      return undefined;
    }
    throw error;
  }
}
