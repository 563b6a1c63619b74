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

/** Threads join until the turn has come to slot 1 again; each ends at once. */
function fillTurn(words: Int32Array, one: Threads): void {
  for (let own = 0; own < MOST_THREADS; ) {
    ({ own } = new Threads(words));
    one.end(own);
  }
}

test('the slot of a thread that ended with nothing is given to another one, under another number, once its turn comes', () => {
  const words = space();
  const [one, two] = [new Threads(words), new Threads(words)];
  const { join } = two;
  one.end(two.own);
  const next = new Threads(words);
  expect(next.own).toBe(3);
  fillTurn(words, one);
  const late = new Threads(words);
  expect(late.own).toBe(two.own);
  expect(late.join).not.toBe(join);
});

test('who looked at a thread before its slot changed hands does not hit the next one', () => {
  const words = space();
  const [one, two] = [new Threads(words), new Threads(words)];
  const life = one.lifeOf(two.own);
  expect(one.end(two.own, life)).toBe(true);
  fillTurn(words, one);
  const late = new Threads(words);
  expect(late.own).toBe(two.own);
  expect(one.end(two.own, life)).toBe(false);
  expect(one.isLive(late.own)).toBe(true);
});

test('the turns of a slot go on with the next thread, and its waits are over', () => {
  const words = space();
  const [one, two] = [new Threads(words), new Threads(words)];
  words[two.row + Row.WAIT_TURN] = 7;
  one.end(two.own);
  fillTurn(words, one);
  expect(words[new Threads(words).row + Row.WAIT_TURN]).toBe(8);
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
  expect(one.isKnownDead(two.own)).toBe(false);
  fillTurn(words, one);
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
  expect((words[two.row + Row.STATE] as number) & 3).toBe(ThreadState.DEAD);
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
