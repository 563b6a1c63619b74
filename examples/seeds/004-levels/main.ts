/**
 * Spinlocks with levels (seed 004), as `IrqLevelLock`. What it shows:
 *
 * - X and then Y on one CPU, Y and then X on another, and the way out: one lock instead of two;
 * - levels, with which the wrong order panics on the spot, the first time that it is gone, with nothing taken;
 * - classes of spinlocks: low ones for malloc and a page table, one for the IRQ of the keyboard, a high one to wake a thread from
 *   any level; and what is found where a lock of the wrong class is taken;
 * - `spin_counts[level]`, from `lockdep.profile`, added up over several threads that spin for real: the level with the big number
 *   names the lock to split, and after the split it has none.
 *
 *     npm run build && npx ts-node examples/seeds/004-levels/main.ts
 */
import path from 'node:path';
import type { Lockdep, Owner } from '../../../lib/index.ts';
import { built } from '../built.ts';
import { checker, print, reportOf, said, startThread, thrownBy } from '../report.ts';
import { CPUS, type Job, type SpinCount } from './load.ts';
import {
  DISK_IRQ,
  type Handles,
  interrupt,
  KEYBOARD_IRQ,
  keyboardHandler,
  type Locks,
  type Making,
  makeLocks,
  malloc,
  readKey,
  wakeThread,
} from './system.ts';

interface World {
  readonly lockdep: Lockdep;
  readonly cpus: readonly [Owner, Owner];
}

/** Runs a part. A sentence that the work gives back is printed above the report. */
function part(title: string, work: (world: World) => unknown): void {
  const lockdep = checker({ realtime: false });
  const happened = work({ lockdep, cpus: [lockdep.owner('cpu0'), lockdep.owner('cpu1')] });
  print(title, ...(typeof happened === 'string' ? [`${happened}\n`] : []), reportOf(lockdep));
}

function twoLocks({ lockdep }: World, levels: readonly (number | undefined)[] = []) {
  return ['X', 'Y'].map((name, at) => {
    const level = levels[at];
    return new built.IrqLevelLock(name, { lockdep, priority: 'low', ...(level === undefined ? {} : { level }) });
  }) as [InstanceType<typeof built.IrqLevelLock>, InstanceType<typeof built.IrqLevelLock>];
}

function orders(): void {
  part('wrong: routine A locks X and then Y, routine B locks Y and then X', (world) => {
    const [x, y] = twoLocks(world);
    world.cpus[0].run(() => x.run(() => y.run(() => undefined)));
    world.cpus[1].run(() => y.run(() => x.run(() => undefined)));
  });
  part('right: one lock, Z, instead of the two', ({ lockdep, cpus }) => {
    const z = new built.IrqLevelLock('Z', { lockdep, priority: 'low' });
    for (const cpu of cpus) {
      cpu.run(() => z.run(() => undefined));
    }
  });
  part('wrong: routine B alone, where X has level 1 and Y level 2', (world) => {
    const [x, y] = twoLocks(world, [1, 2]);
    return world.cpus[1].run(() =>
      y.run(() => `${thrownBy(() => x.lock())}; X is ${x.holder === null ? 'free' : 'taken'}`),
    );
  });
}

/** The system at work on one CPU, where the keyboard interrupts it. */
function system(title: string, work: (cpu: Owner, locks: Locks) => unknown, making?: Making): void {
  part(title, ({ lockdep, cpus: [cpu] }) => {
    const locks = makeLocks(lockdep, making);
    return cpu.run(() => work(cpu, locks));
  });
}

function classes(): void {
  system('right: malloc, a page table, a keyboard driver, and a thread that is woken', (cpu, locks) => {
    readKey(locks);
    interrupt(cpu, KEYBOARD_IRQ, () => keyboardHandler(locks));
  });
  system('wrong: malloc in an interrupt routine', (cpu, locks) => {
    readKey(locks);
    interrupt(cpu, KEYBOARD_IRQ, () => malloc(locks));
  });
  system('wrong: malloc under the lock of an IRQ', (_, locks) =>
    locks.keyboard.run(() => thrownBy(() => malloc(locks))),
  );
  system(`wrong: what the keyboard shares, under the lock of IRQ ${DISK_IRQ}`, (cpu, locks) => {
    locks.disk.run(() => undefined);
    interrupt(cpu, KEYBOARD_IRQ, () => locks.disk.run(() => undefined));
  });
  const wakeFromAnywhere = (cpu: Owner, locks: Locks) => {
    readKey(locks);
    interrupt(cpu, 0, () => wakeThread(locks));
  };
  system('wrong: a thread is woken from IRQ 0, with a lock of IRQ 1', wakeFromAnywhere, { wakePriority: 1 });
  system('right: a thread is woken from IRQ 0, with a lock of high priority', wakeFromAnywhere);
}

function handlesOf(lockdep: Lockdep, making: Making): Handles {
  const { malloc: arenas, pageTable, keyboard, wake } = makeLocks(lockdep, making);
  const [one, two, three] = [pageTable, keyboard, wake].map(({ handle }) => handle);
  return { malloc: arenas.map(({ handle }) => handle), pageTable: one!, keyboard: two!, wake: three! };
}

/** Adds up what all CPUs counted. */
function sumOf(counts: readonly (readonly SpinCount[])[]): readonly SpinCount[] {
  const [first = []] = counts;
  return first.map((one, at) => ({ ...one, spins: counts.reduce((sum, row) => sum + (row[at]?.spins ?? 0), 0) }));
}

function printCounts(title: string, counts: readonly SpinCount[], verdict: string): void {
  const rows = counts.map(({ level, name, spins }) => `spin_counts[${level}]  ${name.padEnd(14)} ${spins}`);
  print(title, ...rows, `\n${verdict}\n`);
}

/** The same load twice, on as many CPUs: once with one lock for all memory, once with one for each CPU. */
async function spinning(): Promise<void> {
  const lockdep = checker({ realtime: false });
  const systems = [1, CPUS].map((arenas) => handlesOf(lockdep, { arenas }));
  const meeting = new Int32Array(new SharedArrayBuffer(4 * systems.length));
  const cpus = Array.from({ length: CPUS }, (_, cpu) => {
    const job: Job = { cpu, systems, meeting };
    return said<readonly (readonly SpinCount[])[]>(startThread(path.join(__dirname, 'cpu.ts'), job));
  });
  const counts = await Promise.all(cpus);
  const [before = [], after = []] = systems.map((_, at) => sumOf(counts.map((row) => row[at] ?? [])));
  const worst = before.reduce((one, other) => (other.spins > one.spins ? other : one));
  printCounts(
    `${CPUS} CPUs, one lock for all memory`,
    before,
    `The lock to split: level ${worst.level}, ${worst.name}.`,
  );
  const split = after.find(({ level }) => level === worst.level);
  const fell = (split?.spins ?? 0) < worst.spins ? 'falls' : 'does not fall';
  printCounts(
    `${CPUS} CPUs, one arena of memory for each`,
    after,
    `Level ${worst.level} ${fell}: ${split?.spins} spins.`,
  );
}

async function main(): Promise<void> {
  orders();
  classes();
  await spinning();
}

void main();
