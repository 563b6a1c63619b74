// What a project says of itself in its package.json.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readConfig } from '../../lib/preload/config.ts';
import { lockdepRun, type RunResult } from '../support/run.ts';

let project: string;
beforeEach(() => {
  project = mkdtempSync(path.join(tmpdir(), 'lockdep-config-'));
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

function write(name: string, content: unknown): void {
  const file = path.join(project, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
}

describe('the settings of a project', () => {
  it('are those by default where it says nothing', () => {
    expect(readConfig(project)).toEqual({ adapters: [], keys: [], budgets: {} });
    write('package.json', { name: 'app' });
    expect(readConfig(project)).toEqual({ adapters: [], keys: [], budgets: {} });
    write('package.json', '{ broken');
    expect(readConfig(project)).toEqual({ adapters: [], keys: [], budgets: {} });
  });

  it('are read as they are written', () => {
    write('package.json', {
      lockdep: {
        adapters: ['./own.cjs'],
        budgets: { ledger: { maxHoldMs: 5 } },
        keys: ['account:*', { pattern: 'user:*', sorted: true }],
      },
    });
    expect(readConfig(project)).toEqual({
      adapters: ['./own.cjs'],
      budgets: { ledger: { maxHoldMs: 5 } },
      keys: [
        { pattern: 'account:*', sorted: false },
        { pattern: 'user:*', sorted: true },
      ],
    });
  });

  it.each([
    [[], 'package.json: lockdep: expected an object, got'],
    ['on', "package.json: lockdep: expected an object, got 'on'"],
    [{ key: [] }, "package.json: lockdep: there is no setting 'key'; there are adapters, keys, budgets"],
    [{ budgets: 5 }, 'package.json: lockdep.budgets: expected an object, got 5'],
    [
      { budgets: { ledger: 5 } },
      "package.json: lockdep.budgets: expected { maxHoldMs: milliseconds } for 'ledger', got 5",
    ],
    [{ keys: 'account:*' }, "package.json: lockdep.keys: expected a list, got 'account:*'"],
    [{ keys: [''] }, 'package.json: lockdep.keys: expected patterns'],
    [{ keys: [null] }, 'package.json: lockdep.keys: expected patterns'],
    [{ keys: [{ pattern: 'a', sorted: 'yes' }] }, 'package.json: lockdep.keys: expected patterns'],
    [{ adapters: [7] }, 'package.json: lockdep.adapters: expected paths or names of packages, got 7'],
  ])('that are wrong are refused: %j', async (lockdep, message) => {
    write('package.json', { lockdep });
    expect(() => readConfig(project)).toThrow(TypeError);
    const { code, stdout, stderr } = await lockdepRun(['--', 'node', '-e', 'console.log("ran")'], { cwd: project });
    expect(stderr).toContain(`lockdep: ${message}`);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

const LIBRARY = `
exports.Door = class Door {
  #tail = Promise.resolve();
  enter() {
    const before = this.#tail;
    let leave;
    this.#tail = new Promise((done) => { leave = done; });
    return before.then(() => leave);
  }
};
`;

const ADAPTER = (lockdep: string): string => `
const { defineAdapter, replaceMethod, watchConstructor } = require(${JSON.stringify(lockdep)});
exports.doors = defineAdapter({
  name: 'doors',
  versions: { from: '1.0.0', below: '2.0.0' },
  watch({ Door }, watcher) {
    watcher.once(Door.prototype, () => {
      replaceMethod(Door.prototype, 'enter', (original) => function enter(...args) {
        const lock = watcher.lockOf(this);
        if (lock === undefined) {
          return original.apply(this, args);
        }
        const request = watcher.request(lock, { below: enter });
        return request.grantedBy(original.apply(this, args).then((leave) => () => {
          request.released();
          leave();
        }));
      });
    });
    return { Door: watchConstructor(Door, (door, _, from) => watcher.know(door, { kind: 'mutex', ...from })) };
  },
});
`;

const PROGRAM = `
const { Door } = require('doors');
const front = new Door();
const back = new Door();
const both = async (one, other) => {
  const leaveOne = await one.enter();
  const leaveOther = await other.enter();
  leaveOther();
  leaveOne();
};
void both(front, back).then(() => both(back, front)).then(() => console.log('done'));
`;

describe("a project's own adapter", () => {
  const start = (): Promise<RunResult> => lockdepRun(['--', 'node', 'main.cjs'], { cwd: project });
  beforeEach(() => {
    write('node_modules/doors/package.json', { name: 'doors', version: '1.2.3', main: 'index.js' });
    write('node_modules/doors/index.js', LIBRARY);
    write('main.cjs', PROGRAM);
  });

  it('watches what it says', async () => {
    write('package.json', { lockdep: { adapters: ['./own.cjs'] } });
    write('own.cjs', ADAPTER(path.resolve(__dirname, '../../dist/cjs/adapter.js')));
    const { code, stdout, stderr } = await start();
    expect(stdout).toBe('done\n');
    expect(stderr).toMatch(/order-cycle +back → front → back/);
    expect(stderr).toMatch(/watched {2}doors 1\.2\.3 · 2 locks/);
    expect(code).toBe(1);
  });

  it.each([
    ['is not there', undefined, /lockdep: adapter \.\/own\.cjs: Cannot find module/],
    ['exports none', 'exports.doors = {};', /lockdep: \.\/own\.cjs exports no adapter: make one by defineAdapter\(\)/],
    ['fails', 'throw new Error("broken\\n  in two lines");', /lockdep: adapter \.\/own\.cjs: broken in two lines/],
  ])('that %s is refused', async (_, text, message) => {
    write('package.json', { lockdep: { adapters: ['./own.cjs'] } });
    if (text !== undefined) {
      write('own.cjs', text);
    }
    const { code, stdout, stderr } = await start();
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('that fails leaves the library alone, and the run is no clean one', async () => {
    write('package.json', { lockdep: { adapters: ['./own.cjs'] } });
    write(
      'own.cjs',
      `exports.a = { name: 'doors', versions: { from: '1.0.0', below: '2.0.0' }, watch() { throw new Error('no'); } };`,
    );
    const { code, stdout, stderr } = await start();
    expect(stdout).toBe('done\n');
    expect(stderr).toMatch(/lockdep: doors 1\.2\.3 is not watched: Error: no/);
    expect(stderr).toMatch(/\? could not check · the locks of doors 1\.2\.3 were not watched: its adapter failed/);
    expect(code).toBe(2);
  });
});
