// MetaMask/core#4181: a locked method of a controller calls another locked method of it.
import { Mutex } from 'async-mutex';

class KeyringController {
  #mutex = new Mutex();
  #accounts = ['first'];

  async addAccount(name) {
    return this.#mutex.runExclusive(async () => {
      this.#accounts.push(name);
      await this.persist();
    });
  }

  async persist() {
    return this.#mutex.runExclusive(async () => console.log('persisted', this.#accounts.length));
  }
}

async function main() {
  const controller = new KeyringController();
  await controller.persist();
  await controller.addAccount('second');
  console.log('never');
}

void main();
