/**
 * What classes were used in and held open to, and which of them that makes unsafe together. A list that is walked.
 */
import type { Mode } from '../../lib/model/lock.ts';
import { follows, type OracleEdge } from './oracle.ts';

/** Hard and soft interrupts, and one of the user's own. */
export const CONTEXTS = ['hardirq', 'softirq', 'tick'] as const;
export type Context = (typeof CONTEXTS)[number];

export const isReader = (mode: Mode): boolean => mode !== 'exclusive';

const ANY = ['write', 'plain', 'recursive'];

export interface Mark {
  readonly class: string;
  readonly context: Context;
  readonly usage: 'used-in' | 'enabled';
  /** A plain reader can be stopped by a writer that waits, a recursive one cannot. */
  readonly form: 'recursive' | 'plain' | 'write';
}

export class Usage {
  readonly #marks: Mark[] = [];

  mark(mark: Mark): void {
    const isKnown = this.#marks.some((known) => JSON.stringify(known) === JSON.stringify(mark));
    if (!isKnown) this.#marks.push(mark);
  }

  /** `hardirq: a` for each class with both marks, unless both are those of readers alone. */
  conflicts(): Set<string> {
    const conflicts = new Set<string>();
    for (const used of this.#marks) {
      for (const enabled of this.#marks) {
        const isPair = used.usage === 'used-in' && enabled.usage === 'enabled' && used.context === enabled.context;
        const isConflict = used.form === 'write' || enabled.form === 'write';
        if (isPair && isConflict && used.class === enabled.class) conflicts.add(`${used.context}: ${used.class}`);
      }
    }
    return conflicts;
  }

  /**
   * `hardirq: a → b` for each safe class with a strong path to an unsafe one. A class that the path reaches as a recursive reader
   * counts for its marks of writers alone, and so does one that it leaves as a reader; in the wide sense, what a handler
   * took as a plain reader counts there too, as a writer can wait between the two readers; and so does a class with a path to
   * itself, which is a cycle of the order to begin with.
   */
  pairs(edges: readonly OracleEdge[], isWide: boolean): Set<string> {
    const pairs = new Set<string>();
    for (const first of edges) {
      const reached = [first];
      const strong = isWide ? ['write', 'plain'] : ['write'];
      for (const last of reached) {
        reached.push(...edges.filter((next) => follows(last, next) && !reached.includes(next)));
        for (const context of CONTEXTS) {
          const isSafe = this.#has('used-in', context, first.from, first.left === 'S' ? strong : ANY);
          const isUnsafe = this.#has('enabled', context, last.to, last.right === 'R' ? ['write'] : ANY);
          const isTwo = first.from !== last.to || isWide;
          if (isSafe && isUnsafe && isTwo) pairs.add(`${context}: ${first.from} → ${last.to}`);
        }
      }
    }
    return pairs;
  }

  #has(usage: Mark['usage'], context: Context, name: string, forms: readonly string[]): boolean {
    const found = this.#marks.filter((mark) => mark.usage === usage && mark.context === context && mark.class === name);
    return found.some(({ form }) => forms.includes(form));
  }
}
