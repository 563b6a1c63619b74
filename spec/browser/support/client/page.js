/**
 * The page's side of the specs: runs a task on the page's own thread, and starts workers for it.
 */
import * as lockdep from '/lockdep/index.js';
import { compile, raise, until } from './task.js';

const world = { lockdep, until, raise, startWorker, startWorkers, load: (path) => import(path) };

/** Runs the text of a function, with the world and the input; resolves with what it gives. */
export function run(source, input) {
  return compile(source, 'page')(world, input);
}

/** A worker that has loaded the package. Rejects when the worker's script cannot be loaded or throws. */
function startWorker(name = 'worker') {
  const worker = new WorkerThread(name);
  return worker.ready.then(() => worker);
}

function startWorkers(count, name = 'worker') {
  return Promise.all(Array.from({ length: count }, (_, number) => startWorker(`${name}-${number + 1}`)));
}

class WorkerThread {
  name;
  ready;
  heard = [];
  #thread;
  #answers = new Map();
  #next = 1;

  constructor(name) {
    this.name = name;
    this.#thread = new Worker('/client/worker.js', { type: 'module', name });
    this.ready = new Promise((resolve, reject) => this.#answers.set(0, { resolve, reject }));
    this.#thread.addEventListener('message', ({ data }) => this.#hear(data));
    this.#thread.addEventListener('messageerror', () => this.#fail(new Error(`${name}: an answer cannot be cloned`)));
    this.#thread.addEventListener('error', (event) => {
      this.#fail(new Error(`${name}: ${event.message || 'its script cannot be loaded'}`));
    });
  }

  /** Runs a function in the worker, with its world and an input that can be cloned. */
  run(task, input) {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#answers.set(id, { resolve, reject });
      this.#thread.postMessage({ id, source: task.toString(), input });
    });
  }

  /** Ends the worker wherever it is. What it still ran is rejected. */
  terminate() {
    this.#thread.terminate();
    this.#fail(new Error(`${this.name}: terminated`));
  }

  #hear({ id = 0, said, error, ...answer }) {
    if (said !== undefined) return this.heard.push(said);
    const waiter = this.#answers.get(id);
    this.#answers.delete(id);
    return error === undefined ? waiter?.resolve(answer.result) : waiter?.reject(error);
  }

  #fail(error) {
    for (const { reject } of this.#answers.values()) reject(error);
    this.#answers.clear();
  }
}
