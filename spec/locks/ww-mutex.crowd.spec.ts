import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createLockdep, type Lockdep } from '../../lib/lockdep.ts';
import { WaitQueue, type WwAlgorithm } from '../../lib/locks/ww-algorithm.ts';
import { WwClass } from '../../lib/locks/ww-class.ts';
import type { WwContext } from '../../lib/locks/ww-context.ts';
import type { WwMutex } from '../../lib/locks/ww-mutex.ts';
import type { Owner } from '../../lib/owner.ts';
import { ALGORITHMS, attempt, messages, now, takeAll, unlockAll, type Watch } from './ww-world.ts';

describe('a queue', () => {
  interface One {
    readonly id: number;
    readonly transaction: { readonly stamp: number; readonly held: Set<never>; readonly isWounded: boolean } | null;
  }

  /** The same, said slowly: a newcomer goes in front of the first younger context, or to the end. */
  function slowly(waiting: readonly One[], { transaction, ...rest }: One): One[] {
    const before: One[] = [];
    const after = [...waiting];
    while (after[0] !== undefined) {
      const other = after[0].transaction;
      if (transaction !== null && other !== null && other.stamp > transaction.stamp) break;
      before.push(after.shift() as One);
    }
    return [...before, { transaction, ...rest }, ...after];
  }

  it('keeps contexts by age, all others by arrival, and passes nobody but for an older context', () => {
    const stamps = fc.uniqueArray(fc.option(fc.nat(50)), {
      selector: (stamp) => stamp ?? Symbol('plain'),
      maxLength: 20,
    });
    fc.assert(
      fc.property(stamps, (all) => {
        const queue = new WaitQueue<One>();
        let expected: One[] = [];
        for (const [id, stamp] of all.entries()) {
          const one = { id, transaction: stamp === null ? null : { stamp, held: new Set<never>(), isWounded: false } };
          queue.add(one);
          expected = slowly(expected, one);
          assert.deepEqual(queue.waiters, expected);
        }
        const contexts = queue.waiters.flatMap(({ transaction }) => transaction?.stamp ?? []);
        assert.deepEqual(
          contexts,
          contexts.toSorted((one, other) => one - other),
        );
        const plain = queue.waiters.flatMap(({ id, transaction }) => (transaction === null ? [id] : []));
        assert.deepEqual(
          plain,
          plain.toSorted((one, other) => one - other),
        );
      }),
    );
  });
});

const MUTEXES = 5;
/** More steps than any crowd needs. */
const PATIENCE = 2_000;

interface Actor {
  /** Takes its first mutex alone, without a context. */
  readonly isPlain: boolean;
  readonly wants: readonly number[];
  /** Microtasks before each of its steps, round and round. */
  readonly pauses: readonly number[];
  /** Microtasks until the waits of its first attempt are withdrawn. */
  readonly abortAfter: number | null;
}

const actor: fc.Arbitrary<Actor> = fc.record({
  isPlain: fc.nat(4).map((dice) => dice === 0),
  wants: fc.uniqueArray(fc.nat(MUTEXES - 1), { minLength: 1, maxLength: MUTEXES }),
  pauses: fc.array(fc.nat(6), { minLength: 1, maxLength: 5 }),
  abortAfter: fc.option(fc.nat(30)),
});

async function ticks(count: number): Promise<void> {
  for (let at = 0; at < count; at++) await null;
}

/** Actors at work on the same mutexes. */
class Crowd {
  readonly ld: Lockdep = createLockdep({ profile: 'kernel' });
  readonly ww: WwClass;
  readonly mutexes: readonly WwMutex[];
  backOffs = 0;
  readonly #inside = new Set<WwMutex>();
  readonly #open = new Set<number>();
  #steps = 0;

  constructor(algorithm: WwAlgorithm) {
    this.ww = new WwClass(this.ld, 'obj', { algorithm });
    this.mutexes = Array.from({ length: MUTEXES }, (_, at) => this.ww.mutex(`m${at}`));
  }

  async act(script: Actor, owner: Owner): Promise<void> {
    const wanted = script.wants.map((at) => this.mutexes[at] as WwMutex);
    await ticks(script.pauses[0] as number);
    if (script.isPlain) {
      await this.#single(script, owner, wanted[0] as WwMutex);
      return;
    }
    const context = this.ww.begin(owner);
    const watch = this.#watch(script, context.stamp);
    this.#open.add(context.stamp);
    const held = (await this.#hurry(script, context, { wanted, watch })) ?? (await takeAll(context, wanted, watch));
    assert.deepEqual(new Set(held), new Set(wanted));
    context.done();
    await watch.pause?.();
    unlockAll(context, held, watch);
    context.end();
    this.#open.delete(context.stamp);
  }

  async #single(script: Actor, owner: Owner, mutex: WwMutex): Promise<void> {
    const { taken, given, pause } = this.#watch(script, 0);
    await mutex.lock(owner);
    taken?.(mutex);
    await pause?.();
    given?.(mutex);
    mutex.unlock(owner);
  }

  /** One attempt whose waits are withdrawn after a while: what it got, or `null` with nothing held. */
  async #hurry(
    { abortAfter }: Actor,
    context: WwContext,
    { wanted, watch }: { wanted: readonly WwMutex[]; watch: Watch },
  ): Promise<WwMutex[] | null> {
    if (abortAfter === null) return null;
    const { signal, reason } = withdrawal(abortAfter);
    const held: WwMutex[] = [];
    try {
      const contended = await attempt(context, wanted, held, { ...watch, signal });
      if (contended === null) return held;
      watch.backsOff?.();
      unlockAll(context, held, watch);
      await contended.lockSlow(context);
      contended.unlock(context);
    } catch (error) {
      assert.equal(error, reason);
      unlockAll(context, held, watch);
    }
    return null;
  }

  #watch({ pauses }: Actor, stamp: number): Watch {
    let isOldest = false;
    return {
      // Whoever can make this one give way is older, and so is open already.
      asks: () => {
        isOldest = Math.min(stamp, ...this.#open) === stamp;
      },
      backsOff: () => {
        this.backOffs++;
        assert.ok(!isOldest, 'the oldest backs off');
      },
      taken: (mutex) => {
        assert.ok(!this.#inside.has(mutex), `two are inside ${mutex.name}`);
        this.#inside.add(mutex);
      },
      given: (mutex) => assert.ok(this.#inside.delete(mutex)),
      pause: () => {
        assert.ok(this.#steps++ < PATIENCE, 'they go on for ever');
        return ticks(pauses[this.#steps % pauses.length] as number);
      },
    };
  }
}

function withdrawal(after: number): { readonly signal: AbortSignal; readonly reason: Error } {
  const controller = new AbortController();
  const reason = new Error('withdrawn');
  void ticks(after).then(() => controller.abort(reason));
  return { signal: controller.signal, reason };
}

/**
 * What is promised to all who keep the protocol, whatever they take, in which order, and whoever withdraws a wait meanwhile.
 * Those without a context take one mutex each.
 */
describe.each(ALGORITHMS)('any crowd under %s', (algorithm) => {
  it('finishes, one at a time in each mutex, without a back-off of the oldest and without a finding', async () => {
    let backOffs = 0;
    const crowds = fc.array(actor, { minLength: 2, maxLength: 9, size: 'max' });
    const finishes = fc.asyncProperty(crowds, async (actors) => {
      const crowd = new Crowd(algorithm);
      const owners = actors.map((_, at) => crowd.ld.owner(`owner${at}`));
      const all = actors.map((script, at) => crowd.act(script, owners[at] as Owner));
      assert.notEqual(await now(Promise.all(all)), 'waiting');
      assert.ok(!crowd.mutexes.some(({ isLocked }) => isLocked));
      assert.ok(!owners.some(({ held }) => held.length > 0));
      assert.deepEqual(messages(crowd.ld), []);
      backOffs += crowd.backOffs;
    });
    await fc.assert(finishes, { numRuns: 500 });
    expect(backOffs).toBeGreaterThan(100);
  });
});
