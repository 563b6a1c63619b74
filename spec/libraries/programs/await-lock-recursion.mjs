// A locked method calls another locked method of the same lock, and waits for itself.
import imported from 'await-lock';

const AwaitLock = imported.default ?? imported;

class Controller {
  lock = new AwaitLock();

  async update() {
    await this.lock.acquireAsync();
    try {
      await this.read();
    } finally {
      this.lock.release();
    }
  }

  async read() {
    await this.lock.acquireAsync();
    this.lock.release();
  }
}

console.log('asking');
await new Controller().update();
