import { LOCK_HEAD_WORDS } from '../../../../lib/locks/shared/memory/layout.ts';
import { QUEUED_WORDS, QueuedWords } from '../../../../lib/locks/shared/queues/queued-words.ts';
import { Interleavings } from '../../../support/interleavings.ts';
import { type QueueModel, type QueueWorldOptions, queueWorld } from '../../../support/queue-worlds.ts';

function model(lookEvery: number): QueueModel {
  return {
    words: new Int32Array(LOCK_HEAD_WORDS + QUEUED_WORDS),
    make: (memory, threads) => new QueuedWords(memory, threads, lookEvery),
    arrivesAt: (index) => index === LOCK_HEAD_WORDS,
  };
}

it.each<[string, QueueWorldOptions]>([
  ['two threads, each twice', { threads: 2, turns: 2 }],
  ['three threads', { threads: 3 }],
  ['three threads that try first', { threads: 3, tries: true }],
  ['two threads and a death', { threads: 2, kills: 1 }],
  ['three threads, one of which gives up', { threads: 3, giveUps: 1 }],
  ['two threads that try, one gives up, one dies', { threads: 2, kills: 1, giveUps: 1, tries: true }],
])('in every order of steps: %s', (_name, options) => {
  const lookEvery = options.kills === undefined ? Number.POSITIVE_INFINITY : 1;
  const found = new Interleavings(queueWorld(model(lookEvery), options)).all(
    options.threads === 2 && options.giveUps !== 2 ? 2 : 1,
    100_000,
  );
  expect(found.ends).toBeGreaterThan(0);
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
  expect(new Interleavings(queueWorld(model(1), options)).some(1_500, random).ends).toBe(1_500);
});
