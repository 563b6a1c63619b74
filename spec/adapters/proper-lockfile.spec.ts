// The adapter with the real library, alone and watched: nothing is different for the program, but that the promise of a lock settles
// one microtask later.
import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { properLockfile } from '../../lib/adapters/proper-lockfile.ts';
import { bothWays, freshCopy, startWatching } from '../support/libraries.ts';

type Release = (...args: unknown[]) => Promise<void>;
type ReleaseSync = (...args: unknown[]) => void;
interface Library {
  (file: unknown, options?: object): Promise<Release>;
  lock(file: unknown, options?: object): Promise<Release>;
  unlock(file: unknown, options?: object): Promise<void>;
  lockSync(file: unknown, options?: object): ReleaseSync;
  unlockSync(file: unknown, options?: object): void;
  check(file: unknown): Promise<boolean>;
}

let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'lockfile-')));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string): string {
  const made = path.join(folder, name);
  writeFileSync(made, '');
  return made;
}

const fresh = (): Library => freshCopy('spec/libraries/node_modules/proper-lockfile') as unknown as Library;
const play = (scene: (library: Library) => unknown): ReturnType<typeof bothWays> =>
  bothWays(properLockfile, fresh, scene);

const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code ?? String(error);
const failing = async (call: () => unknown): Promise<unknown> => {
  try {
    return await call();
  } catch (error) {
    return codeOf(error);
  }
};

it('looks the same', async () => {
  const { plain, watched } = await play((library) => {
    const { lock, unlock, lockSync, unlockSync, check } = library;
    return [lock, unlock, lockSync, unlockSync, check].map((one) => [one.name, one.length, typeof one]);
  });
  expect(watched).toEqual(plain);
});

it('gives the same results and errors', async () => {
  const { plain, watched, rules } = await play(async (library) => {
    const state = file('state.json');
    const release = await library.lock(state);
    const seen: unknown[] = [typeof release, release.length, release.name, await library.check(state)];
    seen.push(await failing(() => library.lock(state)), await failing(() => library.lockSync(state)));
    seen.push(await release());
    const sync = library.lockSync(state);
    seen.push(sync.length, sync.name, sync(), await library.check(state));
    library.lockSync(state);
    seen.push(library.unlockSync(state));
    await library.lock(state);
    seen.push(await library.unlock(state));
    seen.push(await failing(() => library.lock(path.join(folder, 'missing'))));
    seen.push(await failing(() => library.lockSync(state, { retries: 2 })));
    seen.push(await failing(() => library.lock(undefined)));
    return seen;
  });
  expect(watched).toEqual(plain);
  expect(rules).toEqual([]);
});

it('a second release fails as it does alone, and is told', async () => {
  const { plain, watched, rules } = await play(async (library) => {
    const state = file('state.json');
    const release = await library.lock(state);
    await release();
    const sync = library.lockSync(state);
    sync();
    return [
      await failing(() => release()),
      await failing(() => sync()),
      await failing(() => library.unlock(state)),
      await failing(() => library.unlockSync(state)),
    ];
  });
  expect(plain).toEqual(['ERELEASED', 'ERELEASED', 'ENOTACQUIRED', 'ENOTACQUIRED']);
  expect(watched).toEqual(plain);
  expect(new Set(rules)).toEqual(new Set(['bad-release']));
});

it('a link and the file are one lock; retries wait for it', async () => {
  const { plain, watched, rules } = await play(async (library) => {
    const state = file('state.json');
    const link = path.join(folder, `link-${Math.random()}`);
    symlinkSync(state, link);
    const held = await library.lock(state);
    const refused = await failing(() => library.lock(link, { retries: { retries: 2, minTimeout: 1, maxTimeout: 1 } }));
    await held();
    return refused;
  });
  expect(watched).toEqual(plain);
  expect(plain).toBe('ELOCKED');
  expect(rules).toEqual(['recursion']);
});

it('two files in both orders', async () => {
  const { rules } = await play(async (library) => {
    const [one, other] = [file('ledger.json'), file('index.json')];
    for (const [first, second] of [
      [one, other],
      [other, one],
    ] as const) {
      const outer = await library.lock(first, { retries: 1 });
      const inner = await library.lock(second, { retries: 1 });
      await inner();
      await outer();
    }
  });
  expect(rules).toEqual(['order-cycle']);
});

it('two files by the functions that do not wait have no order', async () => {
  const { rules } = await play((library) => {
    const [one, other] = [file('ledger.json'), file('index.json')];
    for (const [first, second] of [
      [one, other],
      [other, one],
    ] as const) {
      const outer = library.lockSync(first);
      library.lockSync(second)();
      outer();
    }
  });
  expect(rules).toEqual([]);
});

it('a lock that is compromised is told to the program, and held no more', async () => {
  const { plain, watched, rules } = await play(async (library) => {
    const state = file('state.json');
    let told: (error: unknown) => void = () => {};
    const compromised = new Promise((resolve) => (told = resolve));
    const options = { stale: 2_000, update: 1_000, onCompromised: (error: unknown) => told(error) };
    const release = await library.lock(state, options);
    rmSync(`${state}.lock`, { recursive: true });
    const keys = Object.keys(options);
    return [codeOf(await compromised), keys, await failing(() => release())];
  });
  expect(watched).toEqual(plain);
  expect(plain).toEqual(['ECOMPROMISED', ['stale', 'update', 'onCompromised'], 'ERELEASED']);
  expect(rules).toEqual([]);
});

it('the module is its own function `lock`', () => {
  const { watcher, stop } = startWatching();
  const library = fresh();
  const { default: whole, lock } = properLockfile.watch({ default: library, ...library } as never, watcher) ?? {};
  expect(lock).toBe(whole);
  stop();
});

it('a module without the functions is refused', () => {
  const { watcher, stop } = startWatching();
  expect(() => properLockfile.watch({}, watcher)).toThrow('proper-lockfile has not the functions');
  stop();
});
