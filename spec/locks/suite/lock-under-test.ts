/**
 * What the suite asks of a lock, whoever made it: one of ours in each of its forms, or one of a library, plain or watched.
 */

export interface WaitOptions {
  /** Milliseconds. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
  /** @default 1 */
  readonly units?: number;
}

/** What was taken. */
export interface Holding {
  release(): void;
}

export interface LockUnderTest {
  readonly name: string;
  acquire(options?: WaitOptions): Promise<Holding>;
  /** @throws where the subject has none */
  tryAcquire(options?: Pick<WaitOptions, 'units'>): Holding | null;
  run<Result>(work: () => Result | PromiseLike<Result>, options?: WaitOptions): Promise<Result>;
  /** How many wait, where the lock says so. */
  readonly waiting: number;
}

/**
 * What not every lock can do. `late signals`: one that fires in the step of the grant comes too late. `direct hand-over`: who is next has the lock when `release()` returns. `synchronous grant`: a free lock is taken when
 * `acquire()` returns. `synchronous work`: that of `run()` begins before it returns. `guards`: what was taken is an object of this package.
 */
export type Feature =
  | 'timeouts'
  | 'signals'
  | 'tryAcquire'
  | 'units'
  | 'direct hand-over'
  | 'synchronous grant'
  | 'synchronous work'
  | 'guards'
  | 'waiting'
  | 'argument checks'
  | 'second release'
  | 'thenables'
  | 'late signals';

export interface Subject {
  readonly name: string;
  /** How many may hold one unit each at the same time. */
  readonly capacity: number;
  make(): LockUnderTest;
  /** What it cannot do, each with the reason. */
  readonly skips: Readonly<Partial<Record<Feature, string>>>;
}

/** Tests of what not every lock can do: where it cannot, the report says why. */
export function feature(subject: Subject, name: Feature, tests: () => void): void {
  const reason = subject.skips[name];
  if (reason === undefined) {
    describe(name, tests);
  } else {
    it.skip(`${name}: ${reason}`, () => {});
  }
}

/** Takes all units that there are, one by one. */
export async function fill(subject: Subject, lock: LockUnderTest): Promise<Holding[]> {
  const taken: Holding[] = [];
  while (taken.length < subject.capacity) {
    taken.push(await lock.acquire());
  }
  return taken;
}
