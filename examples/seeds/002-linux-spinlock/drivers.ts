/**
 * The code of the page (seed 002), as functions of a CPU: an owner of the checker. Interrupts come at quiet moments, when nothing is
 * held: so what is reported never went wrong here.
 */
import type { Lockdep, Owner, SharedLockHandle, SpinLock } from '../../../lib/index.ts';
import { built } from '../built.ts';

/** `counter_lock`, and what it protects. */
export class Counter {
  readonly lock: SpinLock;
  readonly words: Int32Array;

  constructor(lockdep: Lockdep, realtime = false) {
    this.lock = new built.SpinLock('counter_lock', { lockdep, realtime });
    this.words = new Int32Array(new SharedArrayBuffer(8));
  }

  /** spin_lock(): wrong in a task, if an interrupt handler takes the lock too. */
  update(): void {
    this.lock.lock();
    this.words[0]!++;
    this.lock.unlock();
  }

  /** spin_lock_irqsave() */
  updateIrqSave(): void {
    const flags = this.lock.lockIrqSave();
    this.words[0]!++;
    this.lock.unlockIrqRestore(flags);
  }

  /** spin_lock_bh() */
  updateBh(): void {
    this.lock.lockBh();
    this.words[0]!++;
    this.lock.unlockBh();
  }

  /** spin_trylock() */
  tryUpdate(): 'updated' | 'busy' {
    if (!this.lock.tryLock()) {
      return 'busy';
    }
    this.words[0]!++;
    this.lock.unlock();
    return 'updated';
  }

  /** kmalloc() with the lock held. GFP_KERNEL may sleep, GFP_ATOMIC never does. */
  grow(cpu: Owner, flags: 'GFP_KERNEL' | 'GFP_ATOMIC'): void {
    this.lock.lock();
    if (flags === 'GFP_KERNEL') {
      cpu.mightSleep();
    }
    this.lock.unlock();
  }

  /** Wrong where there is an error: the lock is leaked. */
  parse(input: string): number {
    this.lock.lock();
    const value = Number(input);
    if (Number.isNaN(value)) {
      return -22; // -EINVAL
    }
    this.lock.unlock();
    return value;
  }
}

/** irqreturn_t my_irq_handler(int irq, void *data) */
export function interrupt(cpu: Owner, handler: () => void, options?: { readonly threaded: boolean }): void {
  cpu.hardirqEnter(options);
  try {
    handler();
  } finally {
    cpu.hardirqExit();
  }
}

/** A bottom half. */
export function softirq(cpu: Owner, handler: () => void): void {
  cpu.softirqEnter();
  try {
    handler();
  } finally {
    cpu.softirqExit();
  }
}

/** The word that says that both CPUs may begin to count; the first word is the counter. */
export const STARTED = 1;

/** What the second CPU, a thread of its own, is given. */
export interface Job {
  readonly counter: SharedLockHandle;
  readonly a: SharedLockHandle;
  readonly b: SharedLockHandle;
  readonly words: Int32Array;
  readonly times: number;
}

/** Both CPUs run this at once: nothing is lost, whoever is inside. */
export function count({ times, words }: Pick<Job, 'times' | 'words'>, lock: SpinLock): void {
  for (let time = 0; time < times; time++) {
    const flags = lock.lockIrqSave();
    words[0]!++;
    lock.unlockIrqRestore(flags);
  }
}
