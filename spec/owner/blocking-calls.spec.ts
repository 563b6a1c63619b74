import childProcess from 'node:child_process';
import crypto from 'node:crypto';
import fs, { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { createLockdep, type Lockdep } from '../../lib/lockdep.ts';
import { Mutex } from '../../lib/locks/mutex.ts';
import type { LockdepOptions } from '../../lib/options.ts';
import { flowsOf } from '../../lib/owner/flows.ts';
import { Sources } from '../../lib/preload/source.ts';
import { nodeVersions } from '../support/nodes.ts';
import { ROOT, run } from '../support/run.ts';

const RULE = 'blocking-while-held';
const FOLDER = fs.mkdtempSync(path.join(tmpdir(), 'lockdep-blocking-'));
const FILE = path.join(FOLDER, 'file.txt');
const COPY = `${FOLDER}-copy`;
const MODULES = { fs, childProcess, crypto, zlib, Atomics };

let stops: (() => void)[] = [];

/** A checker that watches, and a lock of its own. */
function checked(options: LockdepOptions = {}): { lockdep: Lockdep; lock: Mutex } {
  const lockdep = createLockdep({ rules: { [RULE]: 'warning' }, ...options });
  stops.push(() => {
    lockdep.configure({ rules: { [RULE]: 'off' } });
    flowsOf(lockdep).stop();
  });
  return { lockdep, lock: new Mutex('lock', { lockdep }) };
}

const CALL = / calls (.*), which /;
const callsOf = ({ violations }: Lockdep): unknown[] =>
  violations.filter(({ rule }) => rule === RULE).map(({ message }) => CALL.exec(message)?.[1]);
const countsOf = ({ violations }: Lockdep): number[] => violations.map(({ count }) => count);

const everything = (): [string, unknown][] =>
  Object.entries(MODULES).flatMap(([module, one]) =>
    Object.entries(Object.getOwnPropertyDescriptors(one)).map(([name, { value }]): [string, unknown] => [
      `${module}.${name}`,
      value,
    ]),
  );

// Loaded when it is read for the first time.
void fs.opendirSync;
const originals = new Map(everything());

/** The names of what is not as it was. */
const replaced = (): string[] =>
  everything().flatMap(([name, value]) => (Object.is(originals.get(name), value) ? [] : [name]));

fs.writeFileSync(FILE, 'text');

beforeEach(() => {
  stops = [];
});
afterEach(() => {
  for (const stop of stops) {
    stop();
  }
  expect(replaced()).toEqual([]);
});
afterAll(() => fs.rmSync(FOLDER, { recursive: true }));

describe('blocking calls', () => {
  it.each<[string, () => unknown]>([
    ['readFileSync', () => readFileSync(FILE)],
    ['existsSync', () => fs.existsSync(FILE)],
    ['realpathSync.native', () => fs.realpathSync.native(FILE)],
    ['opendirSync', () => fs.opendirSync(FOLDER).closeSync()],
    ['execSync', () => childProcess.execSync('exit 0')],
    ['execFileSync', () => childProcess.execFileSync(process.execPath, ['--version'])],
    ['spawnSync', () => childProcess.spawnSync(process.execPath, ['--version'])],
    ['pbkdf2Sync', () => crypto.pbkdf2Sync('a', 'b', 1, 8, 'sha256')],
    ['scryptSync', () => crypto.scryptSync('a', 'b', 8, { N: 2 })],
    ['hkdfSync', () => crypto.hkdfSync('sha256', 'a', 'b', 'c', 8)],
    ['generateKeyPairSync', () => crypto.generateKeyPairSync('ed25519')],
    ['generateKeySync', () => crypto.generateKeySync('hmac', { length: 64 })],
    ['generatePrimeSync', () => crypto.generatePrimeSync(8)],
    ['checkPrimeSync', () => crypto.checkPrimeSync(7n)],
    ['randomFillSync', () => crypto.randomFillSync(Buffer.alloc(2))],
    ['gzipSync', () => zlib.gzipSync('a')],
    ['brotliCompressSync', () => zlib.brotliCompressSync('a')],
    ['Atomics.wait', () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)],
  ])('reports %s where a lock is held, and there alone', async (call, work) => {
    const { lockdep, lock } = checked();
    work();
    await lockdep.task('outside', work);
    expect(lockdep.violations).toEqual([]);
    await lockdep.task('inside', () => lock.run(work));
    expect([callsOf(lockdep), countsOf(lockdep), lockdep.failure]).toEqual([[call], [1], null]);
  });

  it('says who, what is held, and the place of the call', async () => {
    const { lockdep, lock } = checked();
    const inner = new Mutex('inner', { lockdep });
    await lockdep.task('save', async () => {
      const [outer, guard] = [await lock.acquire(), await inner.acquire()];
      fs.statSync(FILE);
      guard.release();
      outer.release();
      fs.statSync(FILE);
    });
    const [found] = lockdep.violations;
    expect(found).toMatchObject({ rule: RULE, severity: 'warning', owner: 'save#1', count: 1 });
    expect(found?.message).toBe('save#1 calls statSync, which blocks the thread, while holding inner.');
    expect(found?.held.map(({ lock: { name } }) => name)).toEqual(['lock', 'inner']);
    expect(found?.sites[0]?.file).toBe(__filename);
  });

  it('does not blame a flow that holds nothing while another one does', async () => {
    const { lockdep, lock } = checked();
    let end = (): void => {};
    const holder = lock.run(() => new Promise<void>((resolve) => (end = resolve)));
    expect(lock.isLocked).toBe(true);
    await lockdep.task('other', async () => fs.statSync(FILE));
    end();
    await holder;
    expect(callsOf(lockdep)).toEqual([]);
  });

  it('hands on this, arguments, results and errors', async () => {
    const { lockdep, lock } = checked();
    const error = new RangeError('from the filter');
    await lock.run(() => {
      expect(fs.readFileSync(FILE, 'utf8')).toBe('text');
      expect(() => fs.readFileSync(path.join(FOLDER, 'none'))).toThrow(/^ENOENT: no such file/);
      expect(() => fs.readFileSync(null as never)).toThrow(/^The "path" argument must be/);
      const filter = (): boolean => {
        throw error;
      };
      expect(() => fs.cpSync(FOLDER, path.join(FOLDER, 'copy'), { recursive: true, filter })).toThrow(error);
      expect(() => Atomics.wait([] as never, 0, 0)).toThrow(TypeError);
    });
    expect(lockdep.failure).toBeNull();
  });

  it('leaves functions as they look', () => {
    const names = (one: object): string[] => Object.keys(one).filter((name) => name.endsWith('Sync'));
    const looks = (): unknown[] =>
      [fs, childProcess, crypto, zlib].flatMap((one) =>
        names(one).map((name) => {
          const { value, ...attributes } = Object.getOwnPropertyDescriptor(one, name) as PropertyDescriptor;
          const own = value === undefined ? null : Object.getOwnPropertyDescriptors(value);
          return [name, attributes, { ...own, native: undefined }, own !== null && 'native' in own];
        }),
      );
    const before = looks();
    const { readFileSync: original } = fs;
    checked();
    expect(fs.readFileSync).not.toBe(original);
    expect(looks()).toEqual(before);
  });

  it('is put in place once for all checkers, and tells each of its own locks', async () => {
    const [one, other] = [checked(), checked()];
    await one.lock.run(() => fs.statSync(FILE));
    await one.lock.run(() => other.lock.run(() => fs.lstatSync(FILE)));
    expect([callsOf(one.lockdep), callsOf(other.lockdep)]).toEqual([['statSync', 'lstatSync'], ['lstatSync']]);
  });

  it('is there only while a checker asks for it', async () => {
    const { statSync } = fs;
    const { lockdep, lock } = checked({ rules: {} });
    expect(fs.statSync).toBe(statSync);
    const [other] = [checked(), lockdep.configure({ rules: { [RULE]: 'error' } })];
    lockdep.configure({ rules: { [RULE]: 'off' } });
    expect(fs.statSync).not.toBe(statSync);
    await lock.run(() => fs.statSync(FILE));
    other.lockdep.configure({ rules: { [RULE]: 'off' } });
    expect([fs.statSync === statSync, callsOf(lockdep)]).toEqual([true, []]);
  });

  it('is there only while the flows of the checker are followed', () => {
    const { lockdep } = checked();
    expect(replaced()).toContain('Atomics.wait');
    flowsOf(lockdep).stop();
    lockdep.configure({ rules: { [RULE]: 'error' } });
    expect(replaced()).toEqual([]);
  });

  it('leaves what somebody else has put in its place, and tells once however often it is put there', async () => {
    const { lockdep, lock } = checked();
    const { statSync } = fs;
    const spy = jest.spyOn(fs, 'statSync');
    lockdep.configure({ rules: { [RULE]: 'off' } });
    expect(jest.isMockFunction(fs.statSync)).toBe(true);
    await lock.run(() => fs.statSync(FILE));
    expect([callsOf(lockdep), spy.mock.calls.length]).toEqual([[], 1]);
    lockdep.configure({ rules: { [RULE]: 'warning' } });
    await lock.run(() => fs.statSync(FILE));
    expect([callsOf(lockdep), countsOf(lockdep)]).toEqual([['statSync'], [1]]);
    lockdep.configure({ rules: { [RULE]: 'off' } });
    spy.mockRestore();
    expect(fs.statSync).toBe(statSync);
    Object.assign(fs, { statSync: originals.get('fs.statSync') });
  });
});

describe('who calls', () => {
  it('the functions of the runtime call each other, which is not reported', async () => {
    const { lockdep, lock } = checked();
    const seen: string[] = [];
    const filter = (file: string): boolean => seen.push(file) > 0;
    await lock.run(() => {
      fs.appendFileSync(FILE, '');
      fs.cpSync(FOLDER, COPY, { recursive: true, filter });
      fs.rmSync(COPY, { recursive: true });
    });
    expect([seen.length > 1, callsOf(lockdep)]).toEqual([true, ['appendFileSync', 'cpSync', 'rmSync']]);
  });

  it('what they call back is the program again', async () => {
    const { lockdep, lock } = checked();
    const filter = (file: string): boolean => fs.existsSync(file);
    await lock.run(() => fs.cpSync(FILE, path.join(FOLDER, 'copy.txt'), { filter }));
    expect(callsOf(lockdep)).toEqual(['cpSync', 'existsSync']);
  });

  it('the checker is not reported, nor what it calls back while it reports', async () => {
    const sources = new Sources();
    const { lockdep, lock } = checked({
      resolver: () => {
        fs.readFileSync(FILE);
        return null;
      },
      onViolation: () => fs.appendFileSync(FILE, ''),
    });
    await lock.run(() => expect(sources.line(__filename, 1)).toContain('import'));
    expect(lockdep.violations).toEqual([]);
    await lock.run(() => fs.statSync(FILE));
    expect([callsOf(lockdep), countsOf(lockdep)]).toEqual([['statSync'], [1]]);
  });

  it('a lock that calls what the program gave it is the program', async () => {
    const { lockdep, lock } = checked();
    await lock.run(fs.statSync.bind(fs, FILE) as () => unknown);
    expect(callsOf(lockdep)).toEqual(['statSync']);
  });
});

it('under the throw policy nothing is thrown into the call', async () => {
  const said = jest.spyOn(console, 'error').mockImplementation(() => {});
  const { lockdep, lock } = checked({ onViolation: 'throw', rules: { [RULE]: 'error' } });
  expect(await lock.run(() => fs.readFileSync(FILE, 'utf8'))).toBe('text');
  expect(callsOf(lockdep)).toEqual(['readFileSync']);
  expect(said.mock.calls).toEqual([[expect.stringMatching(/^lockdep: blocking-while-held: /)]]);
  said.mockRestore();
});

it('a frozen Error costs the frames, and nothing else', async () => {
  const { lockdep, lock } = checked();
  const limit = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit') as PropertyDescriptor;
  Object.defineProperty(Error, 'stackTraceLimit', { value: 5, writable: false });
  try {
    expect(await lock.run(() => fs.readFileSync(FILE, 'utf8'))).toBe('text');
  } finally {
    Object.defineProperty(Error, 'stackTraceLimit', limit);
  }
  expect([callsOf(lockdep), Error.stackTraceLimit]).toEqual([['readFileSync'], limit.value]);
});

/** Loads modules in every way under a lock; one of them by a loader of its own, which reads it, and one that reads at its top level. */
const PROGRAM = `
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
const require = createRequire(${JSON.stringify(path.join(ROOT, 'index.js'))});
const { createLockdep } = require('./lib/lockdep.ts');
const { Mutex } = require('./lib/locks/mutex.ts');
const { watchChildren } = require('./lib/preload/children.ts');

const lockdep = createLockdep({ rules: { '${RULE}': 'warning' } });
const plain = readFileSync;
const lock = new Mutex('lock', { lockdep });
const folder = process.argv[1];
Module._extensions['.own'] = (module, file) => module._compile(read(file), file);
const read = (file) => readFileSync(file, 'utf8');
writeFileSync(folder + '/late.own', 'module.exports = 1;');
writeFileSync(folder + '/late.cjs', 'module.exports = 2;');
writeFileSync(folder + '/late.mjs', 'export default 3;');
writeFileSync(folder + '/late.json', '4');
writeFileSync(folder + '/reads.cjs', 'require("node:fs").lstatSync(__filename); module.exports = 5;');

const values = await lockdep.task('load', () => lock.run(async () => [
  require(folder + '/late.own'), require(folder + '/late.cjs'), (await import(folder + '/late.mjs')).default,
  require(folder + '/late.json'),
]));
const quiet = lockdep.violations.length;
// Called at the top level of a module that a loader runs.
await lock.run(() => readFileSync(folder + '/late.json'));
await lock.run(() => require(folder + '/reads.cjs'));
watchChildren({ preload: folder + '/late.cjs', variables: {} });
await lock.run(() => execFileSync(process.execPath, ['--version']));
lockdep.configure({ rules: { '${RULE}': 'off' } });
const isPlain = readFileSync === plain;
console.log(JSON.stringify({ values, quiet, isPlain, found: lockdep.violations.map(({ message }) => ${CALL}.exec(message)[1]) }));
`;

describe.each(nodeVersions().map(({ version, path: node }) => [version, node] as const))('in Node %s', (_, node) => {
  it('ES modules see it, and what loaders do is not reported', async () => {
    const env = {
      TS_NODE_TRANSPILE_ONLY: 'true',
      TS_NODE_COMPILER_OPTIONS: JSON.stringify({ isolatedDeclarations: false, rootDir: ROOT }),
    };
    const args = ['--require', 'ts-node/register', '--input-type=module', '--eval', PROGRAM, FOLDER];
    const { stdout, stderr } = await run(args, { node, env });
    expect(stderr).toBe('');
    const found = ['readFileSync', 'lstatSync', 'execFileSync'];
    expect(JSON.parse(stdout)).toEqual({ values: [1, 2, 3, 4], quiet: 0, isPlain: true, found });
  });
});
