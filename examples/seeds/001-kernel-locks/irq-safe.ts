/**
 * Interrupt-safe spinlocks (seed 001, 27.4): a list of devices that threads and an interrupt handler change. A thread that holds the lock and
 * is interrupted by a handler that wants it waits for itself. What keeps it from that is to take the lock with interrupts off; the checker
 * sees the lack of it without any interrupt that comes at the wrong moment.
 *
 *     npm run build && npx ts-node examples/seeds/001-kernel-locks/irq-safe.ts
 */
import { built, report } from '../built.ts';

const { createLockdep, RecursiveLockError, SpinLock } = built;

class Devices {
  readonly lockdep = createLockdep({ profile: 'kernel' });
  readonly cpu = this.lockdep.owner('cpu0');
  readonly list: string[] = [];
  readonly #lock = new SpinLock('list_lock', { lockdep: this.lockdep });
  #irqsAreOff = false;

  /** `spinlock_lock_irq` and `spinlock_unlock_irq` of the seed. @param meanwhile what happens while the lock is held */
  addInThread(device: string, meanwhile: () => void = () => {}): void {
    const flags = this.#lock.lockIrqSave({ owner: this.cpu });
    this.#irqsAreOff = true;
    this.list.push(device);
    meanwhile();
    this.#lock.unlockIrqRestore(flags, { owner: this.cpu });
    this.#irqsAreOff = false;
  }

  /** The same with interrupts on. */
  addWrongly(device: string, meanwhile: () => void = () => {}): void {
    this.#lock.lock({ owner: this.cpu });
    this.list.push(device);
    meanwhile();
    this.#lock.unlock({ owner: this.cpu });
  }

  /** An interrupt of the toy CPU: where interrupts are off, it does not come. @returns whether it came */
  interrupt(device: string): boolean {
    if (this.#irqsAreOff) {
      return false;
    }
    this.cpu.hardirqEnter();
    try {
      this.#lock.lock({ owner: this.cpu });
      this.list.push(device);
      this.#lock.unlock({ owner: this.cpu });
    } finally {
      this.cpu.hardirqExit();
    }
    return true;
  }

  print(): void {
    console.log(`devices: ${this.list.join(', ')}`);
    console.log(report(this.lockdep.snapshot({ ending: 'drained' })));
  }
}

function right(): void {
  console.log('── right: interrupts are off while the thread has the lock\n');
  const devices = new Devices();
  devices.addInThread('disk', () => console.log(`interrupted meanwhile: ${devices.interrupt('mouse')}`));
  console.log(`interrupted afterwards: ${devices.interrupt('mouse')}`);
  devices.print();
}

function wrong(): void {
  console.log('── wrong: interrupts are on, and none comes while the thread has the lock\n');
  const devices = new Devices();
  devices.addWrongly('disk');
  devices.interrupt('mouse');
  devices.print();
}

function disaster(): void {
  console.log('── wrong, and one does come\n');
  const devices = new Devices();
  devices.addWrongly('disk', () => {
    try {
      devices.interrupt('mouse');
    } catch (error) {
      console.log(error instanceof RecursiveLockError ? 'RecursiveLockError in the handler' : error);
    }
  });
  devices.print();
}

right();
wrong();
disaster();
