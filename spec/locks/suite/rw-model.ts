/**
 * Any sequence of requests put to a read-write lock and to its model.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Form } from './forms.ts';
import { type Mode, RwModel } from './rw-rules.ts';
import { oneOf, type Scripted, scriptsOf } from './script.ts';

type Command =
  | { readonly do: 'ask' | 'try'; readonly mode: Mode }
  | { readonly do: 'release' | 'abort' | 'downgrade' | 'upgrade'; readonly which: number };

interface Held {
  readonly mode: Mode;
  release(): void;
}

type Locks = ReturnType<Form['locks']>;
type ReadGuard = Awaited<ReturnType<InstanceType<Locks['RwLock']>['read']>>;
type WriteGuard = Awaited<ReturnType<InstanceType<Locks['RwLock']>['write']>>;

class Play implements Scripted<Command> {
  readonly #model = new RwModel();
  readonly #lock: InstanceType<Locks['RwLock']>;
  readonly #asked: () => ReturnType<Form['asked']>;
  readonly #held = new Map<number, Held>();
  readonly #guards = new Map<number, ReadGuard | WriteGuard>();
  readonly #waits = new Map<number, AbortController>();
  readonly #rejected: number[] = [];
  readonly #aborted: number[] = [];
  #count = 0;

  constructor(form: Form) {
    const made = form.made();
    this.#lock = new (form.locks().RwLock)('rw', made);
    this.#asked = () => form.asked(made);
  }

  do(command: Command): void {
    switch (command.do) {
      case 'ask':
        this.#ask(command.mode);
        break;
      case 'try':
        this.#try(command.mode);
        break;
      case 'release':
        this.#release(command.which);
        break;
      case 'abort':
        this.#abort(command.which);
        break;
      case 'downgrade':
        this.#downgrade(command.which);
        break;
      case 'upgrade':
        this.#upgrade(command.which);
    }
  }

  check(): void {
    const sorted = (held: Iterable<[number, Mode]>): [number, Mode][] =>
      [...held].sort(([one], [other]) => one - other);
    const real = [...this.#held].map(([id, { mode }]): [number, Mode] => [id, mode]);
    assert.deepEqual(sorted(real), sorted(this.#model.held), 'who holds it');
    assert.deepEqual(this.#rejected.toSorted(), this.#aborted.toSorted(), 'who was rejected');
    assert.equal(this.#lock.isWriteLocked, this.#model.isWritten, 'isWriteLocked');
    const readers = [...this.#model.held.values()].filter((mode) => mode === 'read').length;
    assert.equal(this.#lock.readers, readers, 'readers');
    const waiting = this.#model.waiting.length + (this.#model.upgrading === null ? 0 : 1);
    assert.equal(this.#lock.waiting, waiting, 'waiting');
  }

  #keep(id: number, mode: Mode, guard: ReadGuard | WriteGuard): void {
    this.#guards.set(id, guard);
    this.#held.set(id, { mode, release: guard.release });
  }

  #ask(mode: Mode): void {
    const id = ++this.#count;
    const options = this.#wait(id);
    this.#model.ask({ id, mode });
    const guard = mode === 'read' ? this.#lock.read(options) : this.#lock.write(options);
    guard.then(
      (got) => this.#keep(id, mode, got),
      () => this.#rejected.push(id),
    );
  }

  #wait(id: number): { signal: AbortSignal } {
    const controller = new AbortController();
    this.#waits.set(id, controller);
    return { signal: controller.signal, ...this.#asked() };
  }

  #try(mode: Mode): void {
    const id = ++this.#count;
    const guard = mode === 'read' ? this.#lock.tryRead(this.#asked()) : this.#lock.tryWrite(this.#asked());
    assert.equal(guard !== null, this.#model.try({ id, mode }), 'whether a try takes it');
    if (guard !== null) {
      this.#keep(id, mode, guard);
    }
  }

  /** Those that the program and the model hold in this mode, and that are not about to change it. */
  #idle(mode?: Mode): number[] {
    return [...this.#held]
      .filter(([id, held]) => held.mode === (mode ?? held.mode) && this.#model.held.get(id) === held.mode)
      .map(([id]) => id)
      .filter((id) => id !== this.#model.upgrading);
  }

  #release(which: number): void {
    const id = oneOf(this.#idle(), which);
    if (id !== undefined) {
      this.#model.release(id);
      this.#held.get(id)?.release();
      this.#held.delete(id);
    }
  }

  #abort(which: number): void {
    const { waiting, upgrading } = this.#model;
    const all = [...waiting.map(({ id }) => id), ...(upgrading === null ? [] : [upgrading])];
    const id = oneOf(all, which);
    if (id !== undefined) {
      this.#model.abort(id);
      this.#aborted.push(id);
      this.#waits.get(id)?.abort(new Error(`aborted ${id}`));
    }
  }

  #downgrade(which: number): void {
    const id = oneOf(this.#idle('write'), which);
    if (id !== undefined) {
      this.#model.downgrade(id);
      this.#keep(id, 'read', (this.#guards.get(id) as WriteGuard).downgrade());
    }
  }

  #upgrade(which: number): void {
    const id = oneOf(this.#idle('read'), which);
    if (id === undefined) {
      return;
    }
    const guard = this.#guards.get(id) as ReadGuard;
    const { signal } = this.#wait(id);
    const isTaken = this.#model.upgrade(id);
    if (!isTaken) {
      this.#aborted.push(id);
    }
    guard.upgrade({ signal }).then(
      (got) => this.#keep(id, 'write', got),
      () => this.#rejected.push(id),
    );
  }
}

const mode = fc.constantFrom<Mode>('read', 'read', 'write');
const which = fc.nat(20);
const command: fc.Arbitrary<Command> = fc.oneof(
  { arbitrary: fc.record({ do: fc.constant('ask' as const), mode }), weight: 5 },
  { arbitrary: fc.record({ do: fc.constant('try' as const), mode }), weight: 1 },
  { arbitrary: fc.record({ do: fc.constant('release' as const), which }), weight: 5 },
  {
    arbitrary: fc.record({ do: fc.constantFrom('abort' as const, 'downgrade' as const, 'upgrade' as const), which }),
    weight: 3,
  },
);

/** Any program does with the lock what it does with the model. */
export function rwModelSuite(form: Form): void {
  it('does what the model does, whatever is asked of it', async () => {
    await scriptsOf(command, () => new Play(form));
  });
}
