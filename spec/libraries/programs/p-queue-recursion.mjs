// A queue with one slot guards a store, and one of its operations uses another one: it waits for itself, and the process ends
// without a word. A timer keeps it alive for a moment: the circle is found when it closes, not at the end.
import PQueue from 'p-queue';

class Store {
  queue = new PQueue({ concurrency: 1 });
  values = new Map();

  get(key) {
    return this.queue.add(() => this.values.get(key));
  }

  update(key, change) {
    return this.queue.add(async () => {
      const value = await this.get(key);
      this.values.set(key, change(value));
    });
  }
}

const store = new Store();
store.values.set('a', 1);
console.log('before', await store.get('a'));
store.update('a', (value) => value + 1).then(() => console.log('never'));
setTimeout(() => console.log('still waiting', store.queue.size), 300);
