/**
 * Runs the forms of one file, one after the other, and prints what each probe saw as JSON.
 *
 *   node --expose-gc harness.mjs <file>          runs its forms; LOCKDEP_ESM and LOCKDEP_CJS are the built package
 *   node harness.mjs --list <file> <file> …      prints the names of their forms
 *
 * A form is `{ name, run(t) }`. Its probes say which locks the running flow holds at that place.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

const FORM_LIMIT_MS = 8000;
const realSetTimeout = globalThis.setTimeout;

/** A turn of the event loop. */
export const tick = () => new Promise((done) => setImmediate(done));

export const sleep = (ms) => new Promise((done) => realSetTimeout(done, ms));

/** A promise and what settles it. */
export function deferred() {
  let resolve;
  let reject;
  const promise = new Promise((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

/** What a form gets. */
class Tools {
  tick = tick;
  sleep = sleep;
  deferred = deferred;
  probes = 0;
  wrong = [];
  #pkg;
  #prefix;
  #locks = [];

  constructor(pkg, number) {
    this.#pkg = pkg;
    this.#prefix = `form${number}/`;
    this.A = this.lock('A');
    this.B = this.lock('B');
    this.C = this.lock('C');
  }

  get pkg() {
    return this.#pkg;
  }

  /** Another flow takes a lock. `end()` lets it go. */
  async holder(take) {
    const go = deferred();
    let isTaken = false;
    const hold = async () => {
      const guard = await take();
      isTaken = true;
      await go.promise;
      guard.release();
    };
    const done = hold();
    while (!isTaken) await tick();
    return {
      end() {
        go.resolve();
        return done;
      },
    };
  }

  get lockdep() {
    return this.#pkg.lockdep;
  }

  lock(name, options) {
    return this.make('Mutex', name, options);
  }

  /** A lock of any kind whose name is known to the probes. */
  make(kind, name, options) {
    const made = new this.#pkg[kind](this.#prefix + name, options);
    this.#locks.push(made);
    return made;
  }

  /** Names of what the running flow holds, outermost first. */
  held(lockdep = this.lockdep) {
    return lockdep.currentOwner().held.map(({ lock }) => this.#plain(lock));
  }

  #plain(lock) {
    const name = lock.name ?? lock.class.name;
    return name.startsWith(this.#prefix) ? name.slice(this.#prefix.length).replace(/\W.*$/s, '') : `foreign:${name}`;
  }

  /** The running flow holds just these, outermost first. */
  expect(label, ...names) {
    const expected = names.flat();
    this.#note(label, this.held(), expected, (held) => held.join() === expected.join());
  }

  /** The running flow holds just these, in any order. */
  expectSet(label, ...names) {
    const expected = names.flat().sort();
    this.#note(label, this.held().sort(), expected, (held) => held.join() === expected.join());
  }

  /** The running flow holds this one; nothing is said of others. */
  has(label, name) {
    this.#note(label, this.held(), `… ${name} …`, (held) => held.includes(name));
  }

  /** The running flow does not hold this one; nothing is said of others. */
  lacks(label, name) {
    this.#note(label, this.held(), `not ${name}`, (held) => !held.includes(name));
  }

  same(label, actual, expected) {
    this.#note(label, actual, expected, () => Object.is(actual, expected));
  }

  #note(label, actual, expected, isRight) {
    this.probes++;
    if (!isRight(actual)) {
      this.wrong.push({ label, expected, actual });
    }
  }

  /** Locks that are still taken or asked for. */
  busy() {
    const isBusy = ({ isLocked, isWriteLocked, readers, waiting, size }) =>
      isLocked === true || isWriteLocked === true || readers > 0 || waiting > 0 || size > 0;
    return this.#locks.filter(isBusy).map((lock) => lock.name);
  }
}

async function runForm(form, pkg, number) {
  const t = new Tools(pkg, number);
  let error = null;
  let timer;
  const limit = new Promise((_, no) => {
    timer = realSetTimeout(() => no(new Error(`no end after ${FORM_LIMIT_MS} ms`)), FORM_LIMIT_MS);
  });
  try {
    t.expect('(before the form)');
    // Called by a timer of its own: nothing of the form before can be in its context.
    const run = new Promise((done) => realSetTimeout(done, 0)).then(() => form.run(t));
    await Promise.race([run, limit]);
    await tick();
    t.same('(locks taken after the form)', t.busy().join(), '');
  } catch (failure) {
    error = String(failure?.stack ?? failure);
  } finally {
    clearTimeout(timer);
  }
  return { name: form.name, probes: t.probes, wrong: t.wrong, error };
}

async function formsOf(file) {
  const { forms } = await import(pathToFileURL(path.resolve(file)).href);
  return forms;
}

async function main(args) {
  if (args[0] === '--list') {
    const files = args.slice(1);
    const listed = await Promise.all(files.map(async (file) => [file, (await formsOf(file)).map(({ name }) => name)]));
    return Object.fromEntries(listed);
  }
  const isCommonJs = path.extname(args[0]) === '.cjs';
  const pkg = isCommonJs
    ? createRequire(import.meta.url)(process.env.LOCKDEP_CJS)
    : await import(pathToFileURL(process.env.LOCKDEP_ESM).href);
  const results = [];
  let number = 0;
  for (const form of await formsOf(args[0])) {
    if (args[1] === undefined || form.name === args[1]) {
      results.push(await runForm(form, pkg, ++number));
    }
  }
  return results;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const unhandled = [];
  process.on('unhandledRejection', (reason) => unhandled.push(String(reason?.stack ?? reason)));
  process.on('uncaughtException', (reason) => unhandled.push(String(reason?.stack ?? reason)));
  const results = await main(process.argv.slice(2));
  const text = JSON.stringify(Array.isArray(results) ? { results, unhandled } : results);
  process.stdout.write(`${text}\n`, () => process.exit(0));
}
