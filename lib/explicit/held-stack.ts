/**
 * The held stack of an explicit owner, and its way through the trie of chains. A known step costs one look-up and allocates nothing: the
 * entries are used again.
 */
import type { Mode } from '../model/lock.ts';
import type { OwnerRef } from '../model/owner.ts';
import type { Attempt } from '../state/attempt.ts';
import { ChainNode, stepKey } from '../state/chains.ts';
import type { LockInstance } from '../state/classes.ts';
import type { Situation } from '../state/contexts.ts';
import { type HeldLock, isOf, takenAt } from '../state/held.ts';
import { captureSite, type RawSite } from '../state/site.ts';
import { type Usage, usagesOf } from '../state/usage.ts';
import type { Engine } from './engine.ts';
import { type Entry, makePlain, unfold } from './entry.ts';
import { UNTIMED } from './hold-time.ts';

/** What an entry is made of. */
export type NewEntry = Pick<Entry, 'lock' | 'class' | 'mode' | 'units' | 'try' | 'extra' | 'isGuarded' | 'since'>;

export class HeldStack {
  readonly #owner: OwnerRef;
  readonly #engine: Engine;
  readonly entries: Entry[] = [];
  depth = 0;
  /** How many of the entries belong to code that was interrupted. */
  floor = 0;
  #isOver = false;
  chain: ChainNode;
  situation: Situation;

  constructor(owner: OwnerRef, engine: Engine) {
    this.#owner = owner;
    this.#engine = engine;
    this.chain = engine.state.chains.root;
    this.situation = this.chain.situation;
  }

  /** Outermost first. The entries change with the next event. */
  view(): readonly Entry[] {
    return this.entries.slice(0, this.depth);
  }

  find(lock: LockInstance): Entry | undefined {
    return this.view().findLast((entry) => isOf(entry, lock));
  }

  /** Puts the plain, exclusive step that `chain` ends with on the stack. Not timed yet. */
  pushPlain(chain: ChainNode, lock: LockInstance, mode: Mode = 'exclusive'): Entry {
    const depth = this.depth++;
    this.chain = chain;
    const known = this.entries[depth];
    const entry = known ?? this.#plainEntry(chain, lock);
    if (known === undefined) {
      this.entries[depth] = entry;
    } else if (!entry.isPlain) {
      makePlain(entry);
    }
    entry.lock = lock;
    entry.class = lock.class;
    entry.chain = chain;
    if (mode !== 'exclusive') {
      entry.mode = mode;
      entry.isPlain = false;
    }
    return entry;
  }

  #plainEntry(chain: ChainNode, lock: LockInstance): Entry {
    const what = { lock, class: lock.class, mode: 'exclusive', units: 1, try: false, site: null, extra: null } as const;
    const rest = { acquire: null, folded: undefined, isGuarded: false, isPlain: true, since: UNTIMED };
    return { ...what, ...rest, owner: this.#owner, chain };
  }

  /** Puts a step on the stack. */
  add(chain: ChainNode, what: NewEntry, site: RawSite | null): void {
    const depth = this.depth++;
    this.chain = chain;
    const entry = this.entries[depth] ?? this.#plainEntry(chain, what.lock);
    this.entries[depth] = entry;
    entry.lock = what.lock;
    entry.class = what.class;
    entry.mode = what.mode;
    entry.units = what.units;
    entry.try = what.try;
    entry.extra = what.extra;
    entry.site = site;
    entry.chain = chain;
    entry.folded = undefined;
    entry.isGuarded = what.isGuarded;
    entry.since = what.since;
    entry.isPlain = false;
  }

  /** Goes one step back. */
  pop(): void {
    const depth = --this.depth;
    this.chain = this.top(depth);
  }

  /** Takes the lock off if it is the last one, and there is nothing more to it. @returns its entry, good until the next step */
  popPlain(lock: LockInstance): Entry | undefined {
    const { depth } = this;
    if (depth === 0) {
      return undefined;
    }
    const entry = this.entries[depth - 1] as Entry;
    const { chain } = entry;
    const isPlain = entry.extra === null && chain.released !== null && chain.situation === this.situation;
    if (entry.lock !== lock || !isPlain || lock.step < 0 || depth <= this.floor) {
      return undefined;
    }
    lock.last = chain;
    this.pop();
    return entry;
  }

  /** The chain that ends with the lock below `depth`, in the situation of now. */
  top(depth: number): ChainNode {
    const { chains } = this.#engine.state;
    const below = depth > 0 ? (this.entries[depth - 1] as Entry).chain : chains.root;
    return below.situation === this.situation ? below : chains.within(below, this.situation);
  }

  /** The owner is in another situation from now on. */
  enter(situation: Situation): void {
    if (this.#isOver) {
      return;
    }
    this.situation = situation;
    this.chain = this.top(this.depth);
  }

  /** Nothing is held, and no step is known, so that none is taken without a look. */
  clear(): void {
    this.depth = 0;
    this.#isOver = true;
    this.chain = new ChainNode(null, null, this.situation);
  }

  /**
   * Takes an entry out. Those above it are taken again in their order, so that what they mean without it is proved too.
   * @throws what the policy threw, after all of them are taken
   */
  remove(at: number): void {
    this.#replay(at, this.#copies(at + 1));
  }

  /**
   * Holds a lock in another way from now on. It and those above it are taken again.
   * @throws what the policy threw, after all of them are taken
   */
  change(entry: Entry, lock: LockInstance, how: Partial<Pick<Entry, 'mode' | 'class'>>): void {
    const at = this.entries.indexOf(entry);
    const [first, ...above] = this.#copies(at);
    if (first === undefined) {
      return;
    }
    const changed: Entry = { ...first, ...how, lock, folded: undefined };
    if (first.folded !== undefined && first.folded.length > 0) {
      unfold(first, lock);
      this.#replay(at, [first, changed, ...above], changed);
    } else {
      this.#replay(at, [changed, ...above], changed);
    }
  }

  #copies(from: number): Entry[] {
    return this.entries.slice(from, this.depth).map((entry) => ({ ...entry }));
  }

  #replay(at: number, above: readonly Entry[], changed?: Entry): void {
    this.depth = at;
    const errors = above.flatMap((entry) => this.#retake(entry, entry === changed));
    const vacated = this.entries[this.depth];
    if (vacated !== undefined) {
      vacated.since = UNTIMED;
    }
    this.chain = this.top(this.depth);
    if (errors.length > 0) {
      throw errors[0];
    }
  }

  /** Takes a lock again that is held already. What the policy throws comes back, so that no lock is lost over it. */
  #retake(entry: Entry, isChanged: boolean): unknown[] {
    const { lock, mode, units, try: isTry, extra } = entry;
    const { chains } = this.#engine.state;
    const { situation } = entry.chain;
    const below = this.depth > 0 ? (this.entries[this.depth - 1] as Entry).chain : chains.root;
    const chain = chains.within(below, situation);
    const site = takenAt(entry);
    const known = isChanged
      ? undefined
      : this.#engine.known(chain, stepKey(entry.class, mode, isTry), lock, this.#owner);
    const errors: unknown[] = [];
    let node = known;
    if (known !== undefined) {
      known.hits--;
    } else {
      const attempt: Attempt = {
        owner: this.#owner,
        lock,
        class: entry.class,
        mode,
        units,
        try: isTry,
        nest: extra?.nest ?? null,
        isGuarded: entry.isGuarded,
        situation,
        isChanged,
        usages: isChanged ? this.#usagesOf(entry) : [],
        tentative: false,
        isRetaken: true,
        held: this.view(),
        site: site ?? captureSite(this.remove),
      };
      try {
        node = this.#engine.step(chain, attempt);
      } catch (error) {
        errors.push(error);
      }
    }
    this.add(node ?? chain, entry, site);
    (this.entries[this.depth - 1] as Entry).folded = entry.folded;
    return errors;
  }

  // In another class, or as another kind of holder, it is used as if it were taken now.
  #usagesOf({ class: lockClass, mode, try: isTry, chain }: Entry): readonly Usage[] {
    const situation = { inside: chain.situation.inside, open: this.situation.open };
    return usagesOf(this.#engine.state.usages, { class: lockClass, mode, try: isTry, situation });
  }

  /** Whether a lock of the class is taken under a guard that is held while another one of the class is. */
  guardOf(lockClass: HeldLock['class'], nest: LockInstance | null): { readonly isGuarded: boolean } {
    if (nest === null) {
      return { isGuarded: false };
    }
    const held = this.view();
    const guard = held.findIndex((entry) => isOf(entry, nest));
    return { isGuarded: guard >= 0 && held.findIndex((entry) => entry.class === lockClass) > guard };
  }
}
