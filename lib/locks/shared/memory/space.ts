/**
 * What all shared locks of a process have in common: its threads and their log, in one SharedArrayBuffer. The first lock of
 * a process makes it. Workers that are started later find it by themselves; every handle of a lock carries it besides, so that a
 * worker that was there before joins with the first lock that it gets. About 16 MiB are reserved, of which the system gives what
 * is written to.
 */
import { builtin } from '../../../owner/runtime.ts';
import { watchDeaths } from './deaths.ts';
import { Head, Row, SPACE_BYTES, SPACE_MAGIC } from './layout.ts';
import { SharedLog } from './log.ts';
import { describeThread, processId } from './platform.ts';
import { Threads } from './threads.ts';
import { watchWebDeaths } from './web-deaths.ts';

/** Where the space of the process stands in the data that workers inherit. */
const INHERITED = 'lockdep/shared/1';
const JOINED: unique symbol = Symbol.for('lockdep/shared/1') as never;

/** What a thread keeps of a space that it has joined, whatever was loaded twice. */
interface Membership {
  readonly buffer: SharedArrayBuffer;
  readonly slot: number;
}

interface Home {
  [JOINED]?: Map<string, Membership>;
}

export class Space {
  readonly buffer: SharedArrayBuffer;
  readonly words: Int32Array;
  readonly threads: Threads;
  readonly log: SharedLog;
  /** Tells this space from all others. */
  readonly id: string;
  /** Resolves once others would notice the end of this thread. */
  noticed: Promise<void> = Promise.resolve();

  constructor(buffer: SharedArrayBuffer, slot?: number) {
    this.buffer = buffer;
    this.words = new Int32Array(buffer);
    this.threads = new Threads(this.words, slot);
    this.log = new SharedLog(this.words, this.threads);
    this.id = idOf(this.words);
  }

  newLockId(): number {
    return Atomics.add(this.words, Head.NEXT_LOCK, 1) + 1;
  }
}

const spaces = new Map<string, Space>();

/** The space of this process, made where there is none. */
export function ownSpace(): Space {
  const [first] = joined().values();
  const inherited = first?.buffer ?? (inheritedBuffer() as SharedArrayBuffer | undefined);
  if (inherited !== undefined) {
    return joinSpace(inherited);
  }
  const buffer = new SharedArrayBuffer(SPACE_BYTES);
  const words = new Int32Array(buffer);
  words[Head.MAGIC] = SPACE_MAGIC;
  words[Head.PROCESS] = processId();
  words[Head.ID] = random();
  words[Head.ID + 1] = random();
  bequeath(buffer);
  return joinSpace(buffer);
}

/**
 * The space in this memory, which this thread joins where it has not.
 * @throws TypeError if it is no space, or of another process or version
 */
export function joinSpace(buffer: SharedArrayBuffer): Space {
  const words = checkSpace(buffer);
  const id = idOf(words);
  const known = spaces.get(id);
  if (known !== undefined) {
    return known;
  }
  const memberships = joined();
  const member = memberships.get(id);
  const space = new Space(buffer, member?.slot);
  if (member === undefined) {
    memberships.set(id, { buffer, slot: space.threads.own });
    space.words[space.threads.row + Row.NAME] = space.log.id(describeThread(space.threads.own).name);
    watchDeaths(space.threads);
    space.noticed = watchWebDeaths(space.threads, space.id);
    bequeath(buffer);
  }
  spaces.set(id, space);
  return space;
}

/**
 * Resolves once the end of this thread would be noticed by the others, so that no lock is lost with it. In Node that is so from the
 * start; a worker of a browser has to come back to its event loop once before it blocks.
 * @param handle that of a lock which this thread was sent: a worker of a browser finds the others by it
 */
export function sharedLocksReady(handle?: { readonly space: SharedArrayBuffer }): Promise<void> {
  return (handle === undefined ? ownSpace() : joinSpace(handle.space)).noticed;
}

function checkSpace(buffer: SharedArrayBuffer): Int32Array {
  const words = buffer.byteLength >= SPACE_BYTES ? new Int32Array(buffer) : undefined;
  if (words?.[Head.MAGIC] !== SPACE_MAGIC) {
    throw new TypeError('handle: its space was made by another version of lockdep; load one version in all threads');
  }
  if (words[Head.PROCESS] !== processId()) {
    throw new TypeError(
      'handle: it comes from another process; memory is shared between the threads of one process only',
    );
  }
  return words;
}

function idOf(words: Int32Array): string {
  return `${words[Head.ID]}:${words[Head.ID + 1]}`;
}

function random(): number {
  return Math.floor(Math.random() * 2 ** 32) | 0;
}

// A module of the runtime is the same object in all worlds of a thread, such as those of test files.
function joined(): Map<string, Membership> {
  const home = (builtin('node:worker_threads') ?? globalThis) as Home;
  home[JOINED] ??= new Map();
  return home[JOINED];
}

function inheritedBuffer(): unknown {
  return builtin('node:worker_threads')?.getEnvironmentData?.(INHERITED);
}

function bequeath(buffer: SharedArrayBuffer): void {
  if (inheritedBuffer() === undefined) {
    builtin('node:worker_threads')?.setEnvironmentData?.(INHERITED, buffer as never);
  }
}
