/**
 * Wound/wait mutexes and asynchronous owners that take them, on one thread. Nothing here sleeps: after `idle()` whoever has
 * not gone on waits for somebody else, and where nobody else is left a wake-up was lost.
 */
import assert from 'node:assert/strict';
import { createLockdep, type Lockdep } from '../../lib/lockdep.ts';
import type { WwAlgorithm } from '../../lib/locks/ww-algorithm.ts';
import { WwClass } from '../../lib/locks/ww-class.ts';
import type { WwContext } from '../../lib/locks/ww-context.ts';
import type { WwMutex } from '../../lib/locks/ww-mutex.ts';
import type { LockdepOptions } from '../../lib/options.ts';
import type { Owner } from '../../lib/owner.ts';

export const ALGORITHMS: readonly WwAlgorithm[] = ['wound-wait', 'wait-die'];

export interface World {
  readonly ld: Lockdep;
  readonly ww: WwClass;
  readonly p: Owner;
  readonly q: Owner;
  readonly r: Owner;
  readonly a: WwMutex;
  readonly b: WwMutex;
  readonly c: WwMutex;
}

export function worldOf(algorithm: WwAlgorithm = 'wound-wait', options: LockdepOptions = {}): World {
  const ld = createLockdep(options);
  const ww = new WwClass(ld, 'obj', { algorithm });
  const [p, q, r] = [ld.owner('p'), ld.owner('q'), ld.owner('r')];
  return { ld, ww, p, q, r, a: ww.mutex('a'), b: ww.mutex('b'), c: ww.mutex('c') };
}

/** Whoever can go on without anybody's help has gone on. */
export const idle = (): Promise<void> => new Promise((done) => setImmediate(done));

/** The answer, or `waiting` where there is none although everybody has gone on. */
export function now<Answer>(answer: Promise<Answer>): Promise<Answer | 'waiting'> {
  return Promise.race([answer, idle().then((): 'waiting' => 'waiting')]);
}

export const messages = (ld: Lockdep): string[] => ld.violations.map(({ rule, message }) => `${rule}: ${message}`);

/** The places of the only finding, each as its label and its line. */
export function places(ld: Lockdep): (readonly [label: string, line: number | undefined])[] {
  const [found, ...others] = ld.violations;
  assert(found?.rule === 'ww-misuse' && others.length === 0, messages(ld).join('\n'));
  return found.places.map(({ label, site }) => [label, site?.line]);
}

export interface Watch {
  /** Called for each mutex that is taken and given back, and for each 'deadlock'. */
  readonly taken?: (mutex: WwMutex) => void;
  readonly given?: (mutex: WwMutex) => void;
  readonly backsOff?: () => void;
  /** Called with each request, before anything else can happen. */
  readonly asks?: () => void;
  /** Called before each request. */
  readonly pause?: () => Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

/** One try to get them all: the one at which it was told 'deadlock', with nothing held, or all of them. */
export async function attempt(
  context: WwContext,
  wanted: readonly WwMutex[],
  held: WwMutex[],
  watch: Watch,
): Promise<WwMutex | null> {
  for (const mutex of wanted) {
    await watch.pause?.();
    watch.asks?.();
    const answer = await mutex.lock(context, watch.signal === undefined ? {} : { signal: watch.signal });
    if (answer === 'deadlock') return mutex;
    if (answer === 'acquired') {
      held.push(mutex);
      watch.taken?.(mutex);
    }
  }
  return null;
}

export function unlockAll(context: WwContext, held: WwMutex[], watch: Watch = {}): void {
  for (const mutex of held.splice(0).toReversed()) {
    watch.given?.(mutex);
    mutex.unlock(context);
  }
}

/** What a user is told to do: back off, take the contended one first, start again. */
export async function takeAll(context: WwContext, wanted: readonly WwMutex[], watch: Watch = {}): Promise<WwMutex[]> {
  const held: WwMutex[] = [];
  for (let contended = await attempt(context, wanted, held, watch); contended !== null; ) {
    watch.backsOff?.();
    unlockAll(context, held, watch);
    await watch.pause?.();
    assert.equal(await contended.lockSlow(context), 'acquired');
    held.push(contended);
    watch.taken?.(contended);
    contended = await attempt(context, wanted, held, watch);
  }
  return held;
}

export async function transaction(ww: WwClass, owner: Owner, wanted: readonly WwMutex[]): Promise<void> {
  const context = ww.begin(owner);
  const held = await takeAll(context, wanted);
  context.done();
  unlockAll(context, held);
  context.end();
}

/** A context that holds `b` and was told 'deadlock' at `a`, which an older context holds. */
export async function deadlocked(options: LockdepOptions = {}): Promise<World & { old: WwContext; young: WwContext }> {
  const world = worldOf('wait-die', options);
  const { ww, p, q, a, b } = world;
  const [old, young] = [ww.begin(p), ww.begin(q)];
  await a.lock(old);
  await b.lock(young);
  assert.equal(await a.lock(young), 'deadlock');
  return { ...world, old, young };
}
