// Starts one server and waits until it answers.
import { spawn } from 'node:child_process';
import { chownSync, closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const PATIENCE_MS = 60_000;
const STEP_MS = 25;
/** Somebody else can take the port before the server does. */
const ATTEMPTS = 3;
const LOG_LINES = 20;

/**
 * @returns the server, once it answers
 * @throws Error with the end of its log, if it does not
 */
export async function startServer(kind, { binaries, keeper }) {
  const folder = path.join(keeper.folder, kind.title.toLowerCase());
  const { user } = keeper;
  mkdirSync(folder, { mode: 0o700 });
  if (kind.script !== undefined) writeFileSync(path.join(folder, 'script'), kind.script, { mode: 0o644 });
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  const run = (command) => new Running(command, { folder, keeper, name: kind.title });
  if (kind.prepare !== undefined) {
    const preparing = run(kind.prepare(binaries, folder));
    const how = await preparing.ended;
    if (how !== 'exit code 0') {
      throw new Error(`the data of ${kind.title} could not be made (${how}):\n${preparing.logEnd()}`);
    }
  }
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const server = run(kind.serve(binaries, folder, port));
    const how = await server.answers(() => kind.greets(port));
    if (how === undefined) {
      return Object.assign(server, { kind, port, url: kind.url(port) });
    }
    if (attempt === ATTEMPTS || keeper.isEnding) {
      throw new Error(`${kind.title} does not answer (${how}). The end of its log:\n${server.logEnd()}`);
    }
  }
}

/** A process of a server, in a group of its own: a Ctrl-C at the terminal does not reach it. */
class Running {
  #log;
  #how;

  constructor([program, args], { folder, keeper, name }) {
    if (keeper.isEnding) {
      throw new Error(`${name} is not started any more`);
    }
    this.#log = path.join(folder, 'log');
    const log = openSync(this.#log, 'a', 0o644);
    // The folder of the caller may be closed to the user that it runs as.
    const child = spawn(program, args, { ...keeper.user, cwd: folder, stdio: ['ignore', log, log], detached: true });
    closeSync(log);
    if (child.pid !== undefined) keeper.add(child.pid);
    this.ended = new Promise((resolve) => {
      const over = (how) => {
        this.#how = how;
        resolve(how);
      };
      child.on('error', (error) => over(`${name} cannot be run: ${error.message}`));
      child.on('exit', (code, signal) => {
        keeper.remove(child.pid);
        over(signal === null ? `exit code ${code}` : `signal ${signal}`);
      });
    });
  }

  /** @returns nothing as soon as it answers, else why it does not */
  async answers(greets) {
    const deadline = Date.now() + PATIENCE_MS;
    while (this.#how === undefined) {
      if ((await greets()) && this.#how === undefined) {
        return undefined;
      }
      if (Date.now() > deadline) {
        return `no answer in ${PATIENCE_MS / 1000} s`;
      }
      await pause(STEP_MS);
    }
    return this.#how;
  }

  /** The last lines that it wrote. */
  logEnd() {
    return readFileSync(this.#log, 'utf8').trimEnd().split('\n').slice(-LOG_LINES).join('\n');
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
