/**
 * The Linux page on spinlocks (seed 002), with `SpinLock` and `RawSpinLock` over shared memory and a checker that is as strict as the
 * kernel's. Each part runs code of the page that is wrong, or right, and prints what the checker says:
 *
 * - a lock that a task shares with an interrupt handler: plain, and with `spin_lock_irqsave`; with a softirq, and `spin_lock_bh`;
 * - `spin_trylock`; a double lock, which is refused and not spun on for ever; two CPUs that take two locks in opposite orders;
 * - the common mistakes: to sleep with the lock held, to return without unlocking;
 * - the same code on a real-time kernel, where a spinlock sleeps and only a raw one spins, and on any other.
 *
 * The second CPU is a real thread. What it takes in the opposite order is found at once, in that thread.
 *
 *     npm run build && npx ts-node examples/seeds/002-linux-spinlock/main.ts
 */
import path from 'node:path';
import type { Lockdep, Owner } from '../../../lib/index.ts';
import { built } from '../built.ts';
import { checker, print, reportOf, said, startThread, thrownBy } from '../report.ts';
import { Counter, count, interrupt, type Job, STARTED, softirq } from './drivers.ts';

const { RawSpinLock, SpinLock } = built;
const TIMES = 2_000;

interface World {
  readonly lockdep: Lockdep;
  readonly cpu: Owner;
  readonly counter: Counter;
}

/** Runs a part on the first CPU. A sentence that the work gives back is printed above the report. */
function part(title: string, work: (world: World) => unknown, options = { realtime: false }): void {
  const lockdep = checker(options);
  const cpu = lockdep.owner('cpu0');
  const counter = new Counter(lockdep, options.realtime);
  const happened = cpu.run(() => work({ lockdep, cpu, counter }));
  print(title, ...(typeof happened === 'string' ? [`${happened}\n`] : []), reportOf(lockdep));
}

/** Runs it on a real-time kernel, and on any other. */
function onBothKernels(title: string, work: (world: World) => void): void {
  part(`${title}, real-time kernel`, work, { realtime: true });
  part(`${title}, any other kernel`, work, { realtime: false });
}

/** Cpu0 is this thread, and cpu1 another one. */
async function twoCpus(): Promise<void> {
  const [counting, ordering] = [checker({ realtime: false }), checker({ realtime: false })];
  const [first, second] = [counting, ordering].map((lockdep) => lockdep.owner('cpu0'));
  const { lock, words } = new Counter(counting);
  const [a, b] = ['A', 'B'].map((name) => new SpinLock(name, { lockdep: ordering }));
  second!.run(() => a!.run(() => b!.run(() => undefined)));
  const job: Job = { counter: lock.handle, a: a!.handle, b: b!.handle, words, times: TIMES };
  const cpu1 = startThread(path.join(__dirname, 'cpu.ts'), job);
  await said(cpu1);
  const report = said<string>(cpu1);
  Atomics.store(words, STARTED, 1);
  Atomics.notify(words, STARTED);
  first!.run(() => count(job, lock));
  const found = await report;
  print('right: two CPUs count with spin_lock_irqsave', `counted ${words[0]} of ${2 * TIMES}\n`, reportOf(counting));
  print('wrong: A and then B on one CPU, B and then A on the other', found);
}

function interrupts(): void {
  part('wrong: spin_lock in a task, and in an interrupt handler', ({ cpu, counter }) => {
    counter.update();
    interrupt(cpu, () => counter.update());
  });
  part('wrong: the same, and the interrupt comes while the lock is held', ({ cpu, counter }) =>
    counter.lock.run(() => thrownBy(() => interrupt(cpu, () => counter.update()))),
  );
  part('right: spin_lock_irqsave in the task', ({ cpu, counter }) => {
    counter.updateIrqSave();
    interrupt(cpu, () => counter.update());
  });
  part('wrong: spin_lock in a task, and in a softirq', ({ cpu, counter }) => {
    counter.update();
    softirq(cpu, () => counter.update());
  });
  part('right: spin_lock_bh in the task', ({ cpu, counter }) => {
    counter.updateBh();
    softirq(cpu, () => counter.update());
  });
}

function mistakes(): void {
  part('right: spin_trylock', ({ lockdep, cpu, counter }) => {
    const other = lockdep.owner('cpu1');
    const whileHeld = other.run(() => counter.lock.run(() => cpu.run(() => counter.tryUpdate())));
    return `while cpu1 has the lock: ${whileHeld}; then: ${counter.tryUpdate()}`;
  });
  part('wrong: spin_lock twice', ({ counter }) => counter.lock.run(() => thrownBy(() => counter.update())));
  part('wrong: kmalloc(size, GFP_KERNEL) with the lock held', ({ cpu, counter }) => counter.grow(cpu, 'GFP_KERNEL'));
  part('right: kmalloc(size, GFP_ATOMIC) with the lock held', ({ cpu, counter }) => counter.grow(cpu, 'GFP_ATOMIC'));
  part('wrong: return -EINVAL with the lock held', ({ cpu, counter }) => {
    const value = counter.parse('seven');
    cpu.exit();
    return `returns ${value}`;
  });
}

function kernels(): void {
  onBothKernels('spin_lock under raw_spin_lock', ({ lockdep, counter }) => {
    const runqueue = new RawSpinLock('runqueue_lock', { lockdep });
    runqueue.run(() => counter.update());
  });
  onBothKernels('raw_spin_lock under spin_lock', ({ lockdep, counter }) => {
    const runqueue = new RawSpinLock('runqueue_lock', { lockdep });
    counter.lock.run(() => runqueue.run(() => undefined));
  });
  onBothKernels('spin_lock in a handler that is not threaded', ({ cpu, counter }) => {
    interrupt(cpu, () => counter.update(), { threaded: false });
  });
  onBothKernels('spin_lock in a threaded handler', ({ cpu, counter }) => {
    interrupt(cpu, () => counter.update(), { threaded: true });
  });
}

async function main(): Promise<void> {
  interrupts();
  mistakes();
  await twoCpus();
  kernels();
}

void main();
