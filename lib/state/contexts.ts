/**
 * In which situation an owner is: which contexts it is in, and which could interrupt it now. Situations are interned, so that
 * two are the same if they are the same object, and what they mean is found once.
 */
import { CONTEXTS, type ContextDefinition, type ContextKind, contextOf } from '../model/context.ts';
import type { WaitType } from '../model/kind.ts';

/** A context of one checker. */
export interface Context extends ContextKind {
  /** Its place in the table, from 0. */
  readonly id: number;
}

/** What an owner is to a context, one bit each. */
export const Flag = { INSIDE: 1, THREADED: 2, DISABLED: 4 } as const;

export interface Situation {
  readonly id: number;
  /** The contexts that were entered, each once. */
  readonly inside: readonly Context[];
  /** The contexts whose handlers could run now. */
  open: readonly Context[];
  readonly disabled: readonly Context[];
  /** Those of `inside` whose handler would run in a thread. */
  readonly threaded: readonly Context[];
  /** The same number for all situations with the same contexts entered: held stacks split where it changes. */
  readonly section: number;
  /** Whether readers that are recursive in interrupts are so here. */
  readonly isInterrupt: boolean;
}

/** The strongest wait that a context of a situation allows. */
export function limitOf({ threaded }: Situation, context: Context): WaitType {
  return threaded.includes(context) ? context.threadedLimit : context.limit;
}

export class ContextTable {
  readonly all: Context[] = [];
  readonly #byName = new Map<string, Context>();
  readonly #situations = new Map<string | number, Situation>();
  readonly #sections = new Map<string, number>();
  readonly #masks = new Map<Context, readonly Context[]>();
  /** That of a task: nothing entered, everything enabled. */
  readonly task: Situation;

  constructor() {
    for (const kind of CONTEXTS) {
      this.#add(kind);
    }
    this.task = this.situation([]);
  }

  find(name: string): Context | undefined {
    return this.#byName.get(name);
  }

  /** Adds a context. In the situations that are known it can interrupt like any other. */
  add(definition: ContextDefinition): Context {
    const added = this.#add(contextOf(definition));
    this.#masks.clear();
    for (const situation of this.#situations.values()) {
      situation.open = this.#openIn(situation.disabled);
    }
    return added;
  }

  /** What is disabled while a context runs. */
  masksOf(context: Context): readonly Context[] {
    const known = this.#masks.get(context);
    if (known !== undefined) {
      return known;
    }
    const masks = context.masks.flatMap((name) => this.find(name) ?? []);
    this.#masks.set(context, masks);
    return masks;
  }

  /**
   * The situation of an owner.
   * @param flags bits of `Flag`, by context id
   */
  situation(flags: readonly number[]): Situation {
    const key = keyOf(flags);
    const known = this.#situations.get(key);
    if (known !== undefined) {
      return known;
    }
    const added = this.#describe((flag) => this.all.filter(({ id }) => ((flags[id] ?? 0) & flag) !== 0));
    this.#situations.set(key, added);
    return added;
  }

  #describe(withFlag: (flag: number) => readonly Context[]): Situation {
    const [inside, disabled, threaded] = [withFlag(Flag.INSIDE), withFlag(Flag.DISABLED), withFlag(Flag.THREADED)];
    const section = inside.flatMap(({ id, interrupts }) => (interrupts ? id : [])).join();
    if (!this.#sections.has(section)) {
      this.#sections.set(section, this.#sections.size);
    }
    return {
      id: this.#situations.size,
      inside,
      open: this.#openIn(disabled),
      disabled,
      threaded,
      section: this.#sections.get(section) ?? 0,
      isInterrupt:
        inside.some(({ interrupt }) => interrupt) ||
        disabled.some(({ interruptWhenDisabled }) => interruptWhenDisabled),
    };
  }

  #openIn(disabled: readonly Context[]): readonly Context[] {
    const names = new Set(disabled.map(({ name }) => name));
    return this.all.filter(
      ({ name, needs, interrupts }) => interrupts && !names.has(name) && !needs.some((need) => names.has(need)),
    );
  }

  #add(kind: ContextKind): Context {
    const added = { ...kind, id: this.all.length };
    this.all.push(added);
    this.#byName.set(kind.name, added);
    return added;
  }
}

const FLAGS = 8;
/** So many contexts fit into a whole number. */
const SHORT = 17;

/** The same for the same flags, however many contexts there are. */
function keyOf(flags: readonly number[]): string | number {
  const last = flags.findLastIndex((one) => one > 0);
  if (last >= SHORT) {
    return flags.slice(0, last + 1).join();
  }
  let key = 0;
  for (let id = last; id >= 0; id--) {
    key = key * FLAGS + (flags[id] ?? 0);
  }
  return key;
}
