/**
 * Units of a lock that several threads hold at a time, and the queue of those who wait for them.
 *
 * Who comes may overtake those who have waited for less than 5 ms: a thread that sleeps takes its time to come back, and what it waits for
 * would lie idle meanwhile. From then on what somebody wants is kept for him and for those before him, so nobody waits for
 * ever. Who could go on is called, and takes his units himself. Who was called and does not come for 50 ms, for his thread has ended or
 * its event loop is busy, is passed by until he does; he keeps his number.
 * An acquire or a release costs a look at the words of all threads of the space, a few ns each.
 */
import { epochMs } from '../memory/rows.ts';
import type { Space } from '../memory/space.ts';
import { Field, isEarlier, NOBODY, type UnitsRules, UnitsWords } from '../memory/units-words.ts';

const OVERTAKEN_MS = 5;
const PATIENCE_MS = 50;

interface Request {
  readonly slot: number;
  readonly units: number;
  readonly number: number;
  readonly isCalled: boolean;
  /** True where it is not overtaken any more. */
  readonly isOld: boolean;
}

export class HeldUnits {
  readonly #words: UnitsWords;
  readonly #rules: UnitsRules;
  readonly #own: number;
  /** What async flows of this thread wait for; 0 for nothing. */
  #forFlow = 0;

  constructor(
    words: Int32Array,
    { space, start, ...rules }: UnitsRules & { readonly space: Space; readonly start: number },
  ) {
    this.#words = new UnitsWords(words, { space, start });
    this.#rules = rules;
    this.#own = space.threads.own;
  }

  /** Units that nobody holds. */
  get free(): number {
    return this.#rules.capacity - this.#words.taken;
  }

  /** Units that this thread holds. */
  get own(): number {
    return this.of(this.#own);
  }

  /** The word that changes when this thread is called. */
  get wantsAt(): number {
    return this.#words.at(Field.WANTS, this.#own);
  }

  /** Units that nobody has and nobody can take, until somebody gives them back. */
  keepBack(units: number): void {
    this.#words.inside(() => this.#words.set(Field.UNITS, NOBODY, units));
  }

  of(slot: number): number {
    return this.#words.get(Field.UNITS, slot);
  }

  /** How many threads wait. */
  get waiting(): number {
    return this.#words.slots(Field.WANTS).length;
  }

  holders(): readonly number[] {
    return this.#words.slots(Field.UNITS);
  }

  /** Takes units where they are free, and kept for nobody. */
  tryTake(units: number): boolean {
    return this.#words.inside(() => this.#take(units));
  }

  /** Takes units, or waits for them in the queue. @param isFlow whether an async flow asks */
  take(units: number, isFlow = false): boolean {
    return this.#words.inside(() => {
      this.#forFlow = isFlow ? 0 : this.#forFlow;
      if (this.#take(units)) {
        return true;
      }
      this.#forFlow = isFlow ? units : this.#forFlow;
      if (this.#queue(units)) {
        this.#callNext();
      }
      return false;
    });
  }

  /** Waits no more. @param isFlow whether an async flow did */
  withdraw(isFlow = false): void {
    this.#words.inside(() => {
      this.#forFlow = isFlow ? 0 : this.#forFlow;
      this.#words.set(Field.WANTS, this.#own, this.#forFlow);
      this.#callNext();
      this.#words.leave();
    });
  }

  /**
   * Gives units back, first those of this thread.
   * @returns how many of them this thread had; `undefined` where fewer are held in all: then nothing was given back
   */
  give(units: number): number | undefined {
    return this.#words.inside(() => {
      if (units > this.#words.taken) {
        return undefined;
      }
      const own = Math.min(units, this.own);
      this.#words.takeAway(this.#own, own);
      this.#words.takeAwayAnywhere(units - own);
      this.#callNext();
      this.#words.leave();
      return own;
    });
  }

  /** What a thread that has ended had is free from here on. */
  bury(dead: number): void {
    this.#words.inside(() => {
      this.#words.bury(dead);
      this.#callNext();
    });
  }

  /** Takes over what a thread that has ended had. False where somebody else was first. */
  inherit(dead: number): boolean {
    return this.#words.inside(() => {
      const units = this.of(dead);
      if (units === 0 || !this.#words.space.threads.isDead(dead)) {
        return false;
      }
      this.#words.join();
      // For a moment both have them, so that nobody else can.
      this.#words.set(Field.UNITS, this.#own, this.own + units);
      return this.#words.bury(dead);
    });
  }

  dropDead(): void {
    for (const slot of this.#words.slots(Field.JOINED)) {
      if (this.of(slot) === 0 && this.#words.space.threads.isDead(slot)) {
        this.bury(slot);
      }
    }
  }

  #take(units: number): boolean {
    const { free } = this;
    if (free < units || free - this.#keptFor(units) < units) {
      return false;
    }
    this.#words.join();
    this.#words.set(Field.UNITS, this.#own, this.own + units);
    this.#words.set(Field.WANTS, this.#own, 0);
    if (this.#forFlow > 0) {
      this.#queue(this.#forFlow);
    }
    this.#callNext();
    return true;
  }

  /** @returns whether it had been called */
  #queue(units: number): boolean {
    const words = this.#words;
    words.join();
    const wanted = words.get(Field.WANTS, this.#own);
    if (wanted === 0) {
      words.set(Field.NUMBER, this.#own, words.newNumber());
      words.set(Field.SINCE, this.#own, epochMs());
    }
    words.set(Field.WANTS, this.#own, units);
    return wanted < 0;
  }

  /** Units that others want who are before this thread. Who was called has his turn, whoever came since. */
  #keptFor(units: number): number {
    const wants = this.#words.get(Field.WANTS, this.#own);
    const number = wants === 0 ? null : this.#words.get(Field.NUMBER, this.#own);
    let kept = 0;
    for (const request of this.#requests()) {
      const isOther = request.slot !== this.#own && (wants >= 0 || request.isCalled);
      if (isOther && this.#keeps(request, { units, number })) {
        kept += request.units;
      }
    }
    return kept;
  }

  /** True where one who asks leaves a request its units. @param asker with no number where he does not wait yet */
  #keeps(request: Request, { units, number }: { readonly units: number; readonly number: number | null }): boolean {
    if (this.#rules.prefersBig && request.units !== units) {
      // One who was called has his turn all the same, if he has waited long.
      return request.units > units || (request.isCalled && request.isOld);
    }
    return number === null ? request.isOld : isEarlier(request.number, number);
  }

  /** Those who wait, but for those who were called and do not come. */
  #requests(): Request[] {
    const words = this.#words;
    const slots = words.slots(Field.WANTS);
    const now = slots.length === 0 ? 0 : epochMs();
    const passed = (field: number, slot: number): number => Math.abs(now - words.get(field, slot));
    return slots
      .map((slot) => {
        const wants = words.get(Field.WANTS, slot);
        const number = words.get(Field.NUMBER, slot);
        const isOld = passed(Field.SINCE, slot) > OVERTAKEN_MS;
        return { slot, units: Math.abs(wants), number, isCalled: wants < 0, isOld };
      })
      .filter(({ slot, isCalled }) => {
        const isAway = isCalled && passed(Field.CALLED, slot) > PATIENCE_MS;
        return !isAway && !words.space.threads.isKnownDead(slot);
      });
  }

  /** Calls those for whom there is enough, in their order. */
  #callNext(): void {
    const words = this.#words;
    let { free } = this;
    for (const { slot, units, isCalled } of this.#requests().sort((one, other) => this.#compare(one, other))) {
      free -= units;
      if (free < 0) {
        return;
      }
      if (!isCalled) {
        words.set(Field.CALLED, slot, epochMs());
        words.set(Field.WANTS, slot, -units);
        Atomics.notify(words.words, words.at(Field.WANTS, slot));
      }
    }
  }

  // Those who were called first: else two could be called for the same units, and leave them to each other.
  #compare(one: Request, other: Request): number {
    if (one.isCalled !== other.isCalled) {
      return one.isCalled ? -1 : 1;
    }
    if (this.#rules.prefersBig && one.units !== other.units) {
      return other.units - one.units;
    }
    return isEarlier(one.number, other.number) ? -1 : 1;
  }
}
