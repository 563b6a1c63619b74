/**
 * One graph for the checkers of several threads. Each judges what it does itself, and tells the others what was new of it in a log
 * that gives all records one order.
 *
 * A step that is new to a checker goes so: read what others have told (1), judge (2), record and tell (3), look whether somebody told
 * something between (1) and (3) (4). What came in between was told by somebody who could not know of this step. So the step is
 * taken out of the order, what came in between is put in, and the step is judged once more as if it came now, as it does in
 * the log. By this the order of each checker is at all times the one that a single checker would have after the records
 * before its last step; two that add A → B and B → A at once cannot both miss the cycle, and whoever stands later in the log
 * reports it. To read something reports nothing: whoever wrote it knew of all before it.
 *
 * What a checker has proved once stays proved, and `known()` never asks. A step is proved when none of its dependencies closed a
 * cycle among those before it. A cycle that closes later is closed by some later dependency, and that is a new one for whoever tells
 * of it, wherever in the process that is: it is judged there, with this one known.
 *
 * A step that the policy throws at is not recorded, and not told. One that only turns out in (4) to close a cycle is told already:
 * it is recorded as refused, and thrown at.
 *
 * Refuses: a second log. Where the log is full, it reads on and tells nothing more.
 * Costs: nothing for a known step; one load of `end` for one that is not. For what is new, its places (see `telling.ts`) and one
 * record; for others to read it, about as much as to record it.
 */
import { attemptOf, judgeAgain, markingOf } from './exchange/again.ts';
import { inParts, knownTo } from './exchange/known.ts';
import type { PeerLog } from './exchange/peer-log.ts';
import { Peers } from './exchange/peers.ts';
import { Reader } from './exchange/reading.ts';
import { decode, encode, type PeerRecord } from './exchange/records.ts';
import { type Fresh, Teller } from './exchange/telling.ts';
import type { Guard } from './failure.ts';
import type { Violation } from './model/violation.ts';
import type { Attempt, Marking } from './state/attempt.ts';
import type { State } from './state/state.ts';

export type { PeerLog };

/** What came of telling the others. */
export interface Told {
  /** What is broken together with what others told of in between. */
  readonly found: readonly Violation[];
  /** True if others told of something in between. */
  readonly isCrossed: boolean;
}

const QUIET: Told = { found: [], isCrossed: false };

interface Placed {
  readonly record: PeerRecord;
  readonly position: number;
}

interface Surroundings {
  /** Nothing is read or told any more once it says so. */
  readonly guard: Guard;
  /** What is made of a finding: nothing, where its rule is off. */
  readonly weigh: (violation: Violation) => readonly Violation[];
  /** Takes a sentence that readers of the findings must know. */
  readonly note: (text: string) => void;
}

/** One checker's end of a log. */
export class Exchange {
  /** What the others found. */
  readonly peers: Peers;
  readonly #state: State;
  readonly #log: PeerLog;
  readonly #teller: Teller;
  readonly #reader: Reader;
  readonly #guard: Guard;
  readonly #note: (text: string) => void;
  readonly #weigh: Surroundings['weigh'];
  /** Where the record stands by which this checker joined; below 0 where nothing can be told. */
  #source = -1;
  #next = 0;
  #isNoted = false;

  constructor(state: State, log: PeerLog, { guard, note, weigh }: Surroundings) {
    this.#state = state;
    this.#log = log;
    this.#guard = guard;
    this.#note = note;
    this.#weigh = weigh;
    this.#teller = new Teller(state);
    this.#reader = new Reader(state);
    this.peers = new Peers(state);
  }

  /** Reads what others have told since. */
  sync(): void {
    this.#guard.run(() => this.#sync());
  }

  /**
   * Reads all that others know, and tells what this checker knew before.
   * @returns what is broken by both together
   */
  join(violations: readonly Violation[]): readonly Violation[] {
    return this.#guard.run(() => this.#join(violations)) ?? [];
  }

  #join(violations: readonly Violation[]): readonly Violation[] {
    this.#source = this.#log.append(encode({ source: null, process: this.#state.process }));
    const known = knownTo(this.#state);
    this.#state.dependencies.withdraw(known.edges);
    this.#sync();
    const found = inParts(known).flatMap((part) => {
      this.#take(this.#add(part));
      return this.#judgeKnown(part);
    });
    this.#listen();
    this.report(violations);
    return found;
  }

  /**
   * Tells what is new since the last time.
   * @param event the event that it is of
   */
  publish(event: Marking | Attempt): Told {
    return this.#guard.run(() => this.#publish(event)) ?? QUIET;
  }

  #publish(event: Marking | Attempt): Told {
    const { dependencies, pairs, usages } = this.#state;
    const fresh = { edges: dependencies.fresh ?? [], pairs: [...(pairs.fresh ?? [])], marks: usages.fresh ?? [] };
    if (fresh.edges.length + fresh.pairs.length + fresh.marks.length === 0) {
      return QUIET;
    }
    const between = this.#add(fresh);
    this.#listen();
    if (between.length === 0) {
      return QUIET;
    }
    dependencies.withdraw(fresh.edges);
    this.#take(between);
    const found = this.#judge(event);
    this.#settle(fresh, found.length > 0);
    return { found, isCrossed: true };
  }

  /** Tells what was found. */
  report(violations: readonly Violation[]): void {
    if (violations.length > 0) {
      this.#guard.run(() => this.#append({ violations }));
    }
  }

  #sync(): void {
    const { end } = this.#log;
    if (end !== this.#next) {
      this.#next = this.#log.read(this.#next, end, (text, position) => this.#take(this.#parse(text, position)));
    }
    this.#reader.catchUp();
  }

  #judge(event: Marking | Attempt): readonly Violation[] {
    return judgeAgain(this.#state, event).flatMap((violation) => this.#weigh(violation));
  }

  #judgeKnown({ edges, marks }: Fresh): Violation[] {
    const ofEdges = edges.flatMap((seen) => {
      const found = seen.isNew ? this.#judge(attemptOf(this.#state, seen)) : [];
      this.#settle({ edges: [seen], pairs: [], marks: [] }, found.length > 0);
      return found;
    });
    return [...ofEdges, ...marks.flatMap((mark) => this.#judge(markingOf(mark)))];
  }

  // What broke a rule is judged each time, so that the finding is counted.
  #settle({ edges, marks }: Fresh, broke: boolean): void {
    for (const seen of edges) {
      this.#state.dependencies.restore(seen);
      if (broke) {
        seen.dependency.broke = true;
        seen.dependency.distrust();
      }
    }
    for (const mark of marks) {
      mark.broke ||= broke;
    }
  }

  /** Begins to collect what is new, where there is somebody to tell it. */
  #listen(): void {
    const { dependencies, pairs, usages } = this.#state;
    const canTell = this.#source >= 0;
    dependencies.fresh = canTell ? [] : null;
    pairs.fresh = canTell ? new Set() : null;
    usages.fresh = canTell ? [] : null;
  }

  /** @returns what others have told of in between, which is not taken yet */
  #add(fresh: Fresh): readonly Placed[] {
    const position = this.#append(this.#teller.tell(fresh));
    const between: Placed[] = [];
    if (position > this.#next) {
      this.#next = this.#log.read(this.#next, position, (text, at) => between.push(...this.#parse(text, at)));
    }
    return between;
  }

  #append(news: Partial<PeerRecord>): number {
    if (this.#source < 0) {
      return -1;
    }
    const { process } = this.#state;
    const position = this.#log.append(encode({ ...news, source: this.#source, process }));
    if (position < 0) {
      // Full: what was told cannot be taken back, and half of what comes would be worse than nothing.
      this.#source = -1;
    }
    return position;
  }

  /** A record of another checker, or nothing. */
  #parse(text: string, position: number): readonly Placed[] {
    try {
      const record = decode(text);
      return record.source === this.#source || position === this.#source ? [] : [{ record, position }];
    } catch (error) {
      this.#skip(error);
      return [];
    }
  }

  #take(placed: readonly Placed[]): void {
    for (const { record, position } of placed) {
      try {
        if (record.source === null) {
          this.#reader.meet(position, record.process);
        } else {
          this.#reader.read(record.source, record);
          this.peers.take(record.violations ?? []);
        }
      } catch (error) {
        this.#skip(error);
      }
    }
  }

  #skip(error: unknown): void {
    if (!this.#isNoted) {
      this.#isNoted = true;
      const why = error instanceof Error ? error.message : String(error);
      this.#note(`Records of another thread's checker could not be read, so a cycle with it may be missed: ${why}.`);
    }
  }
}
