/**
 * A condition as slowly and plainly as it can be said, and any sequence of requests put to it and to a real one.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Form } from './forms.ts';
import { oneOf, type Scripted, scriptsOf } from './script.ts';

type Command =
  | { readonly do: 'lock' | 'wait' | 'unlock' | 'notifyAll' }
  | { readonly do: 'notify'; readonly count: number }
  | { readonly do: 'abort'; readonly which: number };

/** One mutex, first come, first served. Who waits stands aside until he is notified, and then at the end of the queue. */
class Model {
  holder: number | null = null;
  queue: readonly number[] = [];
  aside: readonly number[] = [];

  lock(id: number): void {
    this.queue = [...this.queue, id];
    this.#serve();
  }

  unlock(): void {
    this.holder = null;
    this.#serve();
  }

  wait(): void {
    if (this.holder !== null) {
      this.aside = [...this.aside, this.holder];
      this.unlock();
    }
  }

  wake(ids: readonly number[]): void {
    this.aside = this.aside.filter((id) => !ids.includes(id));
    this.queue = [...this.queue, ...ids];
    this.#serve();
  }

  #serve(): void {
    const [first, ...rest] = this.queue;
    if (this.holder === null && first !== undefined) {
      this.holder = first;
      this.queue = rest;
    }
  }
}

type Locks = ReturnType<Form['locks']>;
type MutexGuard = Awaited<ReturnType<InstanceType<Locks['Mutex']>['acquire']>>;

class Play implements Scripted<Command> {
  readonly #model = new Model();
  readonly #mutex: InstanceType<Locks['Mutex']>;
  readonly #condition: InstanceType<Locks['Condition']>;
  readonly #asked: () => ReturnType<Form['asked']>;
  readonly #guards = new Map<number, MutexGuard>();
  readonly #waits = new Map<number, AbortController>();
  readonly #aborted = new Set<number>();
  #holder: number | null = null;
  #count = 0;

  constructor(form: Form) {
    const made = form.made();
    const { Mutex, Condition } = form.locks();
    this.#mutex = new Mutex('mutex', made);
    this.#condition = new Condition(this.#mutex, 'condition');
    this.#asked = () => form.asked(made);
  }

  do(command: Command): void {
    switch (command.do) {
      case 'lock':
        this.#lock();
        break;
      case 'unlock':
        this.#unlock();
        break;
      case 'wait':
        this.#wait();
        break;
      case 'notify':
        this.#model.wake(this.#model.aside.slice(0, command.count));
        this.#condition.notify(command.count);
        break;
      case 'notifyAll':
        this.#model.wake(this.#model.aside);
        this.#condition.notifyAll();
        break;
      case 'abort':
        this.#abort(command.which);
    }
  }

  check(): void {
    assert.equal(this.#holder, this.#model.holder, 'who holds the mutex');
    assert.equal(this.#mutex.isLocked, this.#model.holder !== null, 'isLocked');
    assert.equal(this.#mutex.waiting, this.#model.queue.length, 'who waits for the mutex');
    assert.equal(this.#condition.waiting, this.#model.aside.length, 'who waits to be notified');
    const held = [...this.#guards].filter(([, guard]) => !guard.isReleased).map(([id]) => id);
    assert.deepEqual(held, this.#holder === null ? [] : [this.#holder], 'whose guard is held');
  }

  #lock(): void {
    const id = ++this.#count;
    this.#model.lock(id);
    void this.#mutex.acquire(this.#asked()).then((guard) => {
      this.#guards.set(id, guard);
      this.#holder = id;
    });
  }

  /** The holder, once he knows it. */
  #own(): MutexGuard | undefined {
    return this.#holder !== null && this.#holder === this.#model.holder ? this.#guards.get(this.#holder) : undefined;
  }

  #unlock(): void {
    const guard = this.#own();
    if (guard !== undefined) {
      this.#guards.delete(this.#holder as number);
      this.#holder = null;
      this.#model.unlock();
      guard.release();
    }
  }

  #wait(): void {
    const guard = this.#own();
    const id = this.#holder;
    if (guard === undefined || id === null) {
      return;
    }
    const controller = new AbortController();
    this.#holder = null;
    this.#model.wait();
    this.#waits.set(id, controller);
    const again = (isAborted: boolean): void => {
      assert.equal(isAborted, this.#aborted.delete(id), 'whether the wait was aborted');
      assert.equal(guard.isReleased, false, 'the guard is held again');
      this.#holder = id;
    };
    this.#condition.wait(guard, { signal: controller.signal }).then(
      () => again(false),
      (error: unknown) => {
        assert.equal(error, controller.signal.reason);
        again(true);
      },
    );
  }

  #abort(which: number): void {
    const id = oneOf(this.#model.aside, which);
    if (id !== undefined) {
      this.#model.wake([id]);
      this.#aborted.add(id);
      this.#waits.get(id)?.abort(new Error(`aborted ${id}`));
    }
  }
}

const plain = fc.constantFrom('lock' as const, 'wait' as const, 'unlock' as const);
const command: fc.Arbitrary<Command> = fc.oneof(
  { arbitrary: fc.record({ do: plain }), weight: 8 },
  { arbitrary: fc.record({ do: fc.constant('notifyAll' as const) }), weight: 1 },
  { arbitrary: fc.record({ do: fc.constant('notify' as const), count: fc.integer({ min: 1, max: 3 }) }), weight: 2 },
  { arbitrary: fc.record({ do: fc.constant('abort' as const), which: fc.nat(20) }), weight: 1 },
);

/** Any program does with the condition what it does with the model. */
export function conditionModelSuite(form: Form): void {
  it('does what the model does, whatever is asked of it', async () => {
    await scriptsOf(command, () => new Play(form));
  });
}
