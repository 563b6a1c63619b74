import { LOCK_HEAD_WORDS } from '../../../../lib/locks/shared/memory/layout.ts';
import { TICKET_WORDS, TicketQueue } from '../../../../lib/locks/shared/queues/ticket-queue.ts';
import { Interleavings } from '../../../support/interleavings.ts';
import { type QueueModel, type QueueWorldOptions, queueWorld } from '../../../support/queue-worlds.ts';

const NEXT = LOCK_HEAD_WORDS;
const RING = NEXT + 2;

/** A lock whose next ticket is that one. */
function model(first: number, lookEvery: number): QueueModel {
  const words = new Int32Array(LOCK_HEAD_WORDS + TICKET_WORDS);
  words.fill(first, NEXT, RING);
  return {
    words,
    make: (memory, threads) => new TicketQueue(memory, threads, lookEvery),
    arrivesAt: (index) => index >= RING,
  };
}

/** The last ticket of 16 bits, of the 22 of an entry, and of a word. */
const FIRST = [0, 0xffff, 0x3f_ffff, 0x7fff_ffff, -1];

it.each<[string, QueueWorldOptions]>([
  ['two threads, each twice', { threads: 2, turns: 2 }],
  ['three threads', { threads: 3 }],
  ['three threads that try first', { threads: 3, tries: true }],
  ['two threads and a death', { threads: 2, kills: 1 }],
  ['three threads, one of which gives up', { threads: 3, giveUps: 1 }],
  ['two threads that try, one gives up, one dies', { threads: 2, kills: 1, giveUps: 1, tries: true }],
])('in every order of steps: %s', (_name, options) => {
  const found = FIRST.slice(0, 1).map((first) => {
    const lookEvery = options.kills === undefined ? Number.POSITIVE_INFINITY : 1;
    return new Interleavings(queueWorld(model(first, lookEvery), options)).all(
      options.threads === 2 && options.giveUps !== 2 ? 2 : 1,
      100_000,
    );
  });
  expect(new Set(found.map(({ states }) => states)).size).toBe(1);
  expect(found[0]?.ends).toBeGreaterThan(0);
});

// Too many for all of them. Park and Miller: the same lots each time.
it.each<[string, QueueWorldOptions]>([
  ['three threads and a death', { threads: 3, kills: 1 }],
  ['two threads that give up, twice', { threads: 2, turns: 2, giveUps: 2 }],
  ['four threads, two deaths, two that give up', { threads: 4, kills: 2, giveUps: 2 }],
])('in orders drawn by lot: %s', (_name, options) => {
  let seed = 1;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  expect(new Interleavings(queueWorld(model(0, 1), options)).some(1_500, random).ends).toBe(1_500);
});
