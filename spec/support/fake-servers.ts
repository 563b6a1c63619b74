/**
 * Programs that do as much of PostgreSQL, Redis and MariaDB as it takes to be started and asked: none of them is needed on
 * the machine that runs the specs.
 */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** What each program does. `crash` ends it, from a client that says so; each leaves a mark with its process id. */
const PROGRAM = `
const { mkdirSync, writeFileSync } = require('node:fs');
const { createServer } = require('node:net');
const path = require('node:path');

const name = path.basename(process.argv[1]);
const args = process.argv.slice(2);
const behind = (word) => args[args.indexOf(word) + 1];
const data = args.find((arg) => arg.startsWith('--datadir='))?.slice('--datadir='.length);
const greetings = {
  postgres: () => Buffer.from('R\\0\\0\\0\\x08\\0\\0\\0\\0Z\\0\\0\\0\\x05I', 'latin1'),
  'redis-server': () => '+PONG\\r\\n',
  mariadbd: () => Buffer.from([1, 0, 0, 0, 10]),
};

writeFileSync(path.join(MARKS, name + '-' + process.pid), '');
if (HOW === 'fails') {
  console.log('first line\\nno room left');
  process.exit(3);
}
if (HOW === 'never ends') {
  process.on('SIGTERM', () => {});
  process.on('SIGQUIT', () => {});
}
if (name === 'initdb') mkdirSync(behind('-D'));
else if (name === 'mariadb-install-db') mkdirSync(data);
else {
  const port = Number(args.find((arg) => arg.startsWith('--port='))?.slice('--port='.length) ?? behind(name === 'postgres' ? '-p' : '--port'));
  const greet = greetings[name];
  createServer((socket) => {
    socket.on('error', () => {});
    if (name === 'mariadbd') socket.write(greet());
    socket.on('data', (said) => {
      if (String(said).includes('crash')) {
        console.log('what the server said last');
        process.exit(4);
      }
      if (name !== 'mariadbd') socket.write(greet());
    });
  }).listen(port, '127.0.0.1');
}
if (HOW === 'hangs') setInterval(() => {}, 1000);
`;

export const PROGRAMS = ['initdb', 'postgres', 'redis-server', 'mariadb-install-db', 'mariadbd'] as const;
export type Program = (typeof PROGRAMS)[number];
export type How = 'works' | 'fails' | 'hangs' | 'never ends';

/** A folder with the programs, and what became of them. Its maker removes it. */
export class FakeServers {
  readonly folder: string = mkdtempSync(path.join(tmpdir(), 'lockdep-fakes-'));
  readonly #marks = path.join(this.folder, 'marks');

  constructor(how: Partial<Record<Program, How | 'missing'>> = {}) {
    mkdirSync(this.#marks);
    // They may run as another user.
    chmodSync(this.folder, 0o755);
    chmodSync(this.#marks, 0o777);
    for (const name of PROGRAMS) {
      if (how[name] !== 'missing') {
        const known = `const MARKS = ${JSON.stringify(this.#marks)}, HOW = '${how[name] ?? 'works'}';`;
        writeFileSync(path.join(this.folder, name), `#!${process.execPath}\n${known}${PROGRAM}`, { mode: 0o755 });
      }
    }
  }

  /** Names of the programs that were run. */
  get run(): readonly string[] {
    return readdirSync(this.#marks)
      .map((mark) => mark.replace(/-\d+$/, ''))
      .sort();
  }

  /** Names of those that still run. */
  get running(): readonly string[] {
    return readdirSync(this.#marks).filter((mark) => isRunning(Number(/\d+$/.exec(mark)?.[0])));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
