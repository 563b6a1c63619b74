/**
 * scripts/test-servers.mjs, with programs that are none of the servers but start and answer as they do.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { FakeServers, isRunning, PROGRAMS } from '../support/fake-servers.ts';

const SCRIPT = path.join(__dirname, '../../scripts/test-servers.mjs');

interface Run {
  readonly child: ChildProcess;
  readonly output: { out: string; errors: string };
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

let fakes: FakeServers;
let temporary: string;
let runs: Run[];

beforeEach(() => {
  temporary = mkdtempSync(path.join(tmpdir(), 'lockdep-script-'));
  // The servers may run as another user.
  chmodSync(temporary, 0o755);
  fakes = new FakeServers();
  runs = [];
});

afterEach(() => {
  for (const { child } of runs) child.kill('SIGKILL');
  fakes.remove();
  rmSync(temporary, { recursive: true, force: true });
});

/** Does something else than the servers do when they work. */
function replaceFakes(how: ConstructorParameters<typeof FakeServers>[0]): void {
  fakes.remove();
  fakes = new FakeServers(how);
}

function start(args: readonly string[]): Run {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn(process.execPath, [SCRIPT, ...args], {
    env: { ...env, LOCKDEP_SPEC_BINARIES: fakes.folder, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { out: '', errors: '' };
  child.stdout?.on('data', (data) => {
    output.out += data;
  });
  child.stderr?.on('data', (data) => {
    output.errors += data;
  });
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.on('close', (code, signal) => resolve(signal ?? code));
  });
  const run = { child, output, ended };
  runs.push(run);
  return run;
}

/** A program that the script is to run in place of jest. */
function command(source: string): readonly string[] {
  const file = path.join(temporary, 'command.mjs');
  writeFileSync(file, source);
  return ['--command', process.execPath, file];
}

async function until(isSo: () => boolean): Promise<void> {
  for (let waited = 0; !isSo(); waited += 20) {
    if (waited > 20_000) throw new Error('it never came to that');
    await pause(20);
  }
}

const folders = (): string[] => readdirSync(temporary).filter((name) => name.startsWith('lockdep-servers-'));
/** Prints its process id and stays. */
const STAYS = "console.log(process.pid); setInterval(() => {}, 1000); process.on('SIGINT', () => process.exit(0));";

function expectNothingLeft(): void {
  expect(fakes.running).toEqual([]);
  expect(folders()).toEqual([]);
}

describe('where a server is not there', () => {
  it('names the program and the Debian package on one line, and starts nothing', async () => {
    replaceFakes({ 'redis-server': 'missing' });
    const { output, ended } = start(command("console.log('ran')"));
    expect(await ended).toBe(2);
    expect(output.errors).toBe(
      'test-servers: not found: redis-server (Debian package redis-server); nothing was started. On Debian: apt-get install redis-server\n',
    );
    expect(output.out).toBe('');
    expect(fakes.run).toEqual([]);
  });

  it('names all that are not there', async () => {
    replaceFakes(Object.fromEntries(PROGRAMS.map((name) => [name, 'missing'])));
    const { output, ended } = start([]);
    expect(await ended).toBe(2);
    expect(output.errors.split('\n')).toHaveLength(2);
    expect(output.errors).toContain('initdb (Debian package postgresql), postgres (Debian package postgresql)');
    expect(output.errors).toMatch(/apt-get install postgresql redis-server mariadb-server\n$/);
  });

  it('says what a server wrote that does not start, and stops the others', async () => {
    replaceFakes({ mariadbd: 'fails' });
    const { output, ended } = start(command("console.log('ran')"));
    expect(await ended).toBe(2);
    expect(output.errors).toContain(
      'MariaDB does not answer (exit code 3). The end of its log:\nfirst line\nno room left',
    );
    expect(output.out).toBe('');
    expectNothingLeft();
  });

  it('says so where its data cannot be made', async () => {
    replaceFakes({ initdb: 'fails' });
    const { output, ended } = start([]);
    expect(await ended).toBe(2);
    expect(output.errors).toContain(
      'the data of PostgreSQL could not be made (exit code 3):\nfirst line\nno room left',
    );
    expect(fakes.run).not.toContain('postgres');
    expectNothingLeft();
  });
});

describe('with all servers', () => {
  it('says where they are, passes the exit code on, and leaves nothing behind', async () => {
    const { output, ended } = start(
      command(`
        const { LOCKDEP_SPEC_POSTGRES, LOCKDEP_SPEC_REDIS, LOCKDEP_SPEC_MYSQL } = process.env;
        console.log([LOCKDEP_SPEC_POSTGRES, LOCKDEP_SPEC_REDIS, LOCKDEP_SPEC_MYSQL].join(' '));
        process.exit(7);
      `),
    );
    expect(await ended).toBe(7);
    expect(output.out.replaceAll(/:\d{4,5}\b/g, ':PORT')).toBe(
      'postgres://lockdep@127.0.0.1:PORT/postgres redis://127.0.0.1:PORT mysql://lockdep:lockdep@127.0.0.1:PORT/lockdep\n',
    );
    expect(output.errors).toMatch(
      /^test-servers: PostgreSQL at 127.0.0.1:\d+, Redis at 127.0.0.1:\d+, MariaDB at 127.0.0.1:\d+, in \d+ ms\n$/,
    );
    expect(fakes.run).toEqual([...PROGRAMS].sort());
    expectNothingLeft();
  });

  it('runs jest with the arguments, on the specs that need servers and on no other', async () => {
    const { output, ended } = start(['--listTests']);
    expect(await ended).toBe(0);
    const files = output.out.trim().split('\n');
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => !file.includes('/spec/servers/'))).toEqual([]);
  });

  it('says so where the command cannot be run', async () => {
    const { output, ended } = start(['--command', path.join(temporary, 'nothing')]);
    expect(await ended).toBe(2);
    expect(output.errors).toContain('test-servers: cannot run ');
    expectNothingLeft();
  });

  it('ends, and says what a server wrote last, when one crashes', async () => {
    const { output, ended } = start(
      command(`
        import { connect } from 'node:net';
        connect(new URL(process.env.LOCKDEP_SPEC_REDIS).port, '127.0.0.1').on('error', () => {}).write('crash');
        setInterval(() => {}, 1000);
      `),
    );
    expect(await ended).toBe(2);
    expect(output.errors).toContain(
      'Redis ended while the specs ran (exit code 4). The end of its log:\nwhat the server said last',
    );
    expectNothingLeft();
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s ends the command, then the servers, then itself',
    async (signal) => {
      const { child, output, ended } = start(command(STAYS));
      await until(() => output.out.endsWith('\n'));
      child.kill(signal);
      expect(await ended).toBe(signal);
      expect(isRunning(Number(output.out))).toBe(false);
      expectNothingLeft();
    },
  );

  it('ends also where a signal comes while they start', async () => {
    replaceFakes({ initdb: 'hangs' });
    const { child, output, ended } = start(command(STAYS));
    await until(() => fakes.run.includes('initdb') && fakes.run.includes('mariadbd'));
    child.kill('SIGTERM');
    expect(await ended).toBe('SIGTERM');
    expect(output.out).toBe('');
    expectNothingLeft();
  });

  it('leaves nothing behind where it is killed and can do nothing any more', async () => {
    const { child, output, ended } = start(command(STAYS));
    await until(() => output.out.endsWith('\n'));
    child.kill('SIGKILL');
    await until(() => fakes.running.length === 0 && !isRunning(Number(output.out)));
    expect(await ended).toBe('SIGKILL');
    await until(() => folders().length === 0);
    expectNothingLeft();
  });

  it('kills a server that does not end when it is told to', async () => {
    replaceFakes({ postgres: 'never ends' });
    const { ended } = start(command(''));
    expect(await ended).toBe(0);
    expectNothingLeft();
  });
});
