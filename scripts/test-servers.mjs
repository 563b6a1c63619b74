// Runs the specs that need real servers: starts PostgreSQL, Redis and MariaDB on loopback, at free ports, with their data in a
// new temporary folder; tells the specs where they are; and passes on what jest says. No service of the machine is touched.
//
//   node scripts/test-servers.mjs [arguments of jest…]
//   node scripts/test-servers.mjs --command <program> [arguments…]    runs that in place of jest
//
// The specs find them in LOCKDEP_SPEC_POSTGRES, LOCKDEP_SPEC_REDIS and LOCKDEP_SPEC_MYSQL, each a URL.
// Exit code: that of jest; 2 where a server is not there, does not start or ends too early.
// All ways out stop the servers and remove their data, `kill -9` of this process too: see servers/keeper.mjs.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { findBinaries } from './servers/binaries.mjs';
import { Keeper } from './servers/keeper.mjs';
import { KINDS } from './servers/kinds.mjs';
import { startServer } from './servers/start.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CANNOT = 2;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** Time that jest has to end by itself when it is told to. */
const PATIENCE_MS = 10_000;

const say = (text) => process.stderr.write(`test-servers: ${text}\n`);

/** Fires with the first signal that tells this process to end. */
const told = new AbortController();
for (const signal of SIGNALS) process.on(signal, () => told.abort(signal));

process.exitCode = await main(process.argv.slice(2));
if (told.signal.aborted) {
  for (const signal of SIGNALS) process.removeAllListeners(signal);
  // As if nobody had listened: whoever started this sees the signal.
  process.kill(process.pid, told.signal.reason);
}

async function main(words) {
  const { binaries, missing } = findBinaries(KINDS);
  if (missing.length > 0) {
    const names = missing.map(({ file, aptPackage }) => `${file} (Debian package ${aptPackage})`);
    const packages = new Set(missing.map(({ aptPackage }) => aptPackage));
    say(`not found: ${names.join(', ')}; nothing was started. On Debian: apt-get install ${[...packages].join(' ')}`);
    return CANNOT;
  }
  let keeper;
  try {
    keeper = await Keeper.start();
    const servers = await untilTold(startAll(binaries, keeper));
    return await runWith(servers, { words, keeper });
  } catch (error) {
    if (!told.signal.aborted) say(error.message);
    return CANNOT;
  } finally {
    await keeper?.end();
  }
}

async function startAll(binaries, keeper) {
  const since = Date.now();
  const servers = await Promise.all(KINDS.map((kind) => startServer(kind, { binaries, keeper })));
  const where = servers.map(({ kind, port }) => `${kind.title} at 127.0.0.1:${port}`);
  say(`${where.join(', ')}, in ${Date.now() - since} ms`);
  return servers;
}

/** What is promised, unless a signal comes first. */
function untilTold(promise) {
  const { signal } = told;
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Error(`${signal.reason}`));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    promise.then(resolve, reject);
  });
}

/** Runs jest, or the command, with the servers. @returns its exit code */
async function runWith(servers, { words, keeper }) {
  const env = { ...process.env };
  for (const { kind, url } of servers) env[kind.variable] = url;
  const [program, ...args] = commandOf(words);
  const child = spawn(program, args, { cwd: ROOT, env, stdio: 'inherit' });
  keeper.alsoEnd(child.pid);
  const stop = (signal) => {
    child.kill(signal);
    setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS).unref();
  };
  let isOver = false;
  let hasCrashed = false;
  for (const server of servers) {
    void server.ended.then((how) => {
      if (!isOver && !hasCrashed) {
        hasCrashed = true;
        say(`${server.kind.title} ended while the specs ran (${how}). The end of its log:\n${server.logEnd()}`);
        stop('SIGTERM');
      }
    });
  }
  // From a terminal it has got the signal itself, and once more does no harm.
  told.signal.addEventListener('abort', () => stop(told.signal.reason));
  const code = await new Promise((resolve) => {
    child.on('error', (error) => {
      say(`cannot run ${program}: ${error.message}`);
      resolve(CANNOT);
    });
    child.on('exit', (own, signal) => resolve(own ?? 128 + (constants.signals[signal] ?? 0)));
  });
  isOver = true;
  keeper.alsoEnd(undefined);
  return hasCrashed ? CANNOT : code;
}

function commandOf(words) {
  const [first, ...rest] = words;
  if (first === '--command' && rest.length > 0) {
    return rest;
  }
  const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
  return [process.execPath, jest, '--config', 'jest.servers.config.ts', ...words];
}
