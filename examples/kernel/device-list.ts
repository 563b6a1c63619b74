// A list of devices that threads and an interrupt handler add to: once without a thought for the interrupt, and once right.
import type { Owner } from '../../lib/index.ts';
import { device, Machine, type Steps } from './machine.ts';
import { checker, print } from './report.ts';

class DeviceList {
  readonly lockdep = checker({ realtime: false });
  readonly machine = new Machine(this.lockdep, 2);
  readonly #listLock = this.lockdep.lock('list_lock', { kind: 'spin' });
  readonly #devices: string[] = [];

  /** Interrupts are off already. */
  *irqHandlerAddDevice(cpu: Owner): Steps {
    yield* this.machine.lock(cpu, this.#listLock);
    this.#devices.push('hot-plugged');
    this.machine.unlock(cpu, this.#listLock);
  }

  /** The bug: an interrupt that comes at the `yield` spins for a lock that its own CPU holds. */
  *threadAddDevice(cpu: Owner): Steps {
    yield* this.machine.lock(cpu, this.#listLock);
    yield;
    this.#devices.push('configured');
    this.machine.unlock(cpu, this.#listLock);
  }

  *threadAddDeviceIrqSave(cpu: Owner): Steps {
    const flags = cpu.irqSave();
    yield* this.machine.lock(cpu, this.#listLock);
    yield;
    this.#devices.push('configured');
    this.machine.unlock(cpu, this.#listLock);
    cpu.irqRestore(flags);
  }
}

function run(title: string, thread: 'threadAddDevice' | 'threadAddDeviceIrqSave'): void {
  const list = new DeviceList();
  const disk = device((cpu) => list.irqHandlerAddDevice(cpu));
  list.machine.raise(disk, list.machine.cpus[0]!);
  list.machine.run(
    (cpu) => list[thread](cpu),
    (cpu) => list[thread](cpu),
  );
  print(title, list.lockdep);
}

run('wrong: a plain lock in the threads', 'threadAddDevice');
run('right: interrupts are off while a thread has the lock', 'threadAddDeviceIrqSave');
