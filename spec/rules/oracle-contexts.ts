/**
 * The rules of contexts once more, slow and obvious: every answer is worked out from lists that are walked from their beginning.
 * It is told its events as lines, such as `p lock w shared try`, `p enter hardirq raw`, `p disable tick` or `p restore`.
 */
import type { Mode } from '../../lib/model/lock.ts';
import { type OracleEdge, strongCycles } from './oracle.ts';
import { CONTEXTS, type Context, isReader, Usage } from './oracle-usage.ts';

export type Kind = 'spin' | 'raw_spin' | 'rwlock' | 'mutex' | 'rwsem' | 'local_lock' | 'rcu';

const FREE = 0;
const SPIN = 1;
const CONFIG = 2;
const SLEEP = 3;

/** What a holder of the kind may still wait for, and where the kind itself may be taken. */
const WAITS: Readonly<Record<Kind, { inner: number; outer: number }>> = {
  spin: { inner: CONFIG, outer: CONFIG },
  raw_spin: { inner: SPIN, outer: SPIN },
  rwlock: { inner: CONFIG, outer: CONFIG },
  mutex: { inner: SLEEP, outer: SLEEP },
  rwsem: { inner: SLEEP, outer: SLEEP },
  local_lock: { inner: CONFIG, outer: CONFIG },
  rcu: { inner: CONFIG, outer: FREE },
};
export const KINDS: readonly Kind[] = Object.keys(WAITS) as Kind[];

const FORMS = { exclusive: 'write', shared: 'plain', 'recursive-shared': 'recursive' } as const;

interface Held {
  readonly class: string;
  /** What the asked mode came to. */
  readonly mode: Mode;
  readonly isTry: boolean;
  /** The interrupt context it was taken in: the names of those that were entered, each once. */
  readonly within: string;
}

interface Entered {
  readonly context: Context;
  readonly isThreaded: boolean;
  /** How many locks were held before. */
  readonly heldBefore: number;
}

interface OwnerState {
  held: Held[];
  readonly entered: Entered[];
  hardirqsEnabled: boolean;
  softirqDisable: number;
  tickDisable: number;
  readonly saved: boolean[];
}

/** What the last event broke. */
interface Broken {
  /** The lock asked for waits in a way that is forbidden here. */
  readonly waits: boolean;
  /** A class is asked for that is held already. */
  readonly recursion: boolean;
  /** A dependency that was not seen before closes a strong cycle. */
  readonly cycle: boolean;
}

/** The same, and what is broken since some event. */
export interface ContextVerdict extends Broken {
  /** `hardirq: a` for each class used in the context and held with it enabled, now or earlier. */
  readonly conflicts: ReadonlySet<string>;
  /** `hardirq: a → b` for each safe class with a strong path to an unsafe one, now or earlier. */
  readonly pairs: ReadonlySet<string>;
  /** These, and those that may be told but need not be. */
  readonly widePairs: ReadonlySet<string>;
}

const inContext = ({ entered }: OwnerState, context: Context): boolean =>
  entered.some((one) => one.context === context);
const withinOf = (state: OwnerState): string => CONTEXTS.filter((context) => inContext(state, context)).join('+');

export class ContextOracle {
  readonly #owners = new Map<string, OwnerState>();
  readonly #usage = new Usage();
  /** Every dependency, in the order in which they came, whether it closed a cycle or not. */
  readonly #seen: OracleEdge[] = [];
  /** Those that closed no cycle. */
  readonly #accepted: OracleEdge[] = [];

  constructor(readonly kinds: ReadonlyMap<string, Kind>) {}

  ownerState(name: string): OwnerState {
    const known = this.#owners.get(name);
    if (known !== undefined) return known;
    const state = { held: [], entered: [], hardirqsEnabled: true, softirqDisable: 0, tickDisable: 0, saved: [] };
    this.#owners.set(name, state);
    return state;
  }

  /** The locks that the owner has taken since it last entered a context. */
  taken(name: string): readonly Held[] {
    const { held, entered } = this.ownerState(name);
    return held.slice(entered.at(-1)?.heldBefore ?? 0);
  }

  /** Whether the dependency was seen. */
  hasSeen(from: string, to: string): boolean {
    return this.#seen.some((edge) => edge.from === from && edge.to === to);
  }

  tell(line: string): ContextVerdict {
    const [owner, verb, what, ...words] = line.split(' ');
    const state = this.ownerState(owner as string);
    const now = { waits: false, recursion: false, cycle: false };
    if (verb === 'lock') Object.assign(now, this.#lock(state, what as string, words));
    else if (verb === 'unlock') now.cycle = this.#unlock(state, what as string);
    else if (verb === 'enter') this.#enter(state, what as Context, !words.includes('raw'));
    else if (verb === 'exit') this.#exit(state, what as Context);
    else if (verb === 'disable') this.#disable(state, what as Context);
    else if (verb === 'enable') this.#enable(state, what as Context);
    else if (verb === 'save') {
      state.saved.push(state.hardirqsEnabled);
      this.#disable(state, 'hardirq');
    } else if (verb === 'restore') {
      if (state.saved.pop()) this.#enable(state, 'hardirq');
      else this.#disable(state, 'hardirq');
    } else throw new Error(`no such event: ${line}`);
    const isLocal = (name: string): boolean => this.kinds.get(name) === 'local_lock';
    const searched = this.#seen.filter(({ from, to }) => !isLocal(from) && !isLocal(to));
    return {
      ...now,
      conflicts: this.#usage.conflicts(),
      pairs: this.#usage.pairs(searched, false),
      widePairs: this.#usage.pairs(searched, true),
    };
  }

  #disable(state: OwnerState, context: Context): void {
    if (context === 'hardirq') state.hardirqsEnabled = false;
    else if (context === 'softirq') state.softirqDisable++;
    else state.tickDisable++;
  }

  /** Whatever is held when handlers of a context become able to run is marked as held with it enabled. */
  #enable(state: OwnerState, context: Context): void {
    const before = CONTEXTS.filter((one) => couldRun(state, one));
    if (context === 'hardirq') state.hardirqsEnabled = true;
    else if (context === 'softirq') state.softirqDisable--;
    else state.tickDisable--;
    const news = CONTEXTS.filter((one) => couldRun(state, one) && !before.includes(one));
    for (const one of news) for (const held of state.held) this.#mark(held, one, 'enabled');
  }

  #enter(state: OwnerState, context: Context, isThreaded: boolean): void {
    this.#disable(state, context);
    if (context === 'softirq') this.#disable(state, 'hardirq');
    state.entered.push({ context, isThreaded, heldBefore: state.held.length });
  }

  #exit(state: OwnerState, context: Context): void {
    state.entered.pop();
    if (context === 'softirq') this.#enable(state, 'hardirq');
    this.#enable(state, context);
  }

  #mark({ class: name, mode }: Held, context: Context, usage: 'used-in' | 'enabled'): void {
    if (this.kinds.get(name) !== 'rcu') this.#usage.mark({ class: name, context, usage, form: FORMS[mode] });
  }

  #lock(state: OwnerState, name: string, words: readonly string[]): Broken {
    const kind = this.kinds.get(name) as Kind;
    const asked = (words.find((word) => word.endsWith('shared')) ?? 'exclusive') as Mode;
    const mode = modeOf(kind, asked, state);
    const wanted = { class: name, mode, isTry: words.includes('try'), within: withinOf(state) };
    const { held } = state;
    const isForbidden = WAITS[kind].outer > this.#limit(state);
    for (const context of CONTEXTS) {
      if (!wanted.isTry && inContext(state, context)) this.#mark(wanted, context, 'used-in');
      if (couldRun(state, context)) this.#mark(wanted, context, 'enabled');
    }
    const cycle = this.#depend(held, wanted);
    state.held = [...held, wanted];
    const conflicts = held.filter((one) => one.class === name && !(mode === 'recursive-shared' && isReader(one.mode)));
    return { waits: isForbidden && !wanted.isTry, recursion: conflicts.length > 0 && !wanted.isTry, cycle };
  }

  /** Takes back the innermost acquire. What lies above it is linked anew to what lies below. */
  #unlock(state: OwnerState, name: string): boolean {
    const at = state.held.findLastIndex((one) => one.class === name);
    const rest = state.held.toSpliced(at, 1);
    state.held = rest;
    return rest.map((one, index) => index >= at && this.#depend(rest.slice(0, index), one)).includes(true);
  }

  /** The strongest wait that is allowed here. */
  #limit(state: OwnerState): number {
    const within = withinOf(state);
    const hardirq = state.entered.findLast(({ context }) => context === 'hardirq');
    const limits = state.entered.map(({ context }) => (context === 'hardirq' && !hardirq?.isThreaded ? SPIN : CONFIG));
    const same = state.held.filter((held) => held.within === within);
    return Math.min(SLEEP, ...limits, ...same.map((held) => WAITS[this.kinds.get(held.class) as Kind].inner));
  }

  /** Judges all dependencies of one acquire before it records any. True if one of them closes a cycle. */
  #depend(held: readonly Held[], wanted: Held): boolean {
    if (wanted.isTry || this.kinds.get(wanted.class) === 'rcu') return false;
    const edges = this.#linked(held, wanted).map((holder) => edgeOf(holder, wanted));
    const news = edges.filter((edge) => !this.#accepted.some((known) => same(known, edge)));
    const closing = news.filter((edge) => strongCycles(edge, this.#accepted).length > 0);
    this.#accepted.push(...news.filter((edge) => !closing.includes(edge)));
    this.#seen.push(...edges.filter((edge) => !this.#seen.some((known) => same(known, edge))));
    return closing.length > 0;
  }

  /**
   * Down to where an interrupt began, or to the first that waited, is no recursive reader, and is not passed over by the searches
   * of interrupts. None to its own class.
   */
  #linked(held: readonly Held[], wanted: Held): Held[] {
    const linked: Held[] = [];
    for (const holder of held.toReversed()) {
      if (holder.within !== wanted.within) break;
      if (this.kinds.get(holder.class) === 'rcu') continue;
      linked.push(holder);
      const isLocal = this.kinds.get(holder.class) === 'local_lock';
      if (!holder.isTry && holder.mode !== 'recursive-shared' && !isLocal) break;
    }
    return linked.filter((holder) => holder.class !== wanted.class);
  }
}

/** Handlers of soft interrupts need hard ones enabled too. */
function couldRun({ hardirqsEnabled, softirqDisable, tickDisable }: OwnerState, context: Context): boolean {
  if (context === 'hardirq') return hardirqsEnabled;
  return context === 'softirq' ? hardirqsEnabled && softirqDisable === 0 : tickDisable === 0;
}

/** A reader of an rwlock is recursive in interrupts, soft ones disabled being one; that of an rwsem never is. */
function modeOf(kind: Kind, asked: Mode, state: OwnerState): Mode {
  if (kind === 'rcu') return 'recursive-shared';
  if (!isReader(asked)) return 'exclusive';
  if (kind === 'rwsem') return 'shared';
  const isInterrupt = inContext(state, 'hardirq') || inContext(state, 'softirq') || state.softirqDisable > 0;
  return isInterrupt ? 'recursive-shared' : asked;
}

function edgeOf(holder: Held, wanted: Held): OracleEdge {
  const left = isReader(holder.mode) ? 'S' : 'E';
  return { from: holder.class, to: wanted.class, left, right: wanted.mode === 'recursive-shared' ? 'R' : 'N' };
}

const same = (one: OracleEdge, other: OracleEdge): boolean => JSON.stringify(one) === JSON.stringify(other);
