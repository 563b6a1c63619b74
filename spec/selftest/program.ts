/**
 * Small programs of lock events: what they are made of, and how they are run. A program is a list of events; each event
 * gives back what it takes unless it is the defect itself, so that events can come in any order and from any owner.
 */
import type { AcquireOptions, Lock, Lockdep, LockOptions, Mode, Owner } from '../../lib/index.ts';

/** What a lock is, and whether it is taken as a writer or as a reader. */
export interface How {
  readonly label: string;
  readonly kind: string;
  readonly mode: Mode;
  /** Properties of the class, such as that its readers are recursive everywhere. */
  readonly options: LockOptions;
}

/** Who runs an event, and the locks that there are. */
export interface Cpu {
  readonly ld: Lockdep;
  readonly owner: Owner;
  /** The lock of this kind and name; `X1` and `X2` are two instances of the class `X`. */
  lock(how: How, name: string): Lock;
}

export type Step = (cpu: Cpu) => void;

/** Runs events on a checker: all by one owner, or each by its own. */
export type Cast = 'one cpu' | 'a cpu for each event';

export function run(ld: Lockdep, events: readonly Step[], cast: Cast): void {
  const known = new Map<string, Lock>();
  const lock = (how: How, name: string): Lock => {
    const key = `${how.kind} ${name}`;
    const found = known.get(key) ?? ld.lock(`${how.kind} ${name.charAt(0)}`, { ...how.options, kind: how.kind });
    known.set(key, found);
    return found;
  };
  for (const [at, event] of events.entries()) {
    event({ ld, owner: ld.owner(cast === 'one cpu' ? 'cpu' : `cpu${at}`), lock });
  }
}

export const all =
  (...steps: readonly Step[]): Step =>
  (cpu) => {
    for (const step of steps) step(cpu);
  };

export const take =
  (how: How, name: string, options: AcquireOptions = {}): Step =>
  ({ owner, lock }) =>
    owner.acquire(lock(how, name), { mode: how.mode, ...options });

/** Takes the lock without waiting, and gets it. */
export const tryTake = (how: How, name: string): Step => take(how, name, { try: true });

/** Takes the lock under a guard that makes its order among its like irrelevant. */
export const takeUnder =
  (how: How, name: string, [guard, guardName]: readonly [How, string]): Step =>
  (cpu) =>
    take(how, name, { nest: cpu.lock(guard, guardName) })(cpu);

export const give =
  (how: How, name: string): Step =>
  ({ owner, lock }) =>
    owner.release(lock(how, name));

export const init =
  (how: How, name: string): Step =>
  ({ ld, owner, lock }) =>
    ld.init(lock(how, name), owner);

/** Takes the lock and gives it back. */
export const use = (how: How, name: string): Step => all(take(how, name), give(how, name));

/** Takes the first lock, then the second, and gives both back. */
export const pair = (outer: readonly [How, string], inner: readonly [How, string]): Step =>
  all(take(...outer), use(...inner), give(...outer));

/** All orders of the numbers from 0 up to `count`. */
export function orders(count: number): number[][] {
  if (count === 0) return [[]];
  const smaller = orders(count - 1);
  return smaller.flatMap((order) =>
    Array.from({ length: count }, (_, at) => order.toSpliced(count - 1 - at, 0, count - 1)),
  );
}

/** The events in this order. */
export function inOrder(events: readonly Step[], order: readonly number[]): Step[] {
  return order.flatMap((at) => events[at] ?? []);
}

/** How the kernel's self-test names an order: `231` for the second, the third, the first. */
export const orderName = (order: readonly number[]): string => order.map((at) => at + 1).join('');
