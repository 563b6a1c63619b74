/**
 * The memory of one lock: its own, or a place in a buffer of the program. Whoever comes first makes the lock there; who comes later
 * with the same buffer finds it. What is no place for a lock is refused, and stays as it was.
 */

import { shown } from '../../../shown.ts';
import { stopwatch } from '../../../state/profile.ts';
import { Head, LOCK_HEAD_WORDS, LockHead, lockMagic, MOST_THREADS } from './layout.ts';
import type { Space } from './space.ts';

/** What a kind of shared lock is made of. */
export interface LockType {
  /** Stands in its first word. From 1, never used again for another type. */
  readonly code: number;
  /** Name of its class. */
  readonly name: string;
  /** Words of its own, behind the head. */
  readonly words: number;
}

/** A place for a lock. */
export interface LockPlace {
  readonly buffer: SharedArrayBuffer;
  readonly byteOffset: number;
}

const LONGEST_MAKING_MS = 1_000;

/** Bytes that a lock of this type takes. */
export function bytesOf({ words }: LockType): number {
  return (LOCK_HEAD_WORDS + words) * 4;
}

export function isShared(value: unknown): value is SharedArrayBuffer {
  return Object.prototype.toString.call(value) === '[object SharedArrayBuffer]';
}

/**
 * The words of the lock at a place.
 * @throws TypeError or RangeError that says what is wrong with the place
 */
export function lockWords(type: LockType, space: Space, place: LockPlace): Int32Array {
  const words = viewOf(type, place);
  if (words[LockHead.MAGIC] !== lockMagic(type.code) && isToMake(space, words)) {
    make(type, space, words);
  } else {
    check(type, space, words);
  }
  return words;
}

/** True if this thread is to make the lock: the first word says so as long as it does. Waits while another thread makes it. */
function isToMake({ threads }: Space, words: Int32Array): boolean {
  const since = stopwatch();
  // From here on the first word may name this thread.
  threads.owe(1);
  for (;;) {
    const found = Atomics.compareExchange(words, LockHead.MAGIC, 0, -threads.own);
    if (found === 0) {
      return true;
    }
    const maker = -found;
    const isMaking = maker > 0 && maker <= MOST_THREADS && stopwatch() - since < LONGEST_MAKING_MS;
    if (!isMaking) {
      threads.owe(-1);
      return false;
    }
    if (threads.isDead(maker) && Atomics.compareExchange(words, LockHead.MAGIC, found, -threads.own) === found) {
      threads.forgive(maker);
      // What it has written already.
      words.fill(0, LockHead.ID, LockHead.GRANTS);
      return true;
    }
  }
}

/** @throws TypeError if the memory is not all zero; it is as it was then */
function make({ code, name }: LockType, space: Space, words: Int32Array): void {
  const isClean = words.every((word, at) => at === LockHead.MAGIC || word === 0);
  if (isClean) {
    words[LockHead.ID] = space.newLockId();
    words[LockHead.SPACE] = space.words[Head.ID] as number;
    words[LockHead.SPACE + 1] = space.words[Head.ID + 1] as number;
  }
  Atomics.store(words, LockHead.MAGIC, isClean ? lockMagic(code) : 0);
  space.threads.owe(-1);
  if (!isClean) {
    throw new TypeError(
      `buffer: there is something else in the ${words.byteLength} bytes at this place, and no ${name}; give memory that is all zero`,
    );
  }
}

function viewOf(type: LockType, { buffer, byteOffset }: LockPlace): Int32Array {
  if (!isShared(buffer)) {
    throw new TypeError(
      `buffer: expected a SharedArrayBuffer, got ${shown(buffer)}; other memory is not shared by threads`,
    );
  }
  if (!Number.isSafeInteger(byteOffset) || byteOffset < 0 || byteOffset % 4 !== 0) {
    throw new RangeError(`byteOffset: expected a multiple of 4 from 0, got ${shown(byteOffset)}`);
  }
  const bytes = bytesOf(type);
  if (byteOffset + bytes > buffer.byteLength) {
    throw new RangeError(
      `buffer: a ${type.name} takes ${bytes} bytes (${type.name}.BYTES), and there are ${Math.max(buffer.byteLength - byteOffset, 0)} from byte ${byteOffset} on`,
    );
  }
  return new Int32Array(buffer, byteOffset, bytes / 4);
}

function check({ code, name }: LockType, space: Space, words: Int32Array): void {
  const magic = Atomics.load(words, LockHead.MAGIC);
  if (magic !== lockMagic(code)) {
    throw new TypeError(
      `buffer: there is ${whatIs(magic)} at this place, and no ${name}; give memory that is all zero`,
    );
  }
  const isOfSpace =
    words[LockHead.SPACE] === space.words[Head.ID] && words[LockHead.SPACE + 1] === space.words[Head.ID + 1];
  if (!isOfSpace) {
    throw new TypeError(
      `buffer: the ${name} at this place was made by a thread that shares no other lock with this one; use its handle`,
    );
  }
}

function whatIs(magic: number): string {
  if (magic >>> 16 !== 0x4c4b) {
    return 'something else';
  }
  return ((magic >> 8) & 0xff) === ((lockMagic(0) >> 8) & 0xff)
    ? 'a lock of another type'
    : 'a lock of another version of lockdep';
}
