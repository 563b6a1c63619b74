/**
 * One class graph for the checkers of all threads: what one sees new stands in the log of the space, and the others read it before
 * they judge what is new to them. The checkers by default share one graph; checkers of the program's own share the graph of the
 * locks that they were handed. Reading costs one load where nothing is new.
 */
import type { PeerLog } from '../../../exchange.ts';
import type { Lockdep } from '../../../lockdep.ts';
import { DEFAULT_INSTANCE } from '../../../owner/default.ts';
import { Head } from './layout.ts';
import { RecordKind } from './log.ts';
import type { Space } from './space.ts';

/** Where a checker keeps the number of its graph, whichever copy of this package made it join. */
const GRAPH: unique symbol = Symbol.for('lockdep/shared/graph') as never;

/**
 * The graph of a checker, which it joins with the first lock over shared memory that it sees.
 * @param offered that of the lock, where it was made by another thread
 */
export function graphOf(lockdep: Lockdep, space: Space, offered: number | null): number {
  const joined = lockdep as { [GRAPH]?: number };
  const known = joined[GRAPH];
  if (known !== undefined) {
    return known;
  }
  const shared = globalThis as { [DEFAULT_INSTANCE]?: Lockdep };
  const isDefault = shared[DEFAULT_INSTANCE] === lockdep;
  const graph = isDefault ? 0 : (offered ?? Atomics.add(space.words, Head.NEXT_GRAPH, 1) + 1);
  Object.defineProperty(joined, GRAPH, { value: graph });
  space.log.onFull = () => {
    lockdep.notes.push(
      'The log that all threads share is full (16 MiB): from here on what is new in one thread is not known to the others, and a cycle over threads is found by the report alone.',
    );
  };
  lockdep.join(new SpaceLog(space, graph));
  return graph;
}

/** The records of one graph, in the log of a space. */
class SpaceLog implements PeerLog {
  readonly #space: Space;
  readonly #prefix: string;

  constructor(space: Space, graph: number) {
    this.#space = space;
    this.#prefix = `${graph} `;
  }

  get end(): number {
    return this.#space.log.end;
  }

  append(record: string): number {
    return this.#space.log.append(RecordKind.GRAPH, this.#prefix + record);
  }

  read(from: number, to: number, visit: (record: string, position: number) => void): number {
    const { log, threads } = this.#space;
    return log.read(from, to, ({ kind, writer, text }, position) => {
      if (kind === RecordKind.GRAPH && writer !== threads.join && text.startsWith(this.#prefix)) {
        visit(text.slice(this.#prefix.length), position);
      }
    });
  }
}
