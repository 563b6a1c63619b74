import type * as Lockdep from '../../../lib/index.ts';
import { LOCK_HEAD_WORDS } from '../../../lib/locks/shared/memory/layout.ts';
import { endThreads, type Thread } from '../../support/threads.ts';
import { type Job, listIn, oneMore, open, sharedWords, startQueueing, until, Word } from './queueing.ts';

// What the threads run, so that this one shares its memory layout and its checker with nobody else.
const { NotHolderError, OwnerDiedError, QueuedSpinLock, RecursiveLockError, TicketLock, lockdep } =
  require('../../../dist/cjs/index.js') as typeof Lockdep;

lockdep.configure({ onViolation: 'collect' });

afterEach(endThreads);

const RANDOM_ROUNDS = 6;

describe.each([
  ['TicketLock', TicketLock],
  ['QueuedSpinLock', QueuedSpinLock],
] as const)('%s', (type, Made) => {
  const make = (name: string) => new Made(`${type} ${name}`);

  // Where there are more threads than processors, the next one seldom runs when it is its turn.
  it.each([
    [2, 1_000],
    [4, 100],
    [8, 10],
    [16, 3],
  ])('keeps %i threads apart', async (threads, times) => {
    const lock = make('counter');
    const words = sharedWords();
    const running = Array.from({ length: threads }, (_, at) =>
      startQueueing({
        handles: [lock.handle],
        job: at === 1 ? 'tryCount' : 'count',
        words,
        threads,
        times,
      }),
    );
    await Promise.all(running.map((thread) => thread.end()));
    expect(words[Word.COUNTER]).toBe(threads * times);
    expect(lock.holder).toBeNull();
  });

  async function queued(count: number, { words, name }: { words: Int32Array; name: string }) {
    const lock = make(name);
    lock.lock();
    const waiters: Thread[] = [];
    for (let at = 0; at < count; at++) {
      const job: Job = { handles: [lock.handle], job: 'queueUp', words, at };
      waiters.push(await oneMore(lock, () => startQueueing(job)));
    }
    return { lock, waiters };
  }

  it('is had in the order of arrival', async () => {
    const words = sharedWords();
    const { lock, waiters } = await queued(4, { words, name: 'in order' });
    lock.unlock();
    await Promise.all(waiters.map((thread) => thread.end()));
    expect(listIn(words)).toEqual([0, 1, 2, 3]);
  });

  it.each([[[0]], [[1]], [[3]], [[1, 2]], [[0, 1]], [[2, 3]], [[0, 2]], [[0, 1, 2, 3]]])(
    'passes over waiters that have ended: %j',
    async (dead) => {
      const words = sharedWords();
      const { lock, waiters } = await queued(4, { words, name: `without ${dead}` });
      for (const at of dead) {
        await waiters[at]?.kill();
      }
      lock.unlock();
      const rest = waiters.filter((_, at) => !dead.includes(at));
      await Promise.all(rest.map((thread) => thread.end()));
      expect(listIn(words)).toEqual([0, 1, 2, 3].filter((at) => !dead.includes(at)));
      expect(lock.tryLock()).toBe(true);
      lock.unlock();
    },
  );

  it('goes on behind one that gives up', async () => {
    const words = sharedWords();
    const [lock, other] = [make('asked for'), make('other')];
    const handles = [lock.handle, other.handle];
    const holder = startQueueing({ handles, job: 'holdThenAsk', words });
    await holder.next();
    const configuration = { onDeadlock: 'reject' };
    const quitter = startQueueing({ handles, job: 'holdOtherThenQueue', words, configuration });
    await quitter.next();
    const first = await oneMore(lock, () => startQueueing({ handles, job: 'queueUp', words, at: 1 }));
    await oneMore(lock, () => {
      open(words);
      return quitter;
    });
    const last = await oneMore(lock, () => startQueueing({ handles, job: 'queueUp', words, at: 2 }));
    expect(await quitter.next()).toBe('DeadlockError');
    await Promise.all([holder, first, last].map((thread) => thread.end()));
    expect(listIn(words)).toEqual([1, 2]);
  });

  it('is taken over from a holder that has ended, and waiters are told', async () => {
    const lock = make('orphaned');
    const thread = startQueueing({ handles: [lock.handle], job: 'hold' });
    await thread.next();
    expect(lock.tryLock()).toBe(false);
    await thread.kill();
    expect(() => lock.lock()).toThrow(OwnerDiedError);
    expect(lock.recover()).toBe(true);
    expect(lock.held()).toBe(true);
    lock.unlock();
    expect(lock.recover()).toBe(false);
    lock.unlock();
  });

  it('refuses its holder, and strangers', async () => {
    const lock = make('refusing');
    expect(() => lock.unlock()).toThrow(NotHolderError);
    lock.lock();
    expect(() => lock.lock()).toThrow(RecursiveLockError);
    expect(lock.tryLock()).toBe(false);
    const [seen] = await startQueueing({ handles: [lock.handle], job: 'tryAndUnlock' }).end();
    expect(seen).toEqual({ isTaken: false, unlock: 'NotHolderError' });
    expect(lock.held()).toBe(true);
    lock.unlock();
  });

  it('leaves nobody hanging, whenever threads are ended', async () => {
    const lock = make('churned');
    const words = sharedWords();
    const threads = 3;
    const job = { handles: [lock.handle], job: 'churn', words, threads };
    const proofs = () => Atomics.load(words, Word.PROOF);
    let running = Array.from({ length: threads }, () => startQueueing(job));
    for (let round = 0; round < RANDOM_ROUNDS; round++) {
      const before = proofs();
      await until(() => proofs() > before + 5 + ((round * 37) % 40));
      const [victim, ...others] = running as [Thread, ...Thread[]];
      await victim.kill();
      const after = proofs();
      await until(() => proofs() > after + 5);
      running = [...others, startQueueing(job)];
    }
    for (const thread of running) {
      await thread.kill();
    }
    lock.recover();
    // Who died between the count and its proof has counted one more.
    const more = (words[Word.COUNTER] as number) - proofs();
    expect(more).toBeGreaterThanOrEqual(0);
    expect(more).toBeLessThanOrEqual(RANDOM_ROUNDS + threads);
    lock.unlock();
  });
});

it('a ticket lock counts on where 16 bits, and all bits, of its tickets are used up', async () => {
  for (const first of [0xffff - 100, 0x3f_ffff - 100, 0x7fff_ffff - 100, -100]) {
    const lock = new TicketLock(`wraps at ${first + 100}`);
    lock.words.fill(first, LOCK_HEAD_WORDS, LOCK_HEAD_WORDS + 2);
    const words = sharedWords();
    const job = { handles: [lock.handle], job: 'count', words, threads: 2, times: 150 };
    await Promise.all([startQueueing(job).end(), startQueueing(job).end()]);
    expect(words[Word.COUNTER]).toBe(300);
    expect(lock.words[LOCK_HEAD_WORDS]).toBe((first + 300) | 0);
    expect(lock.words[LOCK_HEAD_WORDS + 1]).toBe((first + 300) | 0);
  }
});
