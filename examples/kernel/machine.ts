/**
 * A toy machine with several CPUs. Each CPU is an owner of the checker. Code that runs on one is a generator, which yields where time passes:
 * there another CPU goes on, or a device interrupts. CPUs take turns, one step each, always in the same order.
 *
 * The devices are kind: they interrupt a CPU only while it holds no lock. So what is reported is never what went wrong here.
 */
import type { Lock, Lockdep, Owner } from '../../lib/index.ts';

/** Code on a CPU. It yields `'spins'` while it waits for a lock. */
// biome-ignore lint/suspicious/noConfusingVoidType: a plain `yield` gives nothing.
export type Steps = Generator<'spins' | void, void>;
export type Code = (cpu: Owner) => Steps;

/** An interrupt line: its handler, and how a CPU gets into it and out of it again. */
export interface Device {
  readonly handler: Code;
  readonly enter: (cpu: Owner) => void;
  readonly exit: (cpu: Owner) => void;
}

/** A device on a hard interrupt. */
export function device(handler: Code, options: { readonly threaded?: boolean } = {}): Device {
  return { handler, enter: (cpu) => cpu.hardirqEnter(options), exit: (cpu) => cpu.hardirqExit() };
}

/** A device on one of several interrupt levels, each a context of the checker. */
export function deviceAt(level: string, handler: Code): Device {
  return { handler, enter: (cpu) => cpu.enter(level), exit: (cpu) => cpu.exit(level) };
}

export class Machine {
  readonly cpus: readonly Owner[];
  readonly #taken = new Map<Lock, Owner>();
  readonly #raised = new Map<Owner, Device[]>();

  constructor(lockdep: Lockdep, cpus: number) {
    this.cpus = Array.from({ length: cpus }, (_, number) => lockdep.owner(`cpu${number}`));
  }

  /** Spins until the lock is free, and takes it. The checker is told before, so that it can speak before a CPU hangs. */
  *lock(cpu: Owner, lock: Lock): Steps {
    cpu.acquire(lock);
    while (this.#taken.has(lock)) {
      yield 'spins';
    }
    this.#taken.set(lock, cpu);
  }

  unlock(cpu: Owner, lock: Lock): void {
    this.#taken.delete(lock);
    cpu.release(lock);
  }

  /** The device wants the attention of a CPU. It gets it as soon as that CPU runs and holds no lock. */
  raise(device: Device, cpu: Owner): void {
    this.#raised.set(cpu, [...(this.#raised.get(cpu) ?? []), device]);
  }

  /** Runs this code to its end, the first on the first CPU and so on, and says whether it got there. */
  run(...codes: readonly (Code | undefined)[]): 'done' | 'hung' {
    const stacks = this.cpus.map((cpu, at) => ({ cpu, stack: [codes[at]?.(cpu) ?? idle()] }));
    for (;;) {
      const steps = stacks.map(({ cpu, stack }) => this.#step(cpu, stack));
      if (steps.every((step) => step === 'idle')) {
        return 'done';
      }
      if (steps.every((step) => step === 'idle' || step === 'spins')) {
        return 'hung';
      }
    }
  }

  #step(cpu: Owner, stack: Steps[]): 'idle' | 'spins' | 'ran' {
    const device = cpu.held.length === 0 ? this.#raised.get(cpu)?.shift() : undefined;
    if (device !== undefined) {
      stack.push(interrupt(device, cpu));
    }
    const running = stack.at(-1);
    if (running === undefined) {
      return 'idle';
    }
    const { done, value } = running.next();
    if (done) {
      stack.pop();
    }
    return value === 'spins' ? 'spins' : 'ran';
  }
}

function* interrupt({ handler, enter, exit }: Device, cpu: Owner): Steps {
  enter(cpu);
  yield* handler(cpu);
  exit(cpu);
}

function* idle(): Steps {}
