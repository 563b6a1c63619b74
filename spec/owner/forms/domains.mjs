// Domains: once they are loaded, they watch all promises and events of the process.
import domain from 'node:domain';
import { EventEmitter } from 'node:events';

export const forms = [
  {
    name: 'a domain entered under a lock',
    async run(t) {
      const guard = await t.A.acquire();
      const made = domain.create();
      await made.run(async () => {
        t.expect('inside', 'A');
        await t.tick();
        t.expect('inside, later', 'A');
      });
      t.expect('after', 'A');
      await t.tick();
      t.expect('later', 'A');
      guard.release();
      t.expect('released');
    },
  },
  {
    name: 'locks taken in domains side by side',
    async run(t) {
      const one = (lock, name) =>
        domain.create().run(async () => {
          await t.tick();
          const guard = await lock.acquire();
          t.expect(`${name}: taken`, name);
          await t.sleep(1);
          t.expect(`${name}: later`, name);
          guard.release();
          t.expect(`${name}: released`);
        });
      await Promise.all([one(t.A, 'A'), one(t.B, 'B')]);
      t.expect('after all');
    },
  },
  {
    name: 'a guard handed out of a domain',
    async run(t) {
      const guard = await domain.create().run(async () => {
        await t.sleep(1);
        return t.A.acquire();
      });
      t.expect('taken', 'A');
      await t.tick();
      t.expect('later', 'A');
      guard.release();
      t.expect('released');
    },
  },
  {
    name: 'an error that a domain catches, in a callback under a lock',
    async run(t) {
      const caught = t.deferred();
      const made = domain.create();
      made.on('error', () => caught.resolve());
      const guard = await t.A.acquire();
      made.run(() => {
        setTimeout(() => {
          t.expect('callback', 'A');
          throw new Error('on purpose');
        }, 1);
      });
      await caught.promise;
      t.expect('after', 'A');
      guard.release();
      t.expect('released');
    },
  },
  {
    name: 'an emitter of a domain under a lock',
    async run(t) {
      const made = domain.create();
      const emitter = new EventEmitter();
      made.add(emitter);
      emitter.on('event', () => t.expect('listener', 'A'));
      const guard = await t.A.acquire();
      emitter.emit('event');
      t.expect('after', 'A');
      guard.release();
      t.expect('released');
    },
  },
];
