/**
 * A semaphore as slowly and plainly as it can be said, and any sequence of requests put to it and to a real one.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Holding, LockUnderTest, Subject } from './lock-under-test.ts';
import { oneOf, type Scripted, scriptsOf } from './script.ts';

type Command =
  | { readonly do: 'ask' | 'run' | 'try'; readonly units: number }
  | { readonly do: 'release' | 'abort'; readonly which: number };

interface Wish {
  readonly id: number;
  readonly units: number;
}

/** First come, first served, and nobody overtakes the first one, however little he wants. */
export class CountingModel {
  free: number;
  readonly held: Map<number, Wish> = new Map();
  waiting: readonly Wish[] = [];

  constructor(capacity: number) {
    this.free = capacity;
  }

  ask(wish: Wish): void {
    this.waiting = [...this.waiting, wish];
    this.#serve();
  }

  /** @returns whether it was taken */
  try(wish: Wish): boolean {
    const isTaken = this.waiting.length === 0 && wish.units <= this.free;
    if (isTaken) {
      this.ask(wish);
    }
    return isTaken;
  }

  release(id: number): void {
    const wish = this.held.get(id);
    this.held.delete(id);
    this.free += wish?.units ?? 0;
    this.#serve();
  }

  abort(id: number): void {
    this.waiting = this.waiting.filter((wish) => wish.id !== id);
    this.#serve();
  }

  #serve(): void {
    const [first, ...rest] = this.waiting;
    if (first === undefined || first.units > this.free) {
      return;
    }
    this.free -= first.units;
    this.held.set(first.id, first);
    this.waiting = rest;
    this.#serve();
  }
}

/** The real one, and what is known of it. */
class Play implements Scripted<Command> {
  readonly #lock: LockUnderTest;
  readonly #model: CountingModel;
  readonly #subject: Subject;
  readonly #held = new Map<number, Holding>();
  readonly #waits = new Map<number, AbortController>();
  readonly #aborted = new Set<number>();
  readonly #rejected = new Set<number>();
  /** Those that hold it until their work ends, which the lock sees a little later. */
  readonly #runs = new Set<number>();
  #count = 0;
  #isLate = false;

  constructor(subject: Subject) {
    this.#subject = subject;
    this.#lock = subject.make();
    this.#model = new CountingModel(subject.capacity);
  }

  do(command: Command): void {
    switch (command.do) {
      case 'ask':
      case 'run':
        this.#ask(this.#unitsOf(command), command.do === 'run');
        break;
      case 'try':
        this.#try(this.#unitsOf(command));
        break;
      case 'release':
        this.#release(command.which);
        break;
      case 'abort':
        this.#abort(command.which);
    }
  }

  check(): void {
    this.#isLate = false;
    assert.deepEqual([...this.#held.keys()].sort(order), [...this.#model.held.keys()].sort(order), 'who holds it');
    assert.deepEqual([...this.#rejected].sort(order), [...this.#aborted].sort(order), 'who was rejected');
    if (this.#subject.skips.waiting === undefined) {
      assert.equal(this.#lock.waiting, this.#model.waiting.length, 'how many wait');
    }
  }

  #unitsOf({ units }: { readonly units: number }): number {
    return this.#subject.skips.units === undefined ? Math.min(units, this.#subject.capacity) : 1;
  }

  #ask(units: number, byRun: boolean): void {
    const id = ++this.#count;
    const controller = new AbortController();
    const options = {
      ...(this.#subject.skips.units === undefined ? { units } : {}),
      ...(this.#subject.skips.signals === undefined ? { signal: controller.signal } : {}),
    };
    this.#model.ask({ id, units });
    this.#waits.set(id, controller);
    const granted = (holding: Holding): void => {
      this.#waits.delete(id);
      this.#held.set(id, holding);
    };
    const refused = (error: unknown): void => {
      assert.equal(error, controller.signal.reason);
      this.#rejected.add(id);
    };
    if (byRun) {
      this.#runs.add(id);
      const work = (): Promise<void> => new Promise((release) => granted({ release }));
      this.#lock.run(work, options).catch(refused);
    } else {
      this.#lock.acquire(options).then(granted, refused);
    }
  }

  #try(units: number): void {
    if (this.#subject.skips.tryAcquire !== undefined || this.#isLate) {
      return;
    }
    const id = ++this.#count;
    const holding = this.#lock.tryAcquire(this.#subject.skips.units === undefined ? { units } : {});
    assert.equal(holding !== null, this.#model.try({ id, units }), 'whether a try takes it');
    if (holding !== null) {
      this.#held.set(id, holding);
    }
  }

  #release(which: number): void {
    const id = oneOf([...this.#held.keys()], which);
    if (id !== undefined) {
      this.#isLate ||= this.#runs.has(id);
      this.#model.release(id);
      this.#held.get(id)?.release();
      this.#held.delete(id);
    }
  }

  #abort(which: number): void {
    // Who got it in this very step is not to be withdrawn: that has a test of its own.
    const waiting = this.#model.waiting.map(({ id }) => id).filter((id) => !this.#aborted.has(id));
    const id = oneOf(waiting, which);
    if (id !== undefined && this.#subject.skips.signals === undefined) {
      this.#model.abort(id);
      this.#aborted.add(id);
      this.#waits.get(id)?.abort(new Error(`aborted ${id}`));
    }
  }
}

const order = (one: number, other: number): number => one - other;

const units = fc.integer({ min: 1, max: 6 });
const which = fc.nat(20);
const command: fc.Arbitrary<Command> = fc.oneof(
  { arbitrary: fc.record({ do: fc.constantFrom('ask' as const, 'run' as const), units }), weight: 4 },
  { arbitrary: fc.record({ do: fc.constant('try' as const), units }), weight: 1 },
  { arbitrary: fc.record({ do: fc.constant('release' as const), which }), weight: 4 },
  { arbitrary: fc.record({ do: fc.constant('abort' as const), which }), weight: 1 },
);

/** Any program does with the lock what it does with the model. */
export function countingModelSuite(subject: Subject): void {
  it(`${subject.name} does what the model does, whatever is asked of it`, async () => {
    await scriptsOf(command, () => new Play(subject));
  });
}
