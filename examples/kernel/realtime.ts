// What may be taken under what, and in which handler. On a real-time kernel a spinlock sleeps, and only a raw one spins; on any other
// kernel both are the same. So some of this code is wrong on the one and right on the other.
import type { Owner } from '../../lib/index.ts';
import { device, Machine, type Steps } from './machine.ts';
import { checker, print } from './report.ts';

class Drivers {
  readonly lockdep;
  readonly machine: Machine;
  readonly #runqueue;
  readonly #counter;
  readonly #config;

  constructor(realtime: boolean) {
    this.lockdep = checker({ realtime });
    this.machine = new Machine(this.lockdep, 1);
    this.#runqueue = this.lockdep.lock('runqueue', { kind: 'raw_spin' });
    this.#counter = this.lockdep.lock('counter_lock', { kind: 'spin' });
    this.#config = this.lockdep.lock('config_mutex', { kind: 'mutex' });
  }

  /** Wrong on a real-time kernel: a spinlock under a raw one. */
  *schedule(cpu: Owner): Steps {
    const flags = cpu.irqSave();
    yield* this.machine.lock(cpu, this.#runqueue);
    yield* this.count(cpu);
    this.machine.unlock(cpu, this.#runqueue);
    cpu.irqRestore(flags);
  }

  /** Wrong everywhere: a mutex under a spinlock. */
  *configure(cpu: Owner): Steps {
    const flags = cpu.irqSave();
    yield* this.machine.lock(cpu, this.#counter);
    yield* this.machine.lock(cpu, this.#config);
    this.machine.unlock(cpu, this.#config);
    this.machine.unlock(cpu, this.#counter);
    cpu.irqRestore(flags);
  }

  /** Wrong everywhere: memory that may be waited for, under a spinlock. */
  *allocate(cpu: Owner): Steps {
    const flags = cpu.irqSave();
    yield* this.machine.lock(cpu, this.#counter);
    cpu.mightSleep(); // kmalloc(size, GFP_KERNEL)
    this.machine.unlock(cpu, this.#counter);
    cpu.irqRestore(flags);
  }

  /** Right in a handler that has a thread of its own on a real-time kernel; wrong there in one that has not. */
  *count(cpu: Owner): Steps {
    yield* this.machine.lock(cpu, this.#counter);
    this.machine.unlock(cpu, this.#counter);
  }
}

type Routine = Exclude<keyof Drivers, 'lockdep' | 'machine'>;

function thread(title: string, routine: Routine): void {
  for (const realtime of [true, false]) {
    const drivers = new Drivers(realtime);
    drivers.machine.run((cpu) => drivers[routine](cpu));
    print(`${title}, ${realtime ? 'real-time kernel' : 'any other kernel'}`, drivers.lockdep);
  }
}

function handler(title: string, options: { readonly threaded: boolean }): void {
  for (const realtime of [true, false]) {
    const drivers = new Drivers(realtime);
    const timer = device((cpu) => drivers.count(cpu), options);
    drivers.machine.raise(timer, drivers.machine.cpus[0]!);
    drivers.machine.run();
    print(`${title}, ${realtime ? 'real-time kernel' : 'any other kernel'}`, drivers.lockdep);
  }
}

thread('a spinlock under a raw spinlock', 'schedule');
thread('a mutex under a spinlock', 'configure');
thread('sleep under a spinlock', 'allocate');
handler('a spinlock in a handler that is not threaded', { threaded: false });
handler('a spinlock in a threaded handler', { threaded: true });
