/**
 * The rules of acquire and release once more, slow and obvious: lists that are walked, nothing remembered that could be
 * searched for again. It knows no chains, no order, no ports and no classes of its own: a class is a name.
 */
import type { Mode } from '../../lib/model/lock.ts';

export interface OracleLock {
  readonly name: string;
  readonly class: string;
  /** More than one for a counting resource. */
  readonly capacity: number;
  /** True where whoever waits for it spins: its holder must not sleep. @default false */
  readonly spins?: boolean;
}

export interface OracleHeld {
  readonly lock: OracleLock;
  readonly mode: Mode;
  readonly try: boolean;
}

/** `to` was asked for while `from` was held. */
export interface OracleEdge {
  readonly from: string;
  readonly to: string;
  /** How the first is held. */
  readonly left: 'E' | 'S';
  /** How the second is wanted. */
  readonly right: 'N' | 'R';
}

/** What one event must be answered with. */
export interface Verdict {
  /** Forbidden waits, same-class and counting defects, each as one word or two. */
  readonly told: ReadonlySet<string>;
  /** For each dependency that closes strong cycles, all of those: any one of them may be told. */
  readonly cycles: readonly ReadonlySet<string>[];
}

const QUIET: Verdict = { told: new Set(), cycles: [] };

const isReader = (mode: Mode): boolean => mode !== 'exclusive';

/** A path must not arrive as a recursive reader and go on from a reader: a reader never blocks a recursive one. */
export const follows = (before: OracleEdge, after: OracleEdge): boolean =>
  before.to === after.from && !(before.right === 'R' && after.left === 'S');

/** The classes of a cycle, in the turn that sorts first: which of them it was entered at does not matter. */
export function turned(classes: readonly string[]): string {
  const turns = classes.map((_, at) => [...classes.slice(at), ...classes.slice(0, at)].join(' → '));
  return turns.sort()[0] ?? '';
}

/** Every strong cycle that begins with `first` and goes on over `edges`, none of them twice. */
export function strongCycles(first: OracleEdge, edges: readonly OracleEdge[]): OracleEdge[][] {
  const found: OracleEdge[][] = [];
  const open: OracleEdge[][] = [[first]];
  for (const path of open) {
    const last = path.at(-1) as OracleEdge;
    if (follows(last, first)) found.push(path);
    for (const next of edges) {
      const isNew = path.every((edge) => edge.to !== next.to || edge.right !== next.right);
      if (isNew && follows(last, next)) open.push([...path, next]);
    }
  }
  return found;
}

const same = (one: OracleEdge, other: OracleEdge): boolean =>
  one.from === other.from && one.to === other.to && one.left === other.left && one.right === other.right;

export class Oracle {
  readonly #held = new Map<string, OracleHeld[]>();
  /** Dependencies that closed no cycle when they came. */
  readonly #accepted: OracleEdge[] = [];
  /** Instances of one class, the second taken under the first, as far as that reversed nothing. */
  readonly #nested: (readonly [outer: string, inner: string])[] = [];

  /** Classes of which two instances were nested both ways. */
  readonly #reversed = new Set<string>();

  heldBy(owner: string): readonly OracleHeld[] {
    return this.#held.get(owner) ?? [];
  }

  acquire(owner: string, wanted: OracleHeld): Verdict {
    const held = this.heldBy(owner);
    this.#held.set(owner, [...held, wanted]);
    if (wanted.try) return QUIET;
    const told = new Set([...waiting(held, wanted), ...this.#sameClass(held, wanted), ...counting(held, wanted)]);
    const cycles = this.#depend(linked(held, wanted), wanted);
    this.#nest(held, wanted);
    return { told, cycles };
  }

  /** Takes back the innermost acquire of the lock. What lies above it is linked anew to what lies below. */
  release(owner: string, lock: OracleLock): Verdict {
    const held = this.heldBy(owner);
    const at = held.findLastIndex((one) => one.lock === lock);
    const rest = held.toSpliced(at, 1);
    this.#held.set(owner, rest);
    const above = rest.slice(at).map((one, index) => ({ one, below: rest.slice(0, at + index) }));
    const cycles = above.flatMap(({ one, below }) => (one.try ? [] : this.#depend(linked(below, one), one)));
    return { told: new Set(), cycles };
  }

  #sameClass(held: readonly OracleHeld[], wanted: OracleHeld): string[] {
    const holders = held.filter(({ lock }) => lock.class === wanted.lock.class);
    const conflicts = holders.filter(({ mode }) => !(wanted.mode === 'recursive-shared' && isReader(mode)));
    return conflicts.flatMap(({ lock }) => {
      if (lock !== wanted.lock)
        return [
          `recursion ${this.#isReversed(lock, wanted.lock) || this.#reversed.has(lock.class) ? 'reversed' : 'nested'}`,
        ];
      return lock.capacity > 1 ? [] : ['recursion same'];
    });
  }

  #isReversed(outer: OracleLock, inner: OracleLock): boolean {
    const below = [inner.name];
    for (const name of below) below.push(...this.#nested.filter(([one]) => one === name).map(([, other]) => other));
    return below.includes(outer.name);
  }

  #nest(held: readonly OracleHeld[], wanted: OracleHeld): void {
    for (const { lock } of held) {
      const isPair = lock.class === wanted.lock.class && lock !== wanted.lock;
      if (!isPair) continue;
      if (this.#isReversed(lock, wanted.lock)) this.#reversed.add(lock.class);
      else this.#nested.push([lock.name, wanted.lock.name]);
    }
  }

  /** Judges all dependencies of one acquire before it records any. */
  #depend(holders: readonly OracleHeld[], wanted: OracleHeld): Set<string>[] {
    const edges = holders.map((holder) => edgeOf(holder, wanted));
    const news = edges.filter((edge) => !this.#accepted.some((known) => same(known, edge)));
    const cycles = news.map((edge) => strongCycles(edge, this.#accepted));
    this.#accepted.push(...news.filter((_, at) => cycles[at]?.length === 0));
    const told = cycles.filter((found) => found.length > 0);
    return told.map((found) => new Set(found.map((path) => turned(path.map(({ from }) => from)))));
  }
}

export function edgeOf(holder: OracleHeld, wanted: OracleHeld): OracleEdge {
  return {
    from: holder.lock.class,
    to: wanted.lock.class,
    left: isReader(holder.mode) ? 'S' : 'E',
    right: wanted.mode === 'recursive-shared' ? 'R' : 'N',
  };
}

/**
 * The stack is walked down, and the first holder that waited ends the walk: the deeper ones are linked through it. Not
 * through a recursive reader: what arrives at it as one does not go on from a reader, so the walk goes on below it.
 */
function linked(held: readonly OracleHeld[], wanted: OracleHeld): OracleHeld[] {
  const last = held.findLastIndex((holder) => !holder.try && holder.mode !== 'recursive-shared');
  const reached = held.slice(Math.max(last, 0));
  return reached.toReversed().filter(({ lock }) => lock.class !== wanted.lock.class);
}

/** Nobody sleeps while others spin for what they hold, however deep that is. Whoever only tries does not sleep. */
function waiting(held: readonly OracleHeld[], { lock }: OracleHeld): string[] {
  const isForbidden = lock.spins !== true && held.some((holder) => holder.lock.spins === true);
  return isForbidden ? [`wait-context ${lock.class}`] : [];
}

function counting(held: readonly OracleHeld[], wanted: OracleHeld): string[] {
  const isNested = wanted.lock.capacity > 1 && held.some(({ lock }) => lock === wanted.lock);
  return isNested ? ['pool-nesting'] : [];
}
