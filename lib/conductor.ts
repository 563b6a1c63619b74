/**
 * The conductor: event → rules → record → policy. No rule stands here, and no owner: each event says who holds what.
 * An internal failure switches the checker off, loudly; the program runs on, and the verdict is "could not check".
 */
import type { Exchange } from './exchange.ts';
import { EventClock } from './explicit/event-clock.ts';
import { Guard, say } from './failure.ts';
import { Findings, type News } from './findings.ts';
import type { OwnerRef } from './model/owner.ts';
import type { RuleId, Violation } from './model/violation.ts';
import type { LockdepOptions } from './options.ts';
import { LockdepError } from './policy.ts';
import { type Judged, type RecordedOrder, record, recordOrder, recordUsages } from './record.ts';
import { ACQUIRE_RULES, DEPENDENCY_RULES, type Rule, USAGE_RULES } from './rules/index.ts';
import { Settings } from './settings.ts';
import type { Attempt, Marking } from './state/attempt.ts';
import type { ChainNode } from './state/chains.ts';
import type { LockInstance } from './state/classes.ts';
import { Profile, stopwatch } from './state/profile.ts';
import { firstFrame } from './state/site.ts';
import { State, UNNAMED_PROCESS } from './state/state.ts';
import { Untold } from './untold.ts';

export class Conductor {
  /** For the floors above. */
  readonly state: State;
  readonly sites: 'new' | 'all';
  /** The same for async flows, where names and places are taken from each acquire unless that is refused. */
  readonly flowSites: 'new' | 'all';
  readonly events: boolean;
  isFast: boolean;
  readonly clock: EventClock = new EventClock();
  /** How often and how long locks are waited for, and held. */
  readonly profile: Profile;
  readonly settings: Settings = new Settings();
  /** Called after each new class, dependency and violation. */
  onNews: () => void = () => {};
  protected readonly guard: Guard = new Guard();
  /** What connects this checker with others, where any are. */
  protected exchange: Exchange | null = null;
  readonly #findings: Findings;
  readonly #untold: Untold;

  constructor(options: LockdepOptions = {}) {
    this.settings.change(options);
    const { profile = 'default', sites = 'new', events = false } = options;
    this.sites = sites;
    this.flowSites = options.sites ?? 'all';
    this.events = events;
    this.state = new State({
      profile,
      process: options.process ?? UNNAMED_PROCESS,
      resolver: this.guard.safe(options.resolver ?? firstFrame, null),
      now: this.guard.safe(options.now ?? Date.now, 0),
      realtime: options.realtime ?? true,
      chainLimit: options.chainLimit ?? 1 << 20,
      instanceLimit: 100_000,
    });
    this.profile = new Profile(this.state, this.settings, options.now === undefined ? stopwatch : this.state.now);
    this.isFast = sites === 'new' && !events && !this.profile.isTimed;
    this.settings.onTimed = () => {
      this.isFast = false;
    };
    this.#findings = new Findings(this.state);
    this.#untold = new Untold(this.settings);
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
    if (node === undefined || node.slow || !(node.shared || node.owner === owner) || !node.isOf(lock)) {
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
    this.exchange?.sync();
    const judged = this.#judgeAttempt(attempt);
    const recorded = this.guarded(() => record(this.state, chain, judged));
    this.#report(this.#publish(attempt, judged.found, recorded));
    return recorded?.node ?? chain;
  }

  /** Judges and records an acquire that leads to no new step of the chain. */
  judgeAside(attempt: Attempt): void {
    this.exchange?.sync();
    const judged = this.#judgeAttempt(attempt);
    const recorded = this.guarded(() => recordOrder(this.state, judged, null));
    this.#report(this.#publish(attempt, judged.found, recorded));
  }

  /** Judges and records usages of locks that are held. */
  mark(event: Marking): void {
    this.exchange?.sync();
    const found = this.#judgeUsages(event);
    // It is recorded, whatever the policy throws.
    this.#report([...this.#add(found), ...this.#publish(event, found)]);
  }

  /**
   * Runs rules over one event and hands what they find to the policy. True if any rule was broken.
   * @param isOld whether the event was judged before: then only what it has not shown before is told
   */
  judge<Event>(rules: readonly Rule<Event>[], event: Event, isOld = false): boolean {
    const found = this.#find(rules, event);
    this.#report(this.#add(found, isOld));
    return found.length > 0;
  }

  /** Runs one event. What the policy calls back is called when it is over, and may then take locks itself. */
  during<Result>(work: () => Result): Result {
    return this.#untold.during(work);
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

  /** Connects this checker with others. What is known here is judged against what they know, and told to them. */
  protected connect(exchange: Exchange): void {
    this.exchange = exchange;
    this.aside(() => {
      const news = this.#add(exchange.join([...this.violations, ...this.quiet]), true);
      // Whoever passes a gate by after this has read what is kept quiet here; whoever did so before is read now.
      exchange.sync();
      this.#report([...news, ...this.#promoted()]);
    });
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
      this.#report(this.#add(found, attempt.isRetaken));
    } catch (error) {
      // The lock is not taken, so it is not used either.
      this.state.usages.forget(news);
      throw error;
    }
    return { attempt, found, broke: found.length > 0, brokeDependency: dependency.length > 0 };
  }

  // One after the other: a handler that can be interrupted by its like uses a lock in both ways at once.
  #judgeUsages(event: Marking): readonly Violation[] {
    const news = (event.usages ?? []).filter((usage) => this.state.usages.isNews(usage));
    return news.flatMap((usage) => {
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

  #add(found: readonly Violation[], isOld = false): readonly News[] {
    if (this.failure !== null || found.length === 0) {
      return [];
    }
    // Two ways to one defect in one event are one sighting.
    const distinct = new Map(found.map((violation) => [violation.fingerprint, violation]));
    const quiet = this.#findings.guarded.length;
    const news = [...distinct.values()].flatMap((violation) => this.#findings.add(violation, isOld) ?? []);
    this.exchange?.report(this.#findings.guarded.slice(quiet));
    return news;
  }

  /** Tells other checkers what is new of an event, and what it breaks where they were faster. */
  #publish(event: Attempt | Marking, before: readonly Violation[], recorded?: RecordedOrder): readonly News[] {
    const told = this.exchange?.publish(event);
    const promoted = recorded?.opensGates || told?.isCrossed ? this.#promoted() : [];
    const isLate = (one: Violation): boolean => before.every(({ fingerprint }) => fingerprint !== one.fingerprint);
    const late = this.#add((told?.found ?? []).filter(isLate));
    if (recorded?.isNew) {
      this.news();
    }
    return [...promoted, ...late];
  }

  #promoted(): readonly News[] {
    return this.guarded(() => this.#findings.promote(this.exchange?.peers.opened() ?? [])) ?? [];
  }

  #report(news: readonly News[]): void {
    const fresh = news.filter(({ isNew }) => isNew).map(({ violation }) => violation);
    if (fresh.length > 0) {
      this.exchange?.report(fresh);
      this.news();
    }
    this.#untold.add(news);
  }
}
