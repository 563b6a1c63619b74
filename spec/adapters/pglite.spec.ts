// PGlite in the process of the spec, unwatched and watched: nothing is different for the program.
import type { Exports } from '../../lib/adapters/adapter.ts';
import { LibraryWatcher } from '../../lib/adapters/library-watcher.ts';
import { pglite } from '../../lib/adapters/pglite.ts';
import { createLockdep, type Lockdep } from '../../lib/lockdep.ts';
import { FlowTracker } from '../../lib/owner/tracker.ts';

/** A stand-in with as much of the library as the adapter touches: the real one imports modules dynamically, which jest refuses. The programs run that. */
function freshClass(): new () => Database {
  class Queue {
    #last: Promise<unknown> = Promise.resolve();
    runExclusive(work: () => Promise<unknown>): Promise<unknown> {
      const result = this.#last.then(work);
      this.#last = result.catch(() => {});
      return result;
    }
  }
  abstract class Base {
    abstract _runExclusiveQuery(work: () => Promise<unknown>): Promise<unknown>;
    abstract _runExclusiveTransaction(work: () => Promise<unknown>): Promise<unknown>;
    declare isClosed?: boolean;
    async _checkReady(): Promise<void> {
      if (this.isClosed) throw new Error('closed');
    }
    async query(text: string): Promise<unknown> {
      await this._checkReady();
      return await this._runExclusiveTransaction(() => this.#run(text));
    }
    async transaction(work: (tx: Transaction) => Promise<unknown>): Promise<unknown> {
      await this._checkReady();
      return await this._runExclusiveTransaction(async () => await work({ query: (text) => this.#run(text) }));
    }
    async describeQuery(text: string): Promise<unknown> {
      return text;
    }
    async runExclusive(work: () => Promise<unknown>): Promise<unknown> {
      return await this._runExclusiveQuery(work);
    }
    async #run(text: string): Promise<unknown> {
      return await this._runExclusiveQuery(async () => {
        if (text === 'wrong') throw new Error(text);
        return text;
      });
    }
  }
  return class PGlite extends Base {
    readonly #queries = new Queue();
    readonly #transactions = new Queue();
    static async create(): Promise<PGlite> {
      const made = new PGlite();
      await made._initArrayTypes();
      return made;
    }
    async _initArrayTypes(): Promise<void> {
      await this.query('types');
    }
    _runExclusiveQuery(work: () => Promise<unknown>): Promise<unknown> {
      return this.#queries.runExclusive(work);
    }
    _runExclusiveTransaction(work: () => Promise<unknown>): Promise<unknown> {
      return this.#transactions.runExclusive(work);
    }
  } as unknown as new () => Database;
}

interface Transaction {
  query(text: string): Promise<unknown>;
}
interface Database extends Transaction {
  isClosed?: boolean;
  describeQuery(text: string): Promise<unknown>;
  transaction(work: (tx: Transaction) => Promise<unknown>): Promise<unknown>;
  runExclusive(work: () => Promise<unknown>): Promise<unknown>;
}
type DatabaseClass = (new () => Database) & { create(): Promise<Database> };

const trackers: FlowTracker[] = [];

function watched(): { PGlite: DatabaseClass; lockdep: Lockdep; watcher: LibraryWatcher; original: unknown } {
  const original = freshClass();
  const lockdep = createLockdep({ sites: 'all' });
  const tracker = new FlowTracker(lockdep);
  trackers.push(tracker);
  expect(tracker.start()).toBe(true);
  const watcher = new LibraryWatcher(lockdep, tracker, { origin: ({ below, kind }) => lockdep.origin(below, kind) });
  const exports = pglite.watch({ PGlite: original } as Exports, watcher) as { PGlite: DatabaseClass };
  return { ...exports, lockdep, watcher, original };
}

afterEach(() => {
  for (const tracker of trackers.splice(0)) {
    tracker.stop();
  }
});

const found = (lockdep: Lockdep): string[] => lockdep.violations.map(({ rule }) => rule);
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function noticed(PGlite: new () => Database): Promise<unknown[]> {
  const log: unknown[] = [];
  const db = new PGlite();
  void db
    .transaction(async (tx) => {
      log.push(await tx.query('first'));
      return 'over';
    })
    .then((value) => log.push(value));
  void db.query('second').then((value) => log.push(value));
  void db.query('wrong').catch((error) => log.push((error as Error).message));
  for (let turn = 0; turn < 40; turn++) {
    await Promise.resolve();
    log.push(turn);
  }
  log.push(await db.runExclusive(async () => 'alone'));
  log.push(await db.transaction(async () => Promise.reject(new Error('rolled back'))).catch((error) => error.message));
  return log;
}

it('gives the program the same, in the same turn', async () => {
  const alone = await noticed(freshClass());
  const { PGlite, lockdep } = watched();
  expect(await noticed(PGlite)).toEqual(alone);
  expect(alone).toEqual(expect.arrayContaining(['first', 'over', 'second', 'wrong', 'alone', 'rolled back']));
  expect(found(lockdep)).toEqual([]);
});

it('looks the same', () => {
  const { PGlite, original } = watched();
  const db = new PGlite();
  expect(db).toBeInstanceOf(original);
  expect(db.constructor).toBe(PGlite);
  expect(Reflect.ownKeys(db)).toEqual([]);
  expect([PGlite.name, PGlite.create.name, db.query.name, db.query.length]).toEqual(['PGlite', 'create', 'query', 1]);
});

it.each(['new', 'create'] as const)('finds the handle inside of its own transaction (%s)', async (how) => {
  const { PGlite, lockdep } = watched();
  const db = how === 'new' ? new PGlite() : await PGlite.create();
  void db.transaction(async () => await db.query('inside'));
  for (let turn = 0; turn < 20; turn++) await tick();
  expect(found(lockdep)).toContain('recursion');
});

it('finds nothing in transactions of two flows', async () => {
  const { PGlite, lockdep } = watched();
  const db = await PGlite.create();
  const work = (name: string): Promise<unknown> => db.transaction(async (tx) => await tx.query(name));
  expect(await Promise.all([work('a'), db.query('b'), work('c')])).toEqual(['a', 'b', 'c']);
  expect(found(lockdep)).toEqual([]);
});

it('knows a database that is handed over, and nothing else', async () => {
  const { watcher, lockdep } = watched();
  const db = new (freshClass())();
  expect(watcher.naming('by hand', undefined, () => pglite.adopt?.(db, watcher))).toBe(db);
  void db.transaction(async () => await db.query('inside'));
  for (let turn = 0; turn < 20; turn++) await tick();
  expect(found(lockdep)).toContain('recursion');
  for (const other of [{}, [], () => {}, Object.freeze({ query() {} })]) {
    expect(pglite.adopt?.(other, watcher)).toBeUndefined();
  }
});

it('says nothing of a call that never comes to its turn', async () => {
  const { PGlite, lockdep } = watched();
  const db = new PGlite();
  const closed = new PGlite();
  closed.isClosed = true;
  const work = (): Promise<unknown> =>
    db.transaction(async () => await closed.query('x').catch((error) => error.message));
  expect([await work(), await work()]).toEqual(['closed', 'closed']);
  expect(lockdep.violations).toEqual([]);
  expect(lockdep.snapshot().dependencies).toEqual([]);
});

it('does not mix up calls that are on their way at once', async () => {
  const { PGlite, lockdep } = watched();
  const [one, other] = [new PGlite(), new PGlite()];
  const all = await Promise.all([
    one.query('a'),
    other.query('b'),
    one.query('c'),
    one.query('wrong').catch(() => 'd'),
  ]);
  expect(all).toEqual(['a', 'b', 'c', 'd']);
  await one.transaction(async () => await Promise.all([other.query('x'), other.query('y')]));
  expect(found(lockdep)).toEqual([]);
});

it('says nothing of a call that takes another way', async () => {
  const { PGlite, lockdep } = watched();
  const db = new PGlite();
  const other = new PGlite();
  await db.transaction(async () => await other.describeQuery('x'));
  expect(lockdep.snapshot().dependencies).toEqual([]);
  expect(found(lockdep)).toEqual([]);
});
