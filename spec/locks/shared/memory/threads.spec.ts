import { MOST_THREADS, Row, rowOf, SPACE_BYTES, ThreadState } from '../../../../lib/locks/shared/memory/layout.ts';
import { Threads } from '../../../../lib/locks/shared/memory/threads.ts';

function space(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(SPACE_BYTES));
}

function owe(words: Int32Array, slot: number, debt: number): void {
  words[rowOf(slot) + Row.DEBT] = debt;
}

test('each thread has a slot, and a number that no thread before it had', () => {
  const words = space();
  const [one, two] = [new Threads(words), new Threads(words)];
  expect([one.own, two.own]).toEqual([1, 2]);
  expect(one.join).not.toBe(two.join);
  expect(one.highest).toBe(2);
  expect(one.isDead(two.own)).toBe(false);
});

test('the slot of a thread that ended with nothing is given to another one, under another number', () => {
  const words = space();
  const [one, two] = [new Threads(words), new Threads(words)];
  const { join } = two;
  one.end(two.own);
  const next = new Threads(words);
  expect(next.own).toBe(two.own);
  expect(next.join).not.toBe(join);
});

test('the slot of a thread that a lock may name is kept until the last lock names it no more', () => {
  const words = space();
  const [one, two] = [new Threads(words), new Threads(words)];
  owe(words, two.own, 2);
  one.end(two.own);
  expect(one.isDead(two.own)).toBe(true);
  expect(one.isKnownDead(two.own)).toBe(true);
  expect(new Threads(words).own).toBe(3);
  one.forgive(two.own);
  expect(one.isDead(two.own)).toBe(true);
  one.forgive(two.own);
  expect(new Threads(words).own).toBe(two.own);
});

test('a thread never thinks itself dead', () => {
  const words = space();
  const one = new Threads(words);
  words[one.row + Row.TID] = 2 ** 22 - 1;
  expect(one.isDead(one.own)).toBe(false);
});

test('a thread that the system does not know is dead, and told once', () => {
  const words = space();
  const [one, two] = [new Threads(words), new Threads(words)];
  owe(words, two.own, 1);
  // The same id with another time of start is another thread.
  words[two.row + Row.STARTED] = (words[two.row + Row.STARTED] as number) + 1;
  expect(one.isDead(two.own)).toBe(true);
  expect(words[two.row + Row.STATE]).toBe(ThreadState.DEAD);
});

test('where the system knows no threads nobody is called dead for that', () => {
  const words = space();
  const [one, two] = [new Threads(words), new Threads(words)];
  words[two.row + Row.TID] = 0;
  expect(one.isDead(two.own)).toBe(false);
});

test('the end of a thread of Node is told by its number', () => {
  const words = space();
  const [one, two] = [new Threads(words), new Threads(words)];
  owe(words, two.own, 1);
  words[two.row + Row.THREAD] = 8;
  one.endThread(6);
  expect(one.isKnownDead(two.own)).toBe(false);
  one.endThread(7);
  expect(one.isKnownDead(two.own)).toBe(true);
});

test('a full table says what to do, and those that ended unnoticed make room', () => {
  const words = space();
  const one = new Threads(words);
  for (let slot = 2; slot <= MOST_THREADS; slot++) {
    owe(words, new Threads(words).own, 1);
  }
  expect(() => new Threads(words)).toThrow(/255 threads use them already/);
  owe(words, 100, 0);
  words[rowOf(100) + Row.STARTED] = (words[rowOf(100) + Row.STARTED] as number) + 1;
  expect(new Threads(words).own).toBe(100);
  expect(one.highest).toBe(MOST_THREADS);
});
