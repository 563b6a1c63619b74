// A class derived from the library's, with an order of its own, nests like any other.
import PQueue from 'p-queue';

class Stack {
  #runs = [];
  get size() {
    return this.#runs.length;
  }
  enqueue(run) {
    this.#runs.push(run);
  }
  dequeue() {
    return this.#runs.pop();
  }
  filter() {
    return [...this.#runs];
  }
  remove() {}
  setPriority() {}
}

class Jobs extends PQueue {
  names = [];

  constructor(concurrency) {
    super({ concurrency, queueClass: Stack });
  }

  add(task, options) {
    this.names.push(task.name);
    return super.add(task, options);
  }
}

const jobs = new Jobs(2);

async function part() {
  return 1;
}

async function whole() {
  return (await jobs.add(part)) + 1;
}

console.log(await jobs.add(whole));
console.log(jobs.names, jobs instanceof PQueue, jobs instanceof Jobs, jobs.constructor === Jobs);
