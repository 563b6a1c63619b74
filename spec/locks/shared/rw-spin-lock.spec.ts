import type * as Lockdep from '../../../lib/index.ts';
import { LOCK_HEAD_WORDS, Row, rowOf } from '../../../lib/locks/shared/memory/layout.ts';
import { RW_WORDS, RwWords, Stop } from '../../../lib/locks/shared/queues/rw-words.ts';
import { type Actor, GaveUp, Interleavings, type World } from '../../support/interleavings.ts';
import { endThreads } from '../../support/threads.ts';
import { sharedWords, startQueueing, until, Word } from './queueing.ts';

const {
  NotHolderError,
  OwnerDiedError,
  RecursiveLockError,
  RwSpinLock,
  createLockdep,
  lockdep: shared,
} = require('../../../dist/cjs/index.js') as typeof Lockdep;

shared.configure({ onViolation: 'collect' });

afterEach(endThreads);

type Part = 'read' | 'read twice' | 'write' | 'try to write';

/** Threads that read and write once each. */
function world(parts: readonly Part[], stops: number, rare: Pick<World, 'kills' | 'giveUps'>): World {
  const words = new Int32Array(LOCK_HEAD_WORDS + RW_WORDS);
  const [dead, inside] = [new Int32Array(parts.length + 1), new Int32Array(parts.length + 1)];
  const threads = (actor: Actor) => ({
    own: actor.slot,
    words: new Int32Array(rowOf(1) + Row.NODES),
    highest: parts.length,
    isDead: (slot: number) => actor.step(() => dead[slot] !== 0),
    isKnownDead: (slot: number) => actor.step(() => dead[slot] !== 0),
    forgive: () => undefined,
  });
  const enter = (slot: number, kind: number) => {
    const others = [...inside].filter((one, at) => one !== 0 && at !== slot && dead[at] === 0);
    if (kind === 2 ? others.length > 0 : others.includes(2)) {
      throw new Error(`${slot} is in with ${others}`);
    }
    inside[slot] = kind;
    return 0;
  };
  return {
    memory: [words, dead, inside],
    dead,
    ...rare,
    programs: parts.map((part) => (actor) => {
      const slots = threads(actor);
      const lock = new RwWords(words, slots, rare.kills === undefined ? Number.POSITIVE_INFINITY : 1);
      const wait = {
        spin() {
          actor.spin();
          for (const slot of rare.kills === undefined ? [] : lock.holders()) {
            if (!slots.isDead(slot)) {
              continue;
            }
            if (lock.writerSlot() === slot) {
              throw new GaveUp();
            }
            lock.bury(slot);
          }
        },
      };
      try {
        if (part.startsWith('read')) {
          lock.read(wait, stops);
          actor.step(() => enter(actor.slot, 1));
          if (part === 'read twice') {
            lock.read(wait, Stop.WRITING);
            lock.stopReading();
          }
          actor.step(() => enter(actor.slot, 0));
          lock.stopReading();
          return;
        }
        if (part === 'try to write' && !lock.tryWrite()) {
          return;
        }
        if (part === 'write') {
          lock.write(wait);
        }
        actor.step(() => enter(actor.slot, 2));
        actor.step(() => enter(actor.slot, 0));
        lock.stopWriting();
      } catch (error) {
        if (!(error instanceof GaveUp)) {
          throw error;
        }
      }
    }),
  };
}

describe.each([
  ['a waiting writer stops readers', Stop.ANY_WRITER],
  ['it does not', Stop.NO_WAITING_WRITER],
])('in every order of steps, where %s', (_name, stops) => {
  it.each<[Part[], Pick<World, 'kills' | 'giveUps'>]>([
    [['read', 'write'], {}],
    [['read', 'read', 'write'], {}],
    [['read twice', 'write'], {}],
    [['read', 'write', 'write'], {}],
    [['read', 'write', 'try to write'], {}],
    [['read', 'write'], { kills: 1 }],
    [['read', 'write', 'write'], { kills: 1 }],
    [['read', 'write'], { giveUps: 1 }],
  ])('%j %j', (parts, rare) => {
    expect(new Interleavings(world(parts, stops, rare)).all(parts.length === 2 ? 3 : 1).ends).toBeGreaterThan(0);
  });
});

/** What stands in the word of the writer while it waits. */
const WAITS = 0x100;

describe('a thread alone', () => {
  const lockdep = createLockdep({ onViolation: 'collect' });
  const make = (options: Lockdep.RwSpinLockOptions = {}) => new RwSpinLock('rw', { lockdep, ...options });

  it('reads and writes', () => {
    const lock = make();
    expect(lock.read(() => [lock.heldRead(), lock.heldWrite()])).toEqual([true, false]);
    expect(lock.write(() => [lock.heldRead(), lock.heldWrite()])).toEqual([false, true]);
    expect(lock.tryLockRead()).toBe(true);
    lock.assertHeldShared();
    expect(lock.tryLockWrite()).toBe(false);
    lock.unlockRead();
    const flags = lock.lockWriteIrqSave();
    lock.assertHeldExclusive();
    lock.unlockWriteIrqRestore(flags);
    lock.lockReadBh();
    lock.unlockReadBh();
    expect(lock.holder).toBeNull();
    expect(lockdep.violations.filter(({ rule }) => rule.startsWith('assert'))).toEqual([]);
  });

  it('is refused where it would wait for itself', () => {
    const lock = make();
    lock.lockRead();
    expect(() => lock.lockWrite()).toThrow(RecursiveLockError);
    expect(() => lock.unlockWrite()).toThrow(NotHolderError);
    lock.unlockRead();
    lock.lockWrite();
    expect(() => lock.lockRead()).toThrow(RecursiveLockError);
    expect(() => lock.lockWrite()).toThrow(RecursiveLockError);
    lock.unlockWrite();
    expect(() => lock.unlockRead()).toThrow(NotHolderError);
    expect(lock.holder).toBeNull();
  });

  it('reads again behind a waiting writer only where readers are recursive', () => {
    for (const recursiveReaders of [false, true]) {
      const lock = make({ recursiveReaders });
      lock.lockRead();
      // A writer that is alive for certain: nobody takes it out.
      Atomics.store(lock.words, LOCK_HEAD_WORDS, lock.own | WAITS);
      expect(lock.tryLockRead()).toBe(recursiveReaders);
      Atomics.store(lock.words, LOCK_HEAD_WORDS, 0);
    }
  });

  it('refuses wrong options', () => {
    expect(() => make({ prefers: 'nobody' as never })).toThrow("prefers: expected 'writers' or 'readers'");
    expect(() => make({ recursiveReaders: 1 as never })).toThrow('recursiveReaders: expected true or false');
  });
});

describe('threads', () => {
  it.each([2, 4])('%i of them count exactly', async (threads) => {
    const lock = new RwSpinLock('counter');
    const words = sharedWords();
    const job = { handles: [lock.handle], job: 'countWriting', words, threads, times: 300 };
    await Promise.all(Array.from({ length: threads }, () => startQueueing(job).end()));
    expect(words[Word.COUNTER]).toBe(threads * 300);
    expect(lock.holder).toBeNull();
  });

  it('a reader that has ended is taken out by a writer, a writer is told of', async () => {
    const lock = new RwSpinLock('left behind');
    const reader = startQueueing({ handles: [lock.handle], job: 'holdReading' });
    await reader.next();
    expect(lock.tryLockWrite()).toBe(false);
    expect(lock.tryLockRead()).toBe(true);
    lock.unlockRead();
    await reader.kill();
    lock.lockWrite();
    lock.unlockWrite();
    const writer = startQueueing({ handles: [lock.handle], job: 'holdWriting' });
    await writer.next();
    await writer.kill();
    expect(() => lock.lockRead()).toThrow(OwnerDiedError);
    expect(() => lock.lockWrite()).toThrow(OwnerDiedError);
    expect(lock.recover()).toBe(true);
    lock.unlockWrite();
  });

  it('a waiting writer stops new readers, and one that ends there does not', async () => {
    const lock = new RwSpinLock('preferred');
    lock.lockRead();
    const writer = startQueueing({ handles: [lock.handle], job: 'holdWriting' });
    // Its first try looks at the readers, and goes away once more.
    await until(() => (Atomics.load(lock.words, LOCK_HEAD_WORDS) & WAITS) !== 0);
    expect(lock.tryLockRead()).toBe(false);
    await writer.kill();
    lock.unlockRead();
    lock.lockRead();
    lock.unlockRead();
    expect(lock.holder).toBeNull();
  });
});
