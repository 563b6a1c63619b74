// A library that publishes its lock events, as docs/adapters.md says, and a program that uses it in both orders.
const { channel } = require('node:diagnostics_channel');

const asked = channel('lockdep:request');
const granted = channel('lockdep:granted');
const released = channel('lockdep:released');
const cancelled = channel('lockdep:cancelled');

class Lock {
  #tail = Promise.resolve();

  constructor(name) {
    this.name = name;
  }

  acquire() {
    const before = this.#tail;
    let free;
    this.#tail = new Promise((done) => {
      free = done;
    });
    let grant;
    const promise = new Promise((done) => {
      grant = done;
    });
    const message = { lock: this, name: this.name, promise, below: this.acquire };
    asked.publish(message);
    void before.then(() => {
      granted.publish(message);
      grant(() => {
        released.publish(message);
        free();
      });
    });
    return promise;
  }

  async run(work) {
    const message = { lock: this, name: this.name, below: this.run };
    asked.publish(message);
    const before = this.#tail;
    let free;
    this.#tail = new Promise((done) => {
      free = done;
    });
    await before;
    granted.publish(message);
    try {
      return await work();
    } finally {
      released.publish(message);
      free();
    }
  }

  tryAcquire() {
    const message = { lock: this, name: this.name, try: true, below: this.tryAcquire };
    asked.publish(message);
    cancelled.publish(message);
    return undefined;
  }
}

module.exports = { Lock };
