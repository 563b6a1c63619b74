import path from 'node:path';
import * as api from '../../lib/index.ts';
import { AsyncLock } from '../../lib/locks/async-lock.ts';
import { itPrintsWhatIsShown } from '../support/snippets.ts';

const PAGE = path.resolve(__dirname, '../../docs/async-locks.md');

const LOCKS = [
  api.Mutex,
  api.RwLock,
  api.Semaphore,
  api.Once,
  api.KeyedMutex,
  api.Condition,
  api.Barrier,
  api.Latch,
] as const;

describe('the page on async locks', () => {
  const markdown = itPrintsWhatIsShown(PAGE);

  it.each(LOCKS.map((Lock) => [Lock.name, Lock.prototype as object] as const))('names all of %s', (name, prototype) => {
    const members = [prototype, AsyncLock.prototype].flatMap((at) => Object.getOwnPropertyNames(at));
    const inside = ['constructor', 'assertMode'];

    expect(markdown).toContain(name);
    expect(members.filter((member) => !inside.includes(member) && !markdown.includes(member))).toEqual([]);
  });

  // Those of locks between threads are named on their page.
  const ofThreads = ['CannotBlockError', 'LevelOrderError', 'NotHolderError', 'OwnedLockError', 'OwnerDiedError'];
  const own = (name: string): boolean => ![...ofThreads, 'RecursiveLockError'].includes(name);

  it.each(Object.keys(api).filter((name) => /Error$|^lockAll$/.test(name) && own(name)))('names %s', (name) => {
    expect(markdown).toContain(name);
  });
});
