/**
 * The conductor: event → rules → record → policy. No rule stands here, and no owner: each event says who holds what.
 * An internal failure switches the checker off, loudly; the program runs on, and the verdict is "could not check".
 */
import { EventClock } from './explicit/event-clock.ts';
import { Guard, say } from './failure.ts';
import { Findings, type News } from './findings.ts';
import type { OwnerRef } from './model/owner.ts';
import type { RuleId, Violation } from './model/violation.ts';
import type { LockdepOptions } from './options.ts';
import { LockdepError } from './policy.ts';
import { type Judged, record, recordOrder, recordUsages } from './record.ts';
import { ACQUIRE_RULES, DEPENDENCY_RULES, type Rule, USAGE_RULES } from './rules/index.ts';
import { Settings } from './settings.ts';
import type { Attempt, Marking } from './state/attempt.ts';
import type { ChainNode } from './state/chains.ts';
import type { LockInstance } from './state/classes.ts';
import { firstFrame } from './state/site.ts';
import { State } from './state/state.ts';

export class Conductor {
  /** For the floors above. */
  readonly state: State;
  readonly sites: 'new' | 'all';
  /** The same for async flows, where names and places are taken from each acquire unless that is refused. */
  readonly flowSites: 'new' | 'all';
  readonly events: boolean;
  isFast: boolean;
  readonly clock: EventClock = new EventClock();
  readonly settings: Settings = new Settings();
  /** Called after each new class, dependency and violation. */
  onNews: () => void = () => {};
  protected readonly guard: Guard = new Guard();
  readonly #findings: Findings;
  /** Events that are not over yet, one inside the other. */
  #depth = 0;
  #untold: News[] = [];

  constructor(options: LockdepOptions = {}) {
    this.settings.change(options);
    const { profile = 'default', sites = 'new', events = false } = options;
    this.sites = sites;
    this.flowSites = options.sites ?? 'all';
    this.events = events;
    this.isFast = sites === 'new' && !events;
    this.state = new State({
      profile,
      process: options.process ?? '0',
      resolver: this.guard.safe(options.resolver ?? firstFrame, null),
      now: this.guard.safe(options.now ?? Date.now, 0),
      realtime: options.realtime ?? true,
      chainLimit: options.chainLimit ?? 1 << 20,
      instanceLimit: 100_000,
    });
    this.#findings = new Findings(this.state);
  }

  /** Every distinct defect so far, in the order in which they were found, with its count. */
  get violations(): readonly Violation[] {
    return this.#findings.reported;
  }

  /** Cycles that cannot block as far as was seen: two of their steps were only ever taken under the same lock. */
  get quiet(): readonly Violation[] {
    return this.#findings.guarded;
  }

  /** Why the checker gave up, or `null`. */
  get failure(): string | null {
    return this.guard.failure;
  }

  /** False for a rule that is switched off. */
  isOn(rule: RuleId): boolean {
    return this.settings.isOn(rule);
  }

  /** The known step from `chain`, if it needs no judgement; it is counted. No allocation. */
  known(chain: ChainNode, key: number, lock: LockInstance, owner: OwnerRef): ChainNode | undefined {
    const node = chain.next.get(key);
    if (node === undefined || node.slow || !(node.shared || node.owner === owner) || !isStepOf(node, lock)) {
      return undefined;
    }
    node.hits++;
    return node;
  }

  /**
   * Judges and records a step that is not known, or must be judged each time.
   * @returns the chain that ends with the new lock
   * @throws LockdepError under the `throw` policy; nothing was recorded but the violation
   */
  step(chain: ChainNode, attempt: Attempt): ChainNode {
    const judged = this.#judgeAttempt(attempt);
    const recorded = this.guarded(() => record(this.state, chain, judged));
    this.#promote(recorded);
    return recorded?.node ?? chain;
  }

  /** Judges and records an acquire that leads to no new step of the chain. */
  judgeAside(attempt: Attempt): void {
    const judged = this.#judgeAttempt(attempt);
    this.#promote(this.guarded(() => recordOrder(this.state, judged, null)));
  }

  /** Judges and records usages of locks that are held. */
  mark(event: Marking): void {
    this.#tell(this.#judgeUsages(event));
  }

  /**
   * Runs rules over one event and hands what they find to the policy. True if any rule was broken.
   * @param isOld whether the event was judged before: then only what it has not shown before is told
   */
  judge<Event>(rules: readonly Rule<Event>[], event: Event, isOld = false): boolean {
    const found = this.#find(rules, event);
    this.#tell(found, isOld);
    return found.length > 0;
  }

  /** Runs one event. What the policy calls back is called when it is over, and may then take locks itself. */
  during<Result>(work: () => Result): Result {
    this.#depth++;
    try {
      return work();
    } finally {
      this.#depth--;
      this.#handle();
    }
  }

  /** Runs an event that nobody waits for: what the policy throws is printed instead. */
  aside(work: () => void): void {
    try {
      this.during(work);
    } catch (error) {
      if (!(error instanceof LockdepError)) {
        throw error;
      }
      say(`lockdep: ${error.message}`);
    }
  }

  /** Runs a piece of the checker. If it fails the checker is off from then on. */
  guarded<Result>(work: () => Result): Result | undefined {
    return this.guard.run(work);
  }

  /** Switches the checker off because of an internal failure, and says so once. */
  fail(error: unknown): void {
    this.guard.fail(error);
  }

  protected news(): void {
    this.guarded(() => this.onNews());
  }

  // What is new of usages is recorded first: a dependency is judged by them.
  #judgeAttempt(attempt: Attempt): Judged {
    const { usages = [] } = attempt;
    const news = usages.filter((usage) => this.state.usages.isNew(usage));
    const acquire = this.#find(ACQUIRE_RULES, attempt);
    const used = this.#judgeUsages(attempt);
    const dependency = this.#find(DEPENDENCY_RULES, attempt);
    const found = [...acquire, ...used, ...dependency];
    try {
      this.#tell(found, attempt.isRetaken);
    } catch (error) {
      // The lock is not taken, so it is not used either.
      this.state.usages.forget(news);
      throw error;
    }
    return { attempt, broke: found.length > 0, brokeDependency: dependency.length > 0 };
  }

  // One after the other: a handler that can be interrupted by its like uses a lock in both ways at once.
  #judgeUsages(event: Marking): readonly Violation[] {
    return (event.usages ?? []).flatMap((usage) => {
      const one = { owner: event.owner, held: event.held, usages: [usage], site: event.site };
      const found = this.#find(USAGE_RULES, one);
      this.guarded(() => recordUsages(this.state, one, found.length > 0));
      return found;
    });
  }

  #find<Event>(rules: readonly Rule<Event>[], event: Event): readonly Violation[] {
    const found = this.guarded(() => rules.flatMap((rule) => rule(this.state, event))) ?? [];
    return found.flatMap((violation) => this.settings.weigh(violation));
  }

  #tell(found: readonly Violation[], isOld = false): void {
    if (this.failure !== null || found.length === 0) {
      return;
    }
    // Two ways to one defect in one event are one sighting.
    const distinct = new Map(found.map((violation) => [violation.fingerprint, violation]));
    this.#report([...distinct.values()].flatMap((violation) => this.#findings.add(violation, isOld) ?? []));
  }

  #promote(recorded: { readonly isNew: boolean; readonly opensGates: boolean } | undefined): void {
    if (recorded?.opensGates) {
      this.#report(this.guarded(() => this.#findings.promote()) ?? []);
    }
    if (recorded?.isNew) {
      this.news();
    }
  }

  #report(news: readonly News[]): void {
    if (news.some(({ isNew }) => isNew)) {
      this.news();
    }
    this.#untold.push(...news);
    if (this.settings.throws || this.#depth === 0) {
      this.#handle();
    }
  }

  #handle(): void {
    if (this.#untold.length === 0 || (this.#depth > 0 && !this.settings.throws)) {
      return;
    }
    const untold = this.#untold;
    this.#untold = [];
    for (const { violation, isNew } of untold) {
      this.settings.handle(violation, isNew);
    }
  }
}

/** A lock of another checker can have the same key of a step. */
function isStepOf(node: ChainNode, lock: LockInstance): boolean {
  return node.class === lock.class || (node.class !== null && node.class.base === lock.class);
}
