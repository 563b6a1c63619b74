/**
 * Puts into the state what other checkers saw. It counts for nothing here: no instance, no acquire, no dependency of one's own.
 * A class is the one that has its key here already, whatever is said of it; one that is not declared here is made of what is said,
 * until it is. A mark of a context that is not defined here is kept until it is.
 */
import type { DependencyKind, Site } from '../model/lock.ts';
import { type ClassTraits, type LockClass, NO_TRAITS } from '../state/classes.ts';
import type { Gate } from '../state/gates.ts';
import { PeerOwner } from '../state/peer-owner.ts';
import { RawSite } from '../state/site.ts';
import type { State } from '../state/state.ts';
import type { ClassData, EdgeData, MarkData, News, PairData } from './records.ts';

/** Another checker, as far as its records were read. */
interface Source {
  readonly process: string;
  /** By its number there. */
  readonly classes: Map<number, LockClass>;
}

export class Reader {
  readonly #state: State;
  /** By the position of the record by which it joined. */
  readonly #sources = new Map<number, Source>();
  readonly #owners = new Map<string, Map<string, PeerOwner>>();
  #waiting: { readonly source: Source; readonly mark: MarkData }[] = [];
  #contexts = 0;

  constructor(state: State) {
    this.#state = state;
  }

  /** Another checker has joined. */
  meet(position: number, process: string): void {
    this.#sources.set(position, { process, classes: new Map() });
  }

  /** @throws Error if it names a checker or a class that was not told of; nothing was taken from it but classes */
  read(position: number, { classes = [], edges = [], pairs = [], marks = [] }: Partial<News>): void {
    const source = this.#sources.get(position);
    if (source === undefined) {
      throw new Error(`the checker at ${position} has not joined`);
    }
    for (const one of classes) {
      this.#define(source, one);
    }
    const named = [...edges, ...pairs].flatMap(({ from, to }) => [from, to]);
    for (const id of [...named, ...marks.map((mark) => mark.class)]) {
      classOf(source, id);
    }
    for (const one of edges) {
      this.#edge(source, one);
    }
    for (const one of pairs) {
      this.#pair(source, one);
    }
    for (const mark of marks) {
      this.#mark(source, mark);
    }
  }

  /** Takes the marks of contexts that were defined since. */
  catchUp(): void {
    const count = this.#state.contexts.all.length;
    if (this.#contexts === count) {
      return;
    }
    this.#contexts = count;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { source, mark } of waiting) {
      this.#mark(source, mark);
    }
  }

  #define(source: Source, data: ClassData): void {
    const { base, level } = data;
    const isSubclass = base !== undefined && level !== undefined;
    source.classes.set(data.id, isSubclass ? this.#subclass(classOf(source, base), level) : this.#class(data));
  }

  #class(data: ClassData): LockClass {
    const { key, name, site, kind, capacity, traits, inhibits } = data;
    const { classes, contexts, dependencies } = this.#state;
    const known = classes.findAny(key);
    if (known !== undefined) {
      return known;
    }
    const added = classes.add(key, {
      kind: Object.freeze(kind),
      capacity,
      identity: site === undefined ? { key, name } : { key, name, site },
      traits: {
        ...NO_TRAITS,
        ...(traits as Partial<ClassTraits>),
        inhibits: inhibits.flatMap((context) => contexts.find(context) ?? []),
      },
      isForeign: true,
    });
    dependencies.addClass(added.id);
    return added;
  }

  #subclass(base: LockClass, level: number): LockClass {
    const known = base.subclasses.get(level);
    if (known !== undefined) {
      return known;
    }
    const added = this.#state.classes.addSubclass(base, level);
    added.isForeign = true;
    this.#state.dependencies.addClass(added.id);
    return added;
  }

  #edge(source: Source, { from, to, kind, owner, taken, asked, at, broke }: EdgeData): void {
    const places = { taken: placeOf(taken), asked: placeOf(asked) };
    const witness = { kind, owner: this.#owner(source, owner), ...places, at, gates: new Map() };
    this.#state.dependencies.import(classOf(source, from), classOf(source, to), { witness, broke });
  }

  #pair(source: Source, { from, to, kinds, gates, owner, at }: PairData): void {
    const seen = {
      owner: this.#owner(source, owner),
      taken: null,
      asked: null,
      at,
      gates: new Map(gates.map(([key, exclusive]): [string, Gate] => [key, { exclusive, acquire: null }])),
    };
    for (const kind of kinds as readonly DependencyKind[]) {
      this.#state.pairs.import(classOf(source, from), classOf(source, to), { ...seen, kind });
    }
  }

  #mark(source: Source, mark: MarkData): void {
    const context = this.#state.contexts.find(mark.context);
    if (context === undefined) {
      this.#waiting.push({ source, mark });
      return;
    }
    const { usage, form, broke } = mark;
    const who = { owner: this.#owner(source, mark.owner), site: placeOf(mark.site) };
    this.#state.usages.record({ class: classOf(source, mark.class), context, usage, form, broke, ...who });
  }

  #owner({ process }: Source, name: string): PeerOwner {
    const known = this.#owners.get(process) ?? new Map<string, PeerOwner>();
    this.#owners.set(process, known);
    const owner = known.get(name) ?? new PeerOwner(name, process);
    known.set(name, owner);
    return owner;
  }
}

function classOf({ classes }: Source, id: number): LockClass {
  const known = classes.get(id);
  if (known === undefined) {
    throw new Error(`class ${id} was never described`);
  }
  return known;
}

function placeOf(site: Site | null): RawSite | null {
  return site === null ? null : RawSite.of(site);
}
