// A small operating system whose spinlocks have levels. Low ones leave interrupts on; one for each IRQ keeps that IRQ and those of lower
// priority away; high ones keep all away. A CPU takes them strictly upwards. IRQ 0 has the highest priority, IRQ 7 the lowest.
import type { Lockdep, Owner } from '../../lib/index.ts';
import { deviceAt, Machine, type Steps } from './machine.ts';
import { checker, print } from './report.ts';

const IRQS = [0, 1, 2, 3, 4, 5, 6, 7];
const KEYBOARD = 1;
const DISK = 5;

/** The context in which the handlers of an IRQ run: it keeps away what has its priority or less. */
const levelOf = (irq: number) => ({
  name: `irq${irq}`,
  limit: 'spin' as const,
  masks: IRQS.filter((other) => other >= irq).map((other) => `irq${other}`),
  interrupt: true,
  atomic: true,
});

class System {
  readonly lockdep: Lockdep = checker({ realtime: false, contexts: IRQS.map(levelOf) });
  readonly machine: Machine = new Machine(this.lockdep, 2);
  readonly #malloc = this.lockdep.lock('malloc', { kind: 'spin', level: 1 });
  readonly #irqLocks = IRQS.map((irq) =>
    this.lockdep.lock(`irq${irq} lock`, { kind: 'spin', level: 20 - irq, inhibits: `irq${irq}` }),
  );
  readonly #keyboard = this.#irqLocks[KEYBOARD]!;
  readonly #disk = this.#irqLocks[DISK]!;
  readonly #wake = this.lockdep.lock('wake a thread', { kind: 'spin', level: 30, inhibits: 'irq0' });

  /** As long as a handler runs, its CPU has the lock of its IRQ. */
  *handler(cpu: Owner): Steps {
    yield* this.machine.lock(cpu, this.#keyboard);
    yield* this.wakeThread(cpu);
    this.machine.unlock(cpu, this.#keyboard);
  }

  /** Any level may call this. */
  *wakeThread(cpu: Owner): Steps {
    yield* this.machine.lock(cpu, this.#wake);
    this.machine.unlock(cpu, this.#wake);
  }

  *malloc(cpu: Owner): Steps {
    yield* this.machine.lock(cpu, this.#malloc);
    yield;
    this.machine.unlock(cpu, this.#malloc);
  }

  /** Right: memory first, and then what the handler shares. */
  *readKey(cpu: Owner): Steps {
    yield* this.malloc(cpu);
    yield* this.machine.lock(cpu, this.#keyboard);
    yield* this.wakeThread(cpu);
    this.machine.unlock(cpu, this.#keyboard);
  }

  /** Wrong: from the level of an IRQ down to a low one. */
  *readKeyThenMalloc(cpu: Owner): Steps {
    yield* this.machine.lock(cpu, this.#keyboard);
    yield* this.malloc(cpu);
    this.machine.unlock(cpu, this.#keyboard);
  }

  /** Wrong: interrupt routines do no mallocs, since the lock of malloc leaves interrupts on. */
  *handlerWithMalloc(cpu: Owner): Steps {
    yield* this.malloc(cpu);
    yield* this.handler(cpu);
  }

  /** Wrong: the keyboard interrupts at IRQ 1, and the lock of IRQ 5 keeps only IRQ 5 to 7 away. */
  *handlerWithDiskLock(cpu: Owner): Steps {
    yield* this.machine.lock(cpu, this.#disk);
    this.machine.unlock(cpu, this.#disk);
  }

  *readKeyUnderDiskLock(cpu: Owner): Steps {
    yield* this.machine.lock(cpu, this.#disk);
    yield;
    this.machine.unlock(cpu, this.#disk);
  }
}

type Routine = Exclude<keyof System, 'lockdep' | 'machine'>;

function run(title: string, { handler = 'handler', reader }: { handler?: Routine; reader: Routine }): void {
  const system = new System();
  system.machine.raise(
    deviceAt(`irq${KEYBOARD}`, (cpu) => system[handler](cpu)),
    system.machine.cpus[1]!,
  );
  system.machine.run((cpu) => system[reader](cpu));
  print(title, system.lockdep);
}

run('wrong: down from the level of an IRQ to a low one', { reader: 'readKeyThenMalloc' });
run('wrong: malloc in a handler', { handler: 'handlerWithMalloc', reader: 'readKey' });
run('wrong: the lock of another IRQ', { handler: 'handlerWithDiskLock', reader: 'readKeyUnderDiskLock' });
run('right', { reader: 'readKey' });
