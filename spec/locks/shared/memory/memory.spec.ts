import { MOST_THREADS, Row, rowOf } from '../../../../lib/locks/shared/memory/layout.ts';
import { bytesOf, lockWords } from '../../../../lib/locks/shared/memory/memory.ts';
import { ownSpace } from '../../../../lib/locks/shared/memory/space.ts';
import { Threads } from '../../../../lib/locks/shared/memory/threads.ts';

const TYPE = { code: 250, name: 'TryLock', words: 4 };

const place = () => ({ buffer: new SharedArrayBuffer(bytesOf(TYPE)), byteOffset: 0 });

test('memory that is not all zero is refused, and stays as it was', () => {
  const space = ownSpace();
  const at = place();
  const words = new Int32Array(at.buffer);
  words[10] = 7;
  const before = [...words];
  const debt = space.words[space.threads.row + Row.DEBT];
  expect(() => lockWords(TYPE, space, at)).toThrow(/no TryLock; give memory that is all zero/);
  expect([...words]).toEqual(before);
  expect(space.words[space.threads.row + Row.DEBT]).toBe(debt);
});

test('who made a lock and ended before it was ready is replaced', () => {
  const space = ownSpace();
  const dead = new Threads(space.words);
  const at = place();
  const words = new Int32Array(at.buffer);
  words.set([-dead.own, 99]);
  dead.owe(1);
  space.threads.end(dead.own);
  expect(space.threads.isKnownDead(dead.own)).toBe(true);
  lockWords(TYPE, space, at);
  expect(words[1]).not.toBe(99);
  expect(lockWords(TYPE, space, at)[1]).toBe(words[1]);
  // Nothing names it any more.
  expect(space.threads.isKnownDead(dead.own)).toBe(false);
  expect(space.words[rowOf(dead.own) + Row.DEBT]).toBe(0);
});

test('a first word that is no thread is no lock that is made', () => {
  const at = place();
  new Int32Array(at.buffer)[0] = -MOST_THREADS - 1;
  expect(() => lockWords(TYPE, ownSpace(), at)).toThrow(/something else at this place/);
});
