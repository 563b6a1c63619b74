/**
 * How the checker of a thread looks on at locks over shared memory. The owner is the thread, unless the program runs as an owner
 * of its own (`owner.run`, or the option `owner`). What a thread holds stands in its row, so that others can tell who holds
 * a lock, and where it was taken. A known step costs the step and a few stores.
 */
import type { Lockdep } from '../../../lockdep.ts';
import type { Site } from '../../../model/lock.ts';
import { isOff } from '../../../off-switch.ts';
import { defaultLockdep } from '../../../owner/default.ts';
import type { AcquireOptions, Owner } from '../../../owner.ts';
import { EXIT_RULES } from '../../../rules/index.ts';
import type { ChainNode } from '../../../state/chains.ts';
import { UNNAMED_PROCESS } from '../../../state/state.ts';
import { HOLDING_WORDS, Holding, LockHead, MOST_HOLDINGS, Row } from '../memory/layout.ts';
import { processLabel } from '../memory/platform.ts';
import { threadName } from '../memory/rows.ts';
import type { Space } from '../memory/space.ts';
import { ForeignHolders } from './foreign-holders.ts';

/** The part of a shared lock that its witness sees. */
export interface Watched {
  readonly words: Int32Array;
  readonly space: Space;
  readonly id: number;
  /** Number of its class, as a string of the log. */
  readonly classId: number;
}

// Once: each look at a field of another module is paid for.
const { DEPTH, HOLDINGS } = Row;
const { OWNER, SITE } = LockHead;
const { LOCK, CLASS, OWNER: HOLDER, SITE: PLACE, MODE } = Holding;
const [WORDS, MOST] = [HOLDING_WORDS, MOST_HOLDINGS];

interface EndingProcess {
  prependOnceListener?(event: 'exit', listener: () => void): void;
}

/** All of this thread. A checker that held locks over shared memory is kept until its end. */
const open = new Set<ThreadWitness>();

function judgeEnds(): void {
  for (const witness of open) {
    witness.judgeEnd();
  }
}

const witnesses = new WeakMap<Lockdep, Map<string, ThreadWitness>>();

export class ThreadWitness {
  readonly lockdep: Lockdep;
  readonly space: Space;
  readonly foreign: ForeignHolders;
  #threadOwner: Owner | undefined;
  #lastOwner: Owner | undefined;
  #lastOwnerId = 0;

  constructor(lockdep: Lockdep, space: Space) {
    this.lockdep = lockdep;
    this.space = space;
    this.foreign = new ForeignHolders(lockdep, space, () => this.#threadOwner);
    lockdep.sources.add(this.foreign);
    if (lockdep.state.process === UNNAMED_PROCESS) {
      lockdep.state.process = processLabel(space.threads.own);
    }
    if (open.size === 0) {
      const { process } = globalThis as { process?: EndingProcess };
      // Before whoever writes down what was found.
      process?.prependOnceListener?.('exit', judgeEnds);
    }
    open.add(this);
  }

  /** Name of this thread. */
  get thread(): string {
    return threadName(this.space, this.space.threads.own);
  }

  /** Whoever runs now: the owner whose `run()` is running, else the thread. */
  get owner(): Owner {
    const { running } = this.lockdep;
    if (running !== undefined) {
      return running;
    }
    this.#threadOwner ??= this.lockdep.owner(this.thread);
    return this.#threadOwner;
  }

  /** The owner has it now: says so in the row of the thread, and in the lock. */
  granted(lock: Watched, owner: Owner, mode: number): void {
    const ownerId = owner === this.#lastOwner ? this.#lastOwnerId : this.#ownerId(owner);
    this.#holds(lock, ownerId, this.#siteOf(owner.chain), mode);
  }

  /** The same for one who is no owner of this thread, such as an async flow. @param how with the number of the place */
  grantedTo(name: string, lock: Watched, how: { readonly site: number; readonly mode: number }): void {
    this.#holds(lock, this.space.log.id(name), how.site, how.mode);
  }

  #siteOf(chain: ChainNode): number {
    const { shown } = chain;
    return shown !== null && shown.space === this.space ? shown.site : this.#siteId(chain);
  }

  #holds(lock: Watched, ownerId: number, site: number, mode: number): void {
    const { words, row } = this.space.threads;
    const depth = words[row + DEPTH] as number;
    if (depth < MOST) {
      const at = row + HOLDINGS + depth * WORDS;
      words[at + LOCK] = lock.id;
      words[at + CLASS] = lock.classId;
      words[at + HOLDER] = ownerId;
      words[at + PLACE] = site;
      words[at + MODE] = mode;
    }
    words[row + DEPTH] = depth + 1;
    lock.words[OWNER] = ownerId;
    lock.words[SITE] = site;
  }

  /** This thread holds the lock no more. */
  released(lock: Watched): void {
    const { words, row } = this.space.threads;
    const depth = words[row + DEPTH] as number;
    const first = row + HOLDINGS;
    const rows = Math.min(depth, MOST);
    const at = find(words, { first, rows, lock: lock.id });
    if (at >= 0 && at < depth - 1) {
      const from = first + at * WORDS;
      words.copyWithin(from, from + WORDS, first + rows * WORDS);
      if (depth > MOST) {
        // The row that is next in turn was never shown.
        words[first + (MOST - 1) * WORDS + LOCK] = 0;
      }
    }
    if (depth > 0) {
      words[row + DEPTH] = depth - 1;
    }
  }

  /** The thread ends, and nobody gives back what it holds. */
  judgeEnd(): void {
    const held = this.#threadOwner?.entries() ?? [];
    if (held.length > 0) {
      const { lockdep } = this;
      lockdep.aside(() => lockdep.judge(EXIT_RULES, { held, severity: 'error' }));
    }
  }

  /** Number of the owner's name; 0 for the thread itself. */
  #ownerId(owner: Owner): number {
    this.#lastOwner = owner;
    this.#lastOwnerId = owner === this.#threadOwner ? 0 : this.space.log.id(owner.name);
    return this.#lastOwnerId;
  }

  ownerId(owner: Owner): number {
    return owner === this.#lastOwner ? this.#lastOwnerId : this.#ownerId(owner);
  }

  /** Number of the place where a step was taken first. */
  #siteId(chain: ChainNode): number {
    const site = this.siteId(chain.site?.resolve(this.lockdep.state.resolver) ?? null);
    chain.shown = { space: this.space, site };
    return site;
  }

  /** Number of a place. */
  siteId(site: Site | null): number {
    return this.space.log.id(site === null ? null : JSON.stringify(site));
  }
}

/** The row of a lock, from the last on; for one that was not shown a row that shows none, and -1 where there is none either. */
function find(words: Int32Array, { first, rows, lock }: { first: number; rows: number; lock: number }): number {
  let at = rows - 1;
  while (at >= 0 && words[first + at * WORDS + LOCK] !== lock) {
    at--;
  }
  return at >= 0 || lock === 0 ? at : find(words, { first, rows, lock: 0 });
}

/** The witness of locks of a space, by default that of the checker of the process; `null` where nothing is checked. */
export function threadWitnessFor(lockdep: Lockdep | undefined, space: Space): ThreadWitness | null {
  if (lockdep === undefined && isOff()) {
    return null;
  }
  const checker = lockdep ?? defaultLockdep();
  if (checker.isOff) {
    return null;
  }
  const bySpace = witnesses.get(checker) ?? new Map<string, ThreadWitness>();
  witnesses.set(checker, bySpace);
  const known = bySpace.get(space.id) ?? new ThreadWitness(checker, space);
  bySpace.set(space.id, known);
  return known;
}

/** How a lock asks as an owner: who called, in which mode. Made once for each method, so that a known step allocates nothing. */
export type Asking = AcquireOptions & { readonly caller: (...args: never) => unknown };

/** What the checker is told of a call of a method. Made once for each. */
const askings = new WeakMap<object, Asking>();

export function askingOf(caller: (...args: never) => unknown): Asking {
  const known = askings.get(caller);
  if (known !== undefined) {
    return known;
  }
  const asking = { caller };
  askings.set(caller, asking);
  return asking;
}
