// Routine A locks X and then Y, routine B locks Y and then X. It hangs when two CPUs are in them at once, and is found when they are not.
import type { Lockdep, Owner } from '../../lib/index.ts';
import { Machine, type Steps } from './machine.ts';
import { checker, print } from './report.ts';

class Routines {
  readonly lockdep: Lockdep = checker();
  readonly machine: Machine = new Machine(this.lockdep, 2);
  readonly #x = this.lockdep.lock('X', { kind: 'spin' });
  readonly #y = this.lockdep.lock('Y', { kind: 'spin' });

  *a(cpu: Owner): Steps {
    yield* this.machine.lock(cpu, this.#x);
    yield;
    yield* this.machine.lock(cpu, this.#y);
    this.machine.unlock(cpu, this.#y);
    this.machine.unlock(cpu, this.#x);
  }

  *b(cpu: Owner): Steps {
    yield* this.machine.lock(cpu, this.#y);
    yield;
    yield* this.machine.lock(cpu, this.#x);
    this.machine.unlock(cpu, this.#x);
    this.machine.unlock(cpu, this.#y);
  }
}

function both(title: string, run: (routines: Routines) => string): void {
  const routines = new Routines();
  const ending = run(routines);
  print(`${title}: ${ending}`, routines.lockdep);
}

both('wrong: A, and B when A is through', (routines) => {
  routines.machine.run((cpu) => routines.a(cpu));
  return routines.machine.run(undefined, (cpu) => routines.b(cpu));
});

both('wrong: A and B at once', (routines) =>
  routines.machine.run(
    (cpu) => routines.a(cpu),
    (cpu) => routines.b(cpu),
  ),
);

both('wrong: B alone, with the order declared', (routines) => {
  routines.lockdep.order('X', 'Y');
  return routines.machine.run((cpu) => routines.b(cpu));
});

both('right: A on both CPUs, with the order declared', (routines) => {
  routines.lockdep.order('X', 'Y');
  return routines.machine.run(
    (cpu) => routines.a(cpu),
    (cpu) => routines.a(cpu),
  );
});
