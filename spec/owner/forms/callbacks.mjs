// Callbacks: timers, microtasks, the callback APIs of Node, events.
import { exec, execFile, spawn } from 'node:child_process';
import { pbkdf2, randomBytes } from 'node:crypto';
import { lookup } from 'node:dns';
import { EventEmitter, on, once } from 'node:events';
import fs from 'node:fs';
import fsPromises from 'node:fs/promises';
import timers from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { callbackify, promisify } from 'node:util';
import { deflate, gzip } from 'node:zlib';

const SELF = fileURLToPath(import.meta.url);

/** What calls a function later. */
const schedulers = {
  setTimeout: (fn) => setTimeout(fn, 1),
  setImmediate: (fn) => setImmediate(fn),
  nextTick: (fn) => process.nextTick(fn),
  queueMicrotask: (fn) => queueMicrotask(fn),
  'a then of a resolved promise': (fn) => void Promise.resolve().then(fn),
  setInterval(fn) {
    const interval = setInterval(() => {
      clearInterval(interval);
      fn();
    }, 1);
  },
  'fs.stat': (fn) => fs.stat(SELF, fn),
  'fs.readFile': (fn) => fs.readFile(SELF, fn),
  'fs.open and close': (fn) => fs.open(SELF, (_, handle) => fs.close(handle, fn)),
  'crypto.pbkdf2': (fn) => pbkdf2('a', 'b', 1, 8, 'sha256', fn),
  'crypto.randomBytes': (fn) => randomBytes(8, fn),
  'dns.lookup': (fn) => lookup('127.0.0.1', fn),
  'zlib.deflate': (fn) => deflate('text', fn),
  'child_process.execFile': (fn) => execFile(process.execPath, ['--version'], fn),
  'a timer in a timer in a microtask': (fn) => queueMicrotask(() => setTimeout(() => setImmediate(fn), 1)),
  'a callbackified async function': (fn) => callbackify(async () => 1)(fn),
};

const scheduled = Object.entries(schedulers).flatMap(([name, schedule]) => [
  {
    name: `${name}, armed and awaited under a lock`,
    async run(t) {
      const guard = await t.A.acquire();
      await new Promise((done) =>
        schedule(() => {
          t.expect('callback', 'A');
          done();
        }),
      );
      t.expect('after', 'A');
      guard.release();
      t.expect('released');
    },
  },
  {
    name: `${name}, armed under a lock that is released by the time of the call`,
    async run(t) {
      const called = t.deferred();
      const guard = await t.A.acquire();
      schedule(() => {
        t.expect('callback');
        called.resolve();
      });
      guard.release();
      const other = await t.B.acquire();
      t.expect('the flow goes on', 'B');
      await called.promise;
      t.expect('after the callback', 'B');
      other.release();
    },
  },
  {
    name: `${name}, by two flows side by side under their own locks`,
    async run(t) {
      const one = async (lock, lockName) => {
        const guard = await lock.acquire();
        await new Promise((done) =>
          schedule(() => {
            t.expect(`${lockName}: callback`, lockName);
            done();
          }),
        );
        t.expect(`${lockName}: after`, lockName);
        guard.release();
        t.expect(`${lockName}: released`);
      };
      await Promise.all([one(t.A, 'A'), one(t.B, 'B'), one(t.C, 'C')]);
      t.expect('after all');
    },
  },
  {
    name: `${name}: a lock taken in the callback is the callback’s`,
    async run(t) {
      let work;
      const called = new Promise((done) =>
        schedule(() => {
          work = (async () => {
            t.expect('callback');
            const guard = await t.A.acquire();
            t.expect('callback, taken', 'A');
            await t.tick();
            t.expect('callback, later', 'A');
            guard.release();
            t.expect('callback, back');
          })();
          done();
        }),
      );
      await called;
      t.expect('beside');
      const own = await t.B.acquire();
      t.expect('beside, with its own', 'B');
      await work;
      t.expect('after', 'B');
      own.release();
    },
  },
]);

export const forms = [
  ...scheduled,
  {
    name: 'timers/promises under a lock',
    async run(t) {
      const guard = await t.A.acquire();
      await timers.setTimeout(1);
      t.expect('setTimeout', 'A');
      await timers.setImmediate();
      t.expect('setImmediate', 'A');
      let turns = 0;
      for await (const _ of timers.setInterval(1)) {
        t.expect('setInterval', 'A');
        if (++turns === 3) break;
      }
      t.expect('after the loop', 'A');
      guard.release();
      t.expect('released');
    },
  },
  {
    name: 'fs/promises under two locks side by side',
    async run(t) {
      const one = async (lock, name) => {
        const guard = await lock.acquire();
        await fsPromises.stat(SELF);
        t.expect(`${name}: stat`, name);
        const handle = await fsPromises.open(SELF);
        t.expect(`${name}: open`, name);
        await handle.read(Buffer.alloc(8), 0, 8, 0);
        t.expect(`${name}: read`, name);
        await handle.close();
        t.expect(`${name}: close`, name);
        for await (const _ of await fsPromises.opendir(new URL('.', import.meta.url)))
          t.expect(`${name}: opendir`, name);
        guard.release();
        t.expect(`${name}: released`);
      };
      await Promise.all([one(t.A, 'A'), one(t.B, 'B')]);
      t.expect('after all');
    },
  },
  {
    name: 'promisified functions of Node under a lock',
    async run(t) {
      const guard = await t.A.acquire();
      await promisify(fs.stat)(SELF);
      t.expect('stat', 'A');
      await promisify(gzip)('text');
      t.expect('gzip', 'A');
      await promisify(exec)('exit 0');
      t.expect('exec', 'A');
      await promisify(setTimeout)(1);
      t.expect('setTimeout', 'A');
      guard.release();
      t.expect('released');
    },
  },
  {
    name: 'a child process and its events under a lock',
    async run(t) {
      const guard = await t.A.acquire();
      const child = spawn(process.execPath, ['--version'], { stdio: ['ignore', 'pipe', 'ignore'] });
      let text = '';
      for await (const chunk of child.stdout) {
        t.expect('output', 'A');
        text += chunk;
      }
      t.same('text', text.trim(), process.version);
      if (child.exitCode === null) await once(child, 'exit');
      t.expect('exit', 'A');
      guard.release();
      t.expect('released');
    },
  },
  {
    name: 'fs in callback style: a lock taken, files read, the lock given back, all by callbacks',
    run: (t) =>
      new Promise((done, fail) => {
        fs.stat(SELF, () => {
          t.expect('before');
          t.A.acquire().then((guard) => {
            t.expect('taken', 'A');
            fs.open(SELF, (_, handle) => {
              t.expect('open', 'A');
              fs.close(handle, () => {
                t.expect('close', 'A');
                guard.release();
                t.expect('back');
                fs.stat(SELF, () => {
                  t.expect('after');
                  done();
                });
              });
            });
          }, fail);
        });
      }),
  },
  {
    name: 'synchronous listeners under a lock',
    async run(t) {
      const emitter = new EventEmitter();
      emitter.on('event', () => t.expect('listener', 'A'));
      emitter.once('event', () => t.expect('listener once', 'A'));
      const guard = await t.A.acquire();
      emitter.emit('event');
      t.expect('after', 'A');
      guard.release();
      t.expect('released');
    },
  },
  {
    name: 'a listener added under one lock and called under another',
    async run(t) {
      const emitter = new EventEmitter();
      const ready = t.deferred();
      const over = t.deferred();
      const adder = async () => {
        const guard = await t.A.acquire();
        emitter.on('event', () => t.expect('listener', 'B'));
        ready.resolve();
        await over.promise;
        t.expect('adder', 'A');
        guard.release();
      };
      const caller = async () => {
        await ready.promise;
        const guard = await t.B.acquire();
        emitter.emit('event');
        t.expect('caller', 'B');
        guard.release();
        over.resolve();
      };
      await Promise.all([adder(), caller()]);
      t.expect('after');
    },
  },
  {
    name: 'an async listener called under a lock takes its own after the lock is gone',
    async run(t) {
      const emitter = new EventEmitter();
      const go = t.deferred();
      const over = t.deferred();
      emitter.on('event', async () => {
        await go.promise;
        const guard = await t.B.acquire();
        t.expect('listener', 'B');
        await t.tick();
        t.expect('listener, later', 'B');
        guard.release();
        over.resolve();
      });
      const guard = await t.A.acquire();
      emitter.emit('event');
      t.expect('caller', 'A');
      guard.release();
      go.resolve();
      await over.promise;
      t.expect('after');
    },
  },
  {
    name: 'events.once under a lock; the emitter has its own',
    async run(t) {
      const emitter = new EventEmitter();
      const waiting = t.deferred();
      const waiter = async () => {
        const guard = await t.A.acquire();
        const event = once(emitter, 'event');
        waiting.resolve();
        await event;
        t.expect('waiter', 'A');
        await t.tick();
        t.expect('waiter, later', 'A');
        guard.release();
        t.expect('waiter, released');
      };
      const caller = async () => {
        await waiting.promise;
        const guard = await t.B.acquire();
        emitter.emit('event', 1);
        t.expect('caller', 'B');
        await t.sleep(2);
        t.expect('caller, later', 'B');
        guard.release();
        t.expect('caller, released');
      };
      await Promise.all([waiter(), caller()]);
      t.expect('after');
    },
  },
  {
    name: 'events.on under a lock; the emitter has its own',
    async run(t) {
      const emitter = new EventEmitter();
      const waiting = t.deferred();
      const waiter = async () => {
        const guard = await t.A.acquire();
        let seen = 0;
        const iterator = on(emitter, 'event');
        waiting.resolve();
        for await (const _ of iterator) {
          t.expect(`waiter ${seen}`, 'A');
          if (++seen === 3) break;
        }
        t.expect('waiter, after the loop', 'A');
        guard.release();
        t.expect('waiter, released');
      };
      const caller = async () => {
        await waiting.promise;
        const guard = await t.B.acquire();
        for (let i = 0; i < 3; i++) {
          emitter.emit('event', i);
          t.expect(`caller ${i}`, 'B');
          await t.tick();
        }
        await t.sleep(2);
        guard.release();
        t.expect('caller, released');
      };
      await Promise.all([waiter(), caller()]);
      t.expect('after');
    },
  },
  {
    name: 'once before any lock exists; the event comes out of a flow with a lock',
    async run(t) {
      const emitter = new EventEmitter();
      const waiter = async () => {
        await once(emitter, 'event');
        t.expect('waiter');
        const guard = await t.A.acquire();
        t.expect('waiter, taken', 'A');
        guard.release();
      };
      const waiting = waiter();
      await t.tick();
      const guard = await t.B.acquire();
      emitter.emit('event');
      t.expect('caller', 'B');
      await t.sleep(2);
      t.expect('caller, later', 'B');
      guard.release();
      await waiting;
      t.expect('after');
    },
  },
  {
    name: 'an EventTarget under a lock',
    async run(t) {
      const target = new EventTarget();
      target.addEventListener('event', () => t.expect('listener', 'A'));
      const guard = await t.A.acquire();
      target.dispatchEvent(new Event('event'));
      await new Promise((done) => {
        target.addEventListener('late', done, { once: true });
        setTimeout(() => target.dispatchEvent(new Event('late')), 1);
      });
      t.expect('after', 'A');
      guard.release();
      t.expect('released');
    },
  },
  {
    name: 'an event that carries a guard to its listener',
    async run(t) {
      const emitter = new EventEmitter();
      const over = t.deferred();
      emitter.on('locked', (guard) => {
        setImmediate(() => {
          guard.release();
          t.expect('listener, back');
          over.resolve();
        });
      });
      const guard = await t.A.acquire();
      emitter.emit('locked', guard);
      await over.promise;
      t.expect('after');
    },
  },
  {
    name: 'a timer that gives back a lock of the flow that armed it',
    async run(t) {
      const guard = await t.A.acquire();
      const over = t.deferred();
      setTimeout(() => {
        guard.release();
        t.expect('timer, back');
        over.resolve();
      }, 1);
      await over.promise;
      t.expect('after');
      const again = await t.A.acquire();
      t.expect('again', 'A');
      again.release();
    },
  },
  {
    name: 'an interval that takes and gives back a lock at each call',
    async run(t) {
      const over = t.deferred();
      let calls = 0;
      const interval = setInterval(async () => {
        const n = calls++;
        t.expect(`${n}: before`);
        const guard = await t.A.acquire();
        t.expect(`${n}: taken`, 'A');
        await t.sleep(2);
        t.expect(`${n}: later`, 'A');
        guard.release();
        t.expect(`${n}: back`);
        if (n === 4) {
          clearInterval(interval);
          over.resolve();
        }
      }, 1);
      await over.promise;
      clearInterval(interval);
      t.expect('after');
      while (t.A.isLocked) await t.tick();
    },
  },
  {
    name: 'timers that someone replaced, fired by another flow',
    async run(t) {
      const queue = [];
      const real = globalThis.setTimeout;
      globalThis.setTimeout = (fn, _, ...args) => queue.push(() => fn(...args));
      try {
        const sleep = () => new Promise((done) => setTimeout(done, 1000));
        const sleeper = async (lock, name) => {
          const guard = await lock.acquire();
          await sleep();
          t.expect(`${name}: awake`, name);
          await sleep();
          t.expect(`${name}: awake again`, name);
          guard.release();
          t.expect(`${name}: released`);
        };
        const clock = async () => {
          const guard = await t.C.acquire();
          for (let i = 0; i < 6; i++) {
            await t.tick();
            for (const fire of queue.splice(0)) fire();
            t.expect(`clock ${i}`, 'C');
          }
          guard.release();
        };
        await Promise.all([sleeper(t.A, 'A'), sleeper(t.B, 'B'), clock()]);
        t.expect('after all');
      } finally {
        globalThis.setTimeout = real;
      }
    },
  },
];
