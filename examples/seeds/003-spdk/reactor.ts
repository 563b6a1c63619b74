/**
 * A reactor as in SPDK: one thread of the operating system runs several threads of SPDK, in turn. Each is an owner of the checker. It
 * has messages, which are run once, and pollers, which are run in every round; both are called, and interrupt nobody.
 */
import type { Lockdep, Owner } from '../../../lib/index.ts';

/** A message or a poller: the function returns, and must not hold a lock then. */
export type Work = () => void;

/** The contexts that a checker for this has to know. */
export const CONTEXTS: readonly { readonly name: string; readonly interrupts: boolean }[] = ['message', 'poller'].map(
  (name) => ({ name, interrupts: false }),
);

/** spdk_thread */
export class SpdkThread {
  readonly owner: Owner;
  readonly #messages: Work[] = [];
  readonly #pollers: Work[] = [];

  constructor(owner: Owner) {
    this.owner = owner;
  }

  /** spdk_thread_send_msg(): it is run later, and nobody waits for it. */
  sendMessage(work: Work): void {
    this.#messages.push(work);
  }

  /** spdk_thread_exec_msg(): the sender waits until it was run. */
  execMessage(sender: SpdkThread, work: Work): void {
    sender.owner.sendSync(this.owner);
    this.#call('message', work);
  }

  /** spdk_poller_register() */
  registerPoller(work: Work): void {
    this.#pollers.push(work);
  }

  /** One round. */
  poll(): void {
    for (const work of this.#messages.splice(0)) {
      this.#call('message', work);
    }
    for (const work of this.#pollers) {
      this.#call('poller', work);
    }
  }

  #call(context: 'message' | 'poller', work: Work): void {
    this.owner.enter(context);
    try {
      this.owner.run(work);
    } finally {
      this.owner.exit(context);
    }
  }
}

export class Reactor {
  readonly #threads: SpdkThread[] = [];
  readonly #lockdep: Lockdep;

  constructor(lockdep: Lockdep) {
    this.#lockdep = lockdep;
  }

  /** spdk_thread_create() */
  createThread(name: string): SpdkThread {
    const thread = new SpdkThread(this.#lockdep.owner(name));
    this.#threads.push(thread);
    return thread;
  }

  /** One round of all threads. */
  poll(): void {
    for (const thread of this.#threads) {
      thread.poll();
    }
  }
}
