// A public method that locks calls another one of the same object, and waits for itself.
import { Mutex } from 'async-mutex';

class Controller {
  mutex = new Mutex();

  update() {
    return this.mutex.runExclusive(() => this.read());
  }

  read() {
    return this.mutex.runExclusive(() => 'state');
  }
}

console.log('asking');
await new Controller().update();
