// SPDK: threads that poll and never sleep, and spinlocks with rules. Rule by rule: code that breaks it, and at the end code that keeps them all.
import type { Lock, Lockdep, Owner } from '../../lib/index.ts';
import { checker, print } from './report.ts';

class Target {
  readonly lockdep: Lockdep = checker({
    // A poller is called by its thread and interrupts nobody.
    contexts: [{ name: 'poller', interrupts: false }],
  });
  readonly app: Owner = this.lockdep.owner('app_thread');
  readonly io: Owner = this.lockdep.owner('io_thread');
  readonly lock: Lock = this.lockdep.lock('g_lock', { kind: 'raw_spin', initialised: false });

  /** Calls a poller as its thread does. */
  poll(thread: Owner, poller: () => void): void {
    thread.enter('poller');
    thread.run(poller);
    thread.exit('poller');
  }

  /** Needs the lock, and says so. */
  claimPage(thread: Owner): void {
    thread.assertHeld(this.lock);
  }
}

function rule(title: string, work: (target: Target) => void): void {
  const target = new Target();
  work(target);
  print(title, target.lockdep);
}

rule('wrong: locked before it is initialised', ({ app, lock }) => {
  app.acquire(lock);
  app.release(lock);
});

rule('wrong: locked by code that no thread of SPDK runs', ({ lockdep, app, lock }) => {
  lockdep.init(lock, app);
  lockdep.acquire(lock);
});

rule('wrong: a poller returns with the lock', (target) => {
  const { lockdep, app, io, lock } = target;
  app.init(lock);
  target.poll(io, function pollerA() {
    lockdep.acquire(lock);
  });
});

rule('wrong: a message that is waited for, with the lock held', ({ app, io, lock }) => {
  app.init(lock);
  app.acquire(lock);
  app.sendSync(io); // spdk_thread_exec_msg()
  app.release(lock);
});

rule('wrong: destroyed while it is held', ({ app, io, lock }) => {
  app.init(lock);
  io.acquire(lock);
  app.destroy(lock);
  io.release(lock);
});

rule('wrong: used after it is destroyed', ({ app, io, lock }) => {
  app.init(lock);
  app.destroy(lock);
  io.acquire(lock);
  io.release(lock);
});

rule('wrong: a page is claimed while another thread has the lock', (target) => {
  const { app, io, lock } = target;
  app.init(lock);
  app.acquire(lock);
  target.claimPage(io);
  app.release(lock);
});

rule('right', (target) => {
  const { lockdep, app, io, lock } = target;
  app.init(lock);
  for (const thread of [app, io]) {
    target.poll(thread, () => {
      lockdep.acquire(lock);
      target.claimPage(thread);
      lockdep.release(lock);
    });
  }
  app.sendSync(io);
  app.destroy(lock);
});
