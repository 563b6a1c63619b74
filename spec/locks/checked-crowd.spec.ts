/**
 * Any crowd of flows under a checker that ends deadlocks: it comes to an end, and whoever keeps an order is let alone.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DeadlockError, type Lockdep, Mutex, type RwLock } from '../../lib/index.ts';
import { broken, checkedWorld } from './suite/checked-world.ts';
import { idle, pause, randomFrom, upTo } from './suite/words.ts';

/** Which lock, and how. */
interface Step {
  readonly lock: number;
  readonly isWrite: boolean;
  readonly byRun: boolean;
}

type Locks = readonly [Mutex, Mutex, Mutex, RwLock];

const step: fc.Arbitrary<Step> = fc.record({ lock: fc.nat(3), isWrite: fc.boolean(), byRun: fc.boolean() });
const flow = fc.uniqueArray(step, { selector: ({ lock }) => lock, minLength: 1, maxLength: 4 });
const crowd = fc.array(flow, { minLength: 2, maxLength: 7 });

/** Turns of the event loop, more than any crowd needs. */
const PATIENCE = 300;

/** Takes the locks of the steps, each while those before are held. */
async function nest(locks: Locks, [first, ...rest]: readonly Step[], random: () => number): Promise<void> {
  if (first === undefined) {
    await pause(random);
    return;
  }
  await pause(random);
  const inner = (): Promise<void> => nest(locks, rest, random);
  const lock = locks[first.lock] as Mutex | RwLock;
  const { isWrite } = first;
  if (first.byRun) {
    await ('read' in lock ? (isWrite ? lock.runWrite(inner) : lock.runRead(inner)) : lock.run(inner));
    return;
  }
  using _guard = await ('read' in lock ? (isWrite ? lock.write() : lock.read()) : lock.acquire());
  await inner();
}

interface End {
  readonly ld: Lockdep;
  readonly deadlocks: number;
}

/** @throws if they do not come to an end, or leave something locked */
async function play(flows: readonly (readonly Step[])[], seed: number): Promise<End> {
  const { ld, a, b, c, rw } = checkedWorld({ onDeadlock: 'reject' });
  const random = randomFrom(seed);
  let deadlocks = 0;
  let open = flows.length;
  for (const steps of flows) {
    nest([a, b, c, rw], steps, random)
      .catch((error: unknown) => {
        assert.ok(error instanceof DeadlockError, String(error));
        deadlocks++;
      })
      .finally(() => open--);
  }
  for (let turn = 0; turn < PATIENCE && open > 0; turn++) {
    await idle();
  }
  assert.equal(open, 0, `${open} wait for ever; told: ${broken(ld).join(', ')}`);
  assert.deepEqual(
    [a, b, c].map((lock) => lock.isLocked || lock.waiting > 0),
    [false, false, false],
  );
  assert.deepEqual([rw.readers, rw.isWriteLocked, rw.waiting], [0, false, 0]);
  assert.equal(ld.failure, null);
  return { ld, deadlocks };
}

it('comes to an end, whatever it takes in whichever order', async () => {
  let deadlocks = 0;
  await fc.assert(
    fc.asyncProperty(crowd, fc.integer(), async (flows, seed) => {
      const end = await play(flows, seed);
      deadlocks += end.deadlocks;
      assert.equal(end.deadlocks > 0, broken(end.ld).includes('deadlock'));
    }),
    { numRuns: 150 },
  );
  expect(deadlocks).toBeGreaterThan(5);
});

it('is let alone where everybody keeps one order', async () => {
  await fc.assert(
    fc.asyncProperty(crowd, fc.integer(), async (flows, seed) => {
      const sorted = flows.map((steps) => steps.toSorted((one, other) => one.lock - other.lock));
      const { ld, deadlocks } = await play(sorted, seed);
      assert.deepEqual([deadlocks, broken(ld)], [0, []]);
    }),
    { numRuns: 150 },
  );
});

it('costs no more to look at than it should: 120 who hold a lock each and want the same one', async () => {
  const { ld, rw } = checkedWorld();
  await Promise.all(
    upTo(120).map(async (id) => {
      using _own = await new Mutex('own', { lockdep: ld }).acquire();
      await (id % 4 === 0 ? rw.runWrite(idle) : rw.runRead(idle));
    }),
  );
  expect(broken(ld)).toEqual([]);
}, 1_500);
