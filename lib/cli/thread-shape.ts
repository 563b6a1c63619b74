/**
 * The shapes of what is found of locks that threads contend for.
 */
import { lock, owner, place } from './lock-shape.ts';
import { flag, nullable, number, oneOf, record, type Shape, text } from './shape.ts';

const threadHolder = { ...owner, thread: text };

export const ownerDied: Shape = record({
  lock,
  dead: record(threadHolder),
  mode: oneOf('exclusive', 'shared'),
  waiters: number,
  asked: place,
});

export const priorityInversion: Shape = record({
  lock,
  asked: place,
  ms: number,
  spins: number,
  isSpinning: flag,
  priority: number,
  holder: record({ ...threadHolder, priority: number }),
  evidence: oneOf('descheduled', 'no-progress'),
  cpuMs: nullable(number),
});

export const starvation: Shape = record({
  lock,
  asked: place,
  ms: number,
  passed: number,
  holder: nullable(record(threadHolder)),
});
