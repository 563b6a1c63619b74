/**
 * What all locks over shared memory have in common: their memory, their class in the eyes of the checker, and their way to another
 * thread and back. A lock is one and the same in a thread, however often it is rebuilt there.
 */
import type { Lockdep } from '../../../lockdep.ts';
import { actorOf } from '../../../model/actor.ts';
import type { Site } from '../../../model/lock.ts';
import { checkName, checkObject } from '../../../options.ts';
import type { Owner } from '../../../owner.ts';
import type { LockInstance } from '../../../state/classes.ts';
import { captureSite } from '../../../state/site.ts';
import { checkHandle, HANDLE_SCHEMA, type SharedLockHandle } from '../memory/handle.ts';
import { LockHead } from '../memory/layout.ts';
import { bytesOf, isShared, type LockPlace, type LockType, lockWords } from '../memory/memory.ts';
import { graphOf } from '../memory/peer-log.ts';
import { actorIn, siteOf } from '../memory/rows.ts';
import { joinSpace, ownSpace, type Space } from '../memory/space.ts';
import { type ThreadWitness, threadWitnessFor } from './thread-witness.ts';

export interface SharedLockOptions {
  /** @default that of the process */
  readonly lockdep?: Lockdep;
  /** Place of the class in the order of levels: only locks of a greater one may be taken while it is held. */
  readonly level?: number;
  /** An order over the locks of the class: below 0 where `wanted` may be taken while `held` is. */
  readonly compare?: (held: LockInstance, wanted: LockInstance) => number;
  /** What `compare` has to know of it. */
  readonly data?: unknown;
  /** Milliseconds for which it may be held; longer is an error of the rule `long-hold`. */
  readonly maxHoldMs?: number;
  /** Memory for it, all zero, or with the lock that another thread has made there. @default its own */
  readonly buffer?: SharedArrayBuffer;
  /** Where in `buffer` it stands, a multiple of 4. @default 0 */
  readonly byteOffset?: number;
}

/** What a thread that rebuilds a lock can say of it. */
export type RebuildOptions = Pick<SharedLockOptions, 'lockdep' | 'compare' | 'data'>;

/** How a lock is taken. */
export interface LockingOptions {
  /** The owner that takes it. @default whoever runs: the owner whose `run()` is running, else the thread */
  readonly owner?: Owner;
}

/** Who holds a lock. */
export interface SharedHolder {
  /** Name of the thread. */
  readonly thread: string;
  /** Name of its owner; that of the thread where it has no other. */
  readonly owner: string;
  /** Where it was taken, where that is known. */
  readonly site: Site | null;
}

/** What a class of locks says of itself. */
export interface LockMaking {
  readonly type: LockType;
  /** Kind of the lock in the eyes of the checker. */
  readonly kind: string;
  /** The class: its caller is the place where the lock is made. */
  readonly below: unknown;
  /** What another thread has to know of it, beside what all locks have. */
  readonly traits?: Readonly<Record<string, number | boolean | string>>;
  /** What its class is declared with, beside what all locks have. */
  readonly declared?: Readonly<Record<string, unknown>>;
}

/** The handles of locks that are being rebuilt, by the options that their constructors get. */
const rebuilding = new WeakMap<object, SharedLockHandle>();
const NOBODY = {};
/** The locks of this thread, by their checker and then by space and number. */
const known = new WeakMap<object, Map<string, WeakRef<SharedLock>>>();

export abstract class SharedLock {
  readonly words: Int32Array;
  readonly space: Space;
  /** The slot of this thread. */
  readonly own: number;
  /** Its number in the space. */
  readonly id: number;
  readonly classId: number;
  readonly witness: ThreadWitness | null;
  readonly instance: LockInstance | null;
  /** True where another thread, or another object of this one, has made it. */
  readonly #isAttached: boolean;
  /** To be posted to another thread, and there given to `from` of the same class. */
  readonly handle: SharedLockHandle;

  constructor(name: string | undefined, options: SharedLockOptions, making: LockMaking) {
    checkObject('options', options);
    if (name !== undefined) {
      checkName('name', name);
    }
    const { type } = making;
    const from = rebuilding.get(options);
    this.space = from === undefined ? ownSpace() : joinSpace(from.space);
    this.own = this.space.threads.own;
    const place = from ?? placeIn(type, options);
    this.#isAttached = from !== undefined || isTaken(place);
    this.words = lockWords(type, this.space, place);
    this.id = this.words[LockHead.ID] as number;
    this.witness = threadWitnessFor(options.lockdep, this.space);
    const identity = this.#identify(name, from, making);
    this.instance = this.#declare(identity, options, making);
    this.classId = this.instance === null ? 0 : this.space.log.id(JSON.stringify(this.instance.class.ref));
    const { buffer, byteOffset } = place;
    const { level, maxHoldMs } = options;
    const traits = from?.traits ?? {
      ...making.traits,
      ...(level === undefined ? {} : { level }),
      ...(maxHoldMs === undefined ? {} : { maxHoldMs }),
    };
    const [schema, space] = [HANDLE_SCHEMA, this.space.buffer] as const;
    this.handle = { schema, type: type.name, ...identity, space, buffer, byteOffset, traits };
    this.#remember(options.lockdep);
  }

  /** Name of its class. */
  get name(): string {
    return this.handle.name;
  }

  /** Who holds it now, the first of them where several do; `null` where nobody does. */
  get holder(): SharedHolder | null {
    const [slot] = this.holders();
    if (slot === undefined) {
      return null;
    }
    const [owner, site] = [this.words[LockHead.OWNER] as number, this.words[LockHead.SITE] as number];
    return { ...actorIn(this.space, slot, owner), site: siteOf(this.space, site) };
  }

  /** Slots of the threads that hold it, as its words say. */
  abstract holders(): readonly number[];

  toJSON(): { readonly name: string; readonly type: string } {
    return { name: this.name, type: this.handle.type };
  }

  #identify(name: string | undefined, from: SharedLockHandle | undefined, { type, below }: LockMaking) {
    if (from !== undefined) {
      const { key, site } = from;
      return { name: from.name, key, ...(site === undefined ? {} : { site }) };
    }
    if (name !== undefined) {
      return { name, key: name };
    }
    const { identity } = this.witness?.lockdep.origin(below, type.name) ?? placeless(below, type);
    const { key, name: found, site } = identity();
    return { name: found, key, ...(site === undefined ? {} : { site }) };
  }

  #declare(
    identity: { readonly key: string; readonly name: string; readonly site?: Site },
    options: SharedLockOptions,
    { kind, declared = {} }: LockMaking,
  ): LockInstance | null {
    const { witness, space, words } = this;
    if (witness === null) {
      return null;
    }
    // Whoever finds it in a buffer of the program, or is sent it, joins the graph of who made it.
    const isNew = !this.#isAttached;
    const { level, compare, data, maxHoldMs } = options;
    const instance = witness.lockdep.lockOf(
      { key: identity.key, identity: () => identity },
      {
        kind,
        ...declared,
        ...(level === undefined ? {} : { level }),
        ...(compare === undefined ? {} : { compare }),
        ...(data === undefined ? {} : { data }),
        ...(maxHoldMs === undefined ? {} : { maxHoldMs }),
      },
    );
    instance.identity = `${space.id}:${this.id}`;
    witness.foreign.know(instance, this.id);
    const graph = graphOf(witness.lockdep, space, isNew ? null : (words[LockHead.GRAPH] as number));
    if (isNew) {
      words[LockHead.GRAPH] = graph;
    }
    return instance;
  }

  #remember(lockdep: Lockdep | undefined): void {
    const mine = known.get(lockdep ?? NOBODY) ?? new Map<string, WeakRef<SharedLock>>();
    const key = `${this.space.id}:${this.id}`;
    if (mine.get(key)?.deref() !== undefined) {
      throw new TypeError(
        `buffer: this thread has an object for the ${this.handle.type} at this place already; use that one, or ${this.handle.type}.from(handle), which gives it`,
      );
    }
    known.set(lockdep ?? NOBODY, mine);
    mine.set(key, new WeakRef(this));
  }
}

/** What a class of shared locks is made with. */
export type SharedLockClass<Made extends SharedLock> = new (name: string, options: never) => Made;

/**
 * The lock that a handle stands for, as this thread knows it.
 * @throws TypeError if it is no handle of that type, or its memory is not there
 */
export function rebuild<Made extends SharedLock>(
  made: SharedLockClass<Made>,
  type: LockType,
  { handle, options = {} }: { readonly handle: unknown; readonly options?: RebuildOptions | undefined },
): Made {
  checkHandle(type.name, handle);
  checkObject('options', options);
  const space = joinSpace(handle.space);
  const words = lockWords(type, space, handle);
  const before = known
    .get(options.lockdep ?? NOBODY)
    ?.get(`${space.id}:${words[LockHead.ID]}`)
    ?.deref();
  if (before instanceof made) {
    return before;
  }
  const own = { ...handle.traits, ...options };
  rebuilding.set(own, handle);
  return new made(handle.name, own as never);
}

/** True where a lock, or something else, stands already. What it is, is looked at later. */
function isTaken({ buffer, byteOffset }: LockPlace): boolean {
  const fits = isShared(buffer) && byteOffset % 4 === 0 && byteOffset >= 0 && byteOffset + 4 <= buffer.byteLength;
  return fits && Atomics.load(new Int32Array(buffer, byteOffset, 1), 0) !== 0;
}

function placeIn(type: LockType, { buffer, byteOffset = 0 }: SharedLockOptions): LockPlace {
  return { buffer: buffer ?? new SharedArrayBuffer(bytesOf(type)), byteOffset };
}

function placeless(below: unknown, { name }: LockType) {
  const site = captureSite(below).stack.split('\n')[1]?.trim() ?? '';
  return { identity: () => ({ key: `${name} ${site}`, name }) as { key: string; name: string; site?: Site } };
}

// What Node prints of it.
Object.defineProperty(SharedLock.prototype, Symbol.for('nodejs.util.inspect.custom'), {
  value(this: SharedLock) {
    const { holder, name, handle } = this;
    return `${handle.type} '${name}' (${holder === null ? 'free' : `held by ${actorOf(holder)}`})`;
  },
});
