// Stops the servers and removes their data. That is done by a process of its own, which waits for the end of what it reads: so
// it is done on every way out of the one that started them, also where that is killed and can do nothing any more.
//
// It reads lines: `add <pid>` and `remove <pid>` of a process group; `also <pid>` of one more process to end where the writer
// was killed, `also 0` for none; `end` where the writer ends by itself.
import { spawn } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { serverUser } from './user.mjs';

const SELF = fileURLToPath(import.meta.url);
const IGNORED = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const STEP_MS = 20;
const PATIENCE_MS = 5000;

/** The side of the one that starts servers. */
export class Keeper {
  /** Whom the servers run as. */
  user = serverUser();
  /** Where everything of them lies. */
  folder = mkdtempSync(path.join(tmpdir(), 'lockdep-servers-'));
  /** True once no server may be started any more. */
  isEnding = false;
  #groups = new Set();
  #process;
  #gone;

  static async start() {
    const keeper = new Keeper();
    await new Promise((resolve, reject) => {
      keeper.#process.on('error', reject);
      keeper.#process.on('spawn', resolve);
    });
    return keeper;
  }

  constructor() {
    const { uid, gid } = this.user;
    if (uid !== undefined) chownSync(this.folder, uid, gid);
    const stdio = ['pipe', 'ignore', 'inherit'];
    this.#process = spawn(process.execPath, [SELF, this.folder], { detached: true, stdio });
    this.#gone = new Promise((resolve) => this.#process.on('exit', resolve));
    // It is gone where somebody killed it: `end` sees to that.
    this.#process.stdin.on('error', () => {});
  }

  add(pid) {
    this.#groups.add(pid);
    this.#tell(`add ${pid}`);
  }

  remove(pid) {
    this.#groups.delete(pid);
    this.#tell(`remove ${pid}`);
  }

  alsoEnd(pid) {
    this.#tell(`also ${pid ?? 0}`);
  }

  /** Stops everything, and waits until that is done. */
  async end() {
    this.isEnding = true;
    this.#tell('end');
    this.#process.stdin.end();
    await this.#gone;
    await clear(this.#groups, this.folder);
  }

  #tell(line) {
    this.#process.stdin.write(`${line}\n`);
  }
}

/** The side of the process that waits. */
async function keep(folder) {
  for (const signal of IGNORED) process.on(signal, () => {});
  const groups = new Set();
  let also = 0;
  for await (const line of createInterface({ input: process.stdin })) {
    const [word, text] = line.split(' ');
    const pid = Number(text);
    if (word === 'add') groups.add(pid);
    if (word === 'remove') groups.delete(pid);
    if (word === 'also') also = pid;
    if (word === 'end') also = 0;
  }
  if (also > 0) send(also, 'SIGKILL');
  await clear(groups, folder);
}

/** Nothing has to be written down before the end: the data are thrown away. */
async function clear(pids, folder) {
  const groups = [...pids].map((pid) => -pid);
  for (const group of groups) {
    // The first one ends PostgreSQL at once, and others do not know it.
    send(group, 'SIGQUIT');
    send(group, 'SIGTERM');
  }
  for (let waited = 0; waited < PATIENCE_MS && groups.some((group) => send(group, 0)); waited += STEP_MS) {
    await pause(STEP_MS);
  }
  for (const group of groups) send(group, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
}

/** @returns false where there is nobody any more */
function send(pid, signal) {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

const [, started, folder] = process.argv;
if (started === SELF && folder !== undefined) await keep(folder);
