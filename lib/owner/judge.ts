/**
 * Puts what a flow did before the rules. What a policy throws stays here; the violation is recorded by then.
 */
import type { Lockdep } from '../lockdep.ts';
import { LockdepError } from '../policy.ts';
import { NESTING_RULES, type Rule } from '../rules/index.ts';
import type { Attempt } from '../state/attempt.ts';
import { type ChainNode, stepKey } from '../state/chains.ts';
import type { HeldLock } from '../state/held.ts';
import { captureSite } from '../state/site.ts';
import { heldIn } from './context.ts';
import type { Nesting, Ticket } from './ticket.ts';

/** So often the place of a step that is not proved yet is captured anew. */
const MANY = 64;

export class FlowJudge {
  /** What the policy has thrown last, for those who can do something with it. */
  thrown: LockdepError | null = null;
  readonly #lockdep: Lockdep;

  constructor(lockdep: Lockdep) {
    this.#lockdep = lockdep;
  }

  /** True if nobody has to know where the step is taken this time: it was proved, or is still open after many times. */
  isKnown({ lock, mode, try: isTry, base, tickets }: Ticket): boolean {
    if (this.#lockdep.flowSites === 'all') {
      return false;
    }
    const node = this.#chainOf(heldIn(base, tickets.live)).next.get(stepKey(lock.class, mode, isTry));
    return node !== undefined && node.site !== null && ((node.shared && !node.slow) || node.hits > MANY);
  }

  /**
   * A lock was granted to a flow that still holds all of `held`. Counts it.
   * @returns whether the step is new, and so has to be decided
   */
  granted(ticket: Ticket, held: readonly Ticket[]): boolean {
    const chain = this.#chainOf(held);
    const { lock, mode, asker } = ticket;
    const key = stepKey(lock.class, mode, ticket.try);
    const known = this.#lockdep.known(chain, key, lock, asker);
    if (known !== undefined) {
      ticket.chain = known;
      return false;
    }
    if (held.length === 0 || ticket.try) {
      ticket.chain = this.#step(chain, attemptOf(ticket, held, true));
      return false;
    }
    ticket.chain = this.#node(chain, ticket);
    ticket.chain.hits++;
    return true;
  }

  /** It is known by now that the release of what was held waited for this. */
  confirm({ ticket, held, inSameLock }: Nesting): void {
    if (inSameLock) {
      this.tell(NESTING_RULES, attemptOf(ticket, held, false));
    } else {
      this.#step(this.#chainOf(held), { ...attemptOf(ticket, held, true), isCounted: true });
    }
  }

  /** A wait that never ends. Judged once. */
  wait(ticket: Ticket, tentative: boolean): void {
    if (ticket.judged || ticket.try) {
      return;
    }
    ticket.judged = true;
    const held = heldIn(ticket.base, ticket.tickets.live);
    if (held.length > 0) {
      this.#step(this.#chainOf(held), attemptOf(ticket, held, tentative));
    }
  }

  tell<Event>(rules: readonly Rule<Event>[], event: Event): void {
    this.#quietly(() => this.#lockdep.judge(rules, event));
  }

  /** The same for an event that nobody waits for: what the policy throws is printed. */
  announce<Event>(rules: readonly Rule<Event>[], event: Event): void {
    this.#lockdep.aside(() => this.#lockdep.judge(rules, event));
  }

  /** Says that a limit was reached, where it was. */
  limit(isReached: boolean, text: string): void {
    const { notes } = this.#lockdep;
    if (isReached && !notes.includes(text)) {
      notes.push(text);
    }
  }

  #step(chain: ChainNode, attempt: Attempt): ChainNode {
    return this.#quietly(() => this.#lockdep.step(chain, attempt)) ?? chain;
  }

  // The events arrive inside of libraries that must not see an error of ours.
  #quietly<Result>(work: () => Result): Result | undefined {
    try {
      return work();
    } catch (error) {
      if (error instanceof LockdepError) {
        this.thrown = error;
        return undefined;
      }
      throw error;
    }
  }

  #chainOf(held: readonly Ticket[]): ChainNode {
    return held.reduce((chain, ticket) => this.#node(chain, ticket), this.#lockdep.state.chains.root);
  }

  // A step that nobody has decided yet is slow: it proves nothing.
  #node(chain: ChainNode, { lock, mode, try: isTry, site }: Ticket): ChainNode {
    const key = stepKey(lock.class, mode, isTry);
    const known = chain.next.get(key);
    if (known !== undefined) {
      return known;
    }
    const node = this.#lockdep.state.chains.add(chain, key, lock.class);
    node.slow = true;
    node.site = site;
    return node;
  }
}

/** @param tentative whether it is open if the flow waits for the lock at all */
export function attemptOf(ticket: Ticket, held: readonly HeldLock[], tentative: boolean): Attempt {
  const { asker: owner, lock, mode, units } = ticket;
  const site = ticket.place ?? captureSite(attemptOf);
  return { owner, lock, class: lock.class, mode, units, try: ticket.try, tentative, held, site };
}
