/**
 * A mutex for each key, as slowly and plainly as it can be said, and any sequence of requests put to it and to a real one.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Form } from './forms.ts';
import type { Holding } from './lock-under-test.ts';
import { oneOf, type Scripted, scriptsOf } from './script.ts';

/** Keys that plain objects, and texts, would confuse. */
const KEYS: readonly unknown[] = ['__proto__', 'a', 'constructor', 1, '1', undefined, null, Number.NaN];

type Command =
  | { readonly do: 'ask' | 'try'; readonly key: number }
  | { readonly do: 'release' | 'abort'; readonly which: number };

/** Who wants which key, in order: the first one of each key has it. */
class Play implements Scripted<Command> {
  readonly #lock: InstanceType<ReturnType<Form['locks']>['KeyedMutex']>;
  readonly #asked: () => ReturnType<Form['asked']>;
  readonly #held = new Map<number, Holding>();
  readonly #waits = new Map<number, AbortController>();
  readonly #gone: number[] = [];
  readonly #aborted: number[] = [];
  #wishes: readonly { readonly id: number; readonly key: unknown }[] = [];
  #count = 0;

  constructor(form: Form) {
    const made = form.made();
    this.#lock = new (form.locks().KeyedMutex)<unknown>('keyed', made);
    this.#asked = () => form.asked(made);
  }

  do(command: Command): void {
    switch (command.do) {
      case 'ask':
        this.#ask(KEYS[command.key]);
        break;
      case 'try':
        this.#try(KEYS[command.key]);
        break;
      case 'release':
        this.#release(command.which);
        break;
      case 'abort':
        this.#abort(command.which);
    }
  }

  check(): void {
    const sorted = (ids: Iterable<number>): number[] => [...ids].sort((one, other) => one - other);
    assert.deepEqual(sorted(this.#held.keys()), sorted(this.#holders()), 'who holds it');
    assert.deepEqual(sorted(this.#gone), sorted(this.#aborted), 'who was rejected');
    const used = new Set(this.#wishes.map(({ key }) => key));
    assert.equal(this.#lock.size, used.size, 'keys in use');
    for (const key of KEYS) {
      assert.equal(this.#lock.isLocked(key), used.has(key), 'isLocked');
    }
  }

  #holders(): number[] {
    const first = new Map(this.#wishes.toReversed().map(({ id, key }) => [key, id]));
    return [...first.values()];
  }

  #ask(key: unknown): void {
    const id = ++this.#count;
    const controller = new AbortController();
    this.#wishes = [...this.#wishes, { id, key }];
    this.#waits.set(id, controller);
    this.#lock.acquire(key, { signal: controller.signal, ...this.#asked() }).then(
      (guard) => this.#held.set(id, guard),
      () => this.#gone.push(id),
    );
  }

  #try(key: unknown): void {
    const id = ++this.#count;
    const guard = this.#lock.tryAcquire(key, this.#asked());
    assert.equal(guard !== null, !this.#wishes.some((wish) => Object.is(wish.key, key)), 'whether a try takes it');
    if (guard !== null) {
      this.#wishes = [...this.#wishes, { id, key }];
      this.#held.set(id, guard);
    }
  }

  #release(which: number): void {
    const id = oneOf([...this.#held.keys()], which);
    if (id !== undefined) {
      this.#forget(id);
      this.#held.get(id)?.release();
      this.#held.delete(id);
    }
  }

  #abort(which: number): void {
    const holders = this.#holders();
    const waiting = this.#wishes.filter(({ id }) => !holders.includes(id));
    const id = oneOf(waiting, which)?.id;
    if (id !== undefined) {
      this.#forget(id);
      this.#aborted.push(id);
      this.#waits.get(id)?.abort();
    }
  }

  #forget(gone: number): void {
    this.#wishes = this.#wishes.filter(({ id }) => id !== gone);
  }
}

const key = fc.nat(KEYS.length - 1);
const which = fc.nat(20);
const command: fc.Arbitrary<Command> = fc.oneof(
  { arbitrary: fc.record({ do: fc.constant('ask' as const), key }), weight: 4 },
  { arbitrary: fc.record({ do: fc.constant('try' as const), key }), weight: 1 },
  { arbitrary: fc.record({ do: fc.constant('release' as const), which }), weight: 4 },
  { arbitrary: fc.record({ do: fc.constant('abort' as const), which }), weight: 1 },
);

/** Any program does with the lock what it does with the model. */
export function keyedModelSuite(form: Form): void {
  it('does what the model does, whatever is asked of it', async () => {
    await scriptsOf(command, () => new Play(form));
  });
}
