import type * as Lockdep from '../../../lib/index.ts';
import { endThreads, startThread } from '../../support/threads.ts';

// What the threads run.
const built = require('../../../dist/cjs/index.js') as typeof Lockdep;
const { SpinLock, RawSpinLock, TicketLock, QueuedSpinLock, RwSpinLock, ParkingMutex, SharedRwLock, SharedSemaphore } =
  built;
const { IrqLevelLock } = built;

built.lockdep.configure({ onViolation: 'collect' });

jest.setTimeout(180_000);
afterEach(endThreads);

type Made = Lockdep.SpinLock | Lockdep.RwSpinLock | Lockdep.SharedRwLock | Lockdep.SharedSemaphore;

/** What goes from one thread to the next in order costs a change of threads each time, where there are more of them than processors. */
const QUICK: readonly (readonly [number, number])[] = [
  [2, 500_000],
  [4, 500_000],
  [8, 500_000],
  [16, 500_000],
];
const IN_TURN: readonly (readonly [number, number])[] = [
  [2, 200_000],
  [4, 2_000],
  [16, 1_600],
];

const LOCKS: readonly (readonly [string, (name: string) => Made, readonly (readonly [number, number])[]])[] = [
  ['SpinLock', (name) => new SpinLock(name), QUICK],
  ['SpinLock', (name) => new SpinLock(`${name} that sleeps`, { realtime: true }), QUICK],
  ['RawSpinLock', (name) => new RawSpinLock(name) as never, QUICK],
  ['ParkingMutex', (name) => new ParkingMutex(name) as never, QUICK],
  ['IrqLevelLock', (name) => new IrqLevelLock(name, { priority: 'low' }) as never, QUICK],
  ['SharedSemaphore', (name) => new SharedSemaphore(name, { capacity: 1 }), IN_TURN],
  ['TicketLock', (name) => new TicketLock(name) as never, IN_TURN],
  ['QueuedSpinLock', (name) => new QueuedSpinLock(name) as never, IN_TURN],
  ['RwSpinLock', (name) => new RwSpinLock(name), IN_TURN],
  ['SharedRwLock', (name) => new SharedRwLock(name), IN_TURN],
];

const rows = LOCKS.flatMap(([type, make, loads]) => {
  return loads.map(([threads, operations]) => ({ type, make, threads, operations }));
});

test.each(rows)('$type keeps $threads threads apart in $operations operations', async (row) => {
  const { type, make, threads, operations } = row;
  const lock = make(`${type} of ${threads}`);
  const words = new Int32Array(new SharedArrayBuffer(64));
  const times = operations / threads;
  const data = { type, handle: lock.handle, words, times, threads };
  const running = Array.from({ length: threads }, () => startThread('stress.mjs', data));
  await Promise.all(running.map((thread) => thread.end()));
  expect([...words.subarray(0, 3)]).toEqual([operations, operations, 0]);
  expect(lock.holder).toBeNull();
});

test('that is 10 million operations', () => {
  expect(rows.reduce((sum, { operations }) => sum + operations, 0)).toBeGreaterThan(10_000_000);
});
