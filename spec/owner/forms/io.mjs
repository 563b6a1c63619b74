// Streams, servers, workers, channels between them.
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { PassThrough, Readable, Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { MessageChannel, Worker } from 'node:worker_threads';
import { createGzip } from 'node:zlib';

const SELF = fileURLToPath(import.meta.url);

async function listening(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server.address().port;
}

const closed = (server) => new Promise((done) => server.close(done));

async function get(port, path = '/', agent = undefined) {
  const request = http.get({ port, path, agent, host: '127.0.0.1' });
  const [response] = await once(request, 'response');
  let text = '';
  for await (const chunk of response) text += chunk;
  return text;
}

export const forms = [
  {
    name: 'a pipeline with a transform under a lock',
    async run(t) {
      const guard = await t.A.acquire();
      await pipeline(
        Readable.from(['a', 'b', 'c']),
        new Transform({
          transform(chunk, _, done) {
            t.expect('transform', 'A');
            setImmediate(done, null, chunk);
          },
        }),
        async function* (source) {
          for await (const chunk of source) {
            t.expect('generator', 'A');
            yield chunk;
          }
        },
        new Writable({
          write(_chunk, _encoding, done) {
            t.expect('write', 'A');
            done();
          },
        }),
      );
      t.expect('after', 'A');
      guard.release();
      t.expect('released');
    },
  },
  {
    name: 'pipelines of files under two locks side by side',
    async run(t) {
      const one = async (lock, name) => {
        const guard = await lock.acquire();
        let chunks = 0;
        await pipeline(
          fs.createReadStream(SELF, { highWaterMark: 2048 }),
          createGzip(),
          new Writable({
            write(_chunk, _encoding, done) {
              chunks++;
              done();
            },
          }),
        );
        t.same(`${name}: chunks`, chunks > 0, true);
        t.expect(`${name}: after`, name);
        await t.tick();
        t.expect(`${name}: later`, name);
        guard.release();
        t.expect(`${name}: released`);
      };
      await Promise.all([one(t.A, 'A'), one(t.B, 'B')]);
      t.expect('after all');
    },
  },
  {
    name: 'for await over a file stream under two locks side by side',
    async run(t) {
      const one = async (lock, name) => {
        const guard = await lock.acquire();
        for await (const _ of fs.createReadStream(SELF, { highWaterMark: 1024 })) t.expect(`${name}: chunk`, name);
        t.expect(`${name}: after`, name);
        guard.release();
        t.expect(`${name}: released`);
      };
      await Promise.all([one(t.A, 'A'), one(t.B, 'B')]);
      t.expect('after all');
    },
  },
  {
    name: 'a stream that one flow writes under its lock and another reads under its own',
    async run(t) {
      const stream = new PassThrough({ objectMode: true });
      const writer = async () => {
        const guard = await t.A.acquire();
        for (let i = 0; i < 4; i++) {
          stream.write({ i });
          t.expect(`writer ${i}`, 'A');
          await t.tick();
          t.expect(`writer ${i}, later`, 'A');
        }
        stream.end();
        guard.release();
        t.expect('writer, released');
      };
      const reader = async () => {
        const guard = await t.B.acquire();
        for await (const { i } of stream) t.expect(`reader ${i}`, 'B');
        t.expect('reader, after', 'B');
        guard.release();
        t.expect('reader, released');
      };
      await Promise.all([writer(), reader()]);
      t.expect('after');
    },
  },
  {
    name: 'a transform that takes a lock for each chunk',
    async run(t) {
      const seen = [];
      await pipeline(
        Readable.from(['a', 'b', 'c']),
        new Transform({
          transform(chunk, _, done) {
            t.expect('transform');
            t.A.run(async () => {
              t.expect('transform, taken', 'A');
              await t.tick();
              t.expect('transform, later', 'A');
              return chunk;
            }).then((value) => {
              t.expect('transform, back');
              done(null, value);
            }, done);
          },
        }),
        async (source) => {
          for await (const chunk of source) {
            t.expect('reader');
            seen.push(String(chunk));
          }
        },
      );
      t.same('seen', seen.join(''), 'abc');
      t.expect('after');
    },
  },
  {
    name: 'HTTP handlers side by side, each with its own lock',
    async run(t) {
      const server = http.createServer(async (request, response) => {
        const name = request.url.slice(1);
        t.expect(`${name}: before`);
        const guard = await t.lock(name).acquire();
        t.expect(`${name}: taken`, name);
        await t.sleep(3);
        t.expect(`${name}: later`, name);
        guard.release();
        t.expect(`${name}: back`);
        response.end(name);
      });
      const port = await listening(server);
      const texts = await Promise.all(['X', 'Y', 'Z'].map((name) => get(port, `/${name}`)));
      t.same('texts', texts.join(''), 'XYZ');
      t.expect('after all');
      await closed(server);
      t.expect('at the end');
    },
  },
  {
    name: 'HTTP handlers side by side over one lock',
    async run(t) {
      const server = http.createServer(async (request, response) => {
        const name = request.url.slice(1);
        const own = await t.lock(name).acquire();
        const guard = await t.A.acquire();
        t.expect(`${name}: taken`, name, 'A');
        await t.sleep(1);
        t.expect(`${name}: later`, name, 'A');
        guard.release();
        t.expect(`${name}: back`, name);
        await t.tick();
        t.expect(`${name}: back, later`, name);
        own.release();
        response.end(name);
      });
      const port = await listening(server);
      await Promise.all(['X', 'Y', 'Z'].map((name) => get(port, `/${name}`)));
      t.expect('after all');
      await closed(server);
    },
  },
  {
    name: 'an HTTP server in callback style: body first, then the lock',
    async run(t) {
      const server = http.createServer((request, response) => {
        request.resume();
        request.on('end', () => {
          t.expect('end of the request');
          t.A.acquire().then((guard) => {
            t.expect('taken', 'A');
            setTimeout(() => {
              t.expect('timer', 'A');
              guard.release();
              t.expect('back');
              response.end('ok');
            }, 1);
          });
        });
      });
      const port = await listening(server);
      await get(port);
      await get(port);
      t.expect('after');
      await closed(server);
    },
  },
  {
    name: 'HTTP clients side by side, each under its own lock',
    async run(t) {
      const server = http.createServer((_, response) => setTimeout(() => response.end('ok'), 1));
      const port = await listening(server);
      const client = async (lock, name) => {
        const guard = await lock.acquire();
        await get(port);
        t.expect(`${name}: after the first`, name);
        await get(port);
        t.expect(`${name}: after the second`, name);
        guard.release();
        t.expect(`${name}: released`);
      };
      await Promise.all([client(t.A, 'A'), client(t.B, 'B')]);
      t.expect('after all');
      await closed(server);
    },
  },
  {
    name: 'HTTP clients that share a kept-alive socket, one after the other under their own locks',
    async run(t) {
      const server = http.createServer((_, response) => response.end('ok'));
      const port = await listening(server);
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
      const client = async (lock, name) => {
        const guard = await lock.acquire();
        await get(port, '/', agent);
        t.expect(`${name}: after`, name);
        await t.tick();
        t.expect(`${name}: later`, name);
        guard.release();
        t.expect(`${name}: released`);
      };
      await Promise.all([client(t.A, 'A'), client(t.B, 'B'), client(t.C, 'C')]);
      t.expect('after all');
      agent.destroy();
      await closed(server);
    },
  },
  {
    name: 'fetch side by side, each under its own lock',
    async run(t) {
      const server = http.createServer((_, response) => setTimeout(() => response.end('{"ok":true}'), 1));
      const port = await listening(server);
      const client = async (lock, name) => {
        const guard = await lock.acquire();
        const response = await fetch(`http://127.0.0.1:${port}/`);
        t.expect(`${name}: fetch`, name);
        await response.json();
        t.expect(`${name}: json`, name);
        guard.release();
        t.expect(`${name}: released`);
      };
      await Promise.all([client(t.A, 'A'), client(t.B, 'B')]);
      t.expect('after all');
      server.closeAllConnections();
      await closed(server);
    },
  },
  {
    name: 'a lock taken in one HTTP request and released in another, over one socket',
    async run(t) {
      const store = {};
      const routes = {
        async '/lock'() {
          store.guard = await t.A.acquire();
          t.expect('lock', 'A');
        },
        async '/other'() {
          t.expect('other: before');
          const guard = await t.B.acquire();
          t.expect('other', 'B');
          await t.tick();
          t.expect('other, later', 'B');
          guard.release();
        },
        async '/unlock'() {
          store.guard.release();
          t.expect('unlock');
          await t.tick();
          t.expect('unlock, later');
        },
      };
      const server = http.createServer((request, response) => {
        routes[request.url]().then(() => response.end('ok'));
      });
      const port = await listening(server);
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
      for (const path of ['/lock', '/other', '/unlock', '/other', '/lock', '/unlock']) {
        await get(port, path, agent);
        t.expect(`client, after ${path}`);
      }
      agent.destroy();
      await closed(server);
    },
  },
  {
    name: 'a server that began to listen under a lock that is released since',
    async run(t) {
      const guard = await t.A.acquire();
      const server = http.createServer(async (_, response) => {
        t.expect('handler');
        const own = await t.B.acquire();
        t.expect('handler, taken', 'B');
        own.release();
        response.end('ok');
      });
      const port = await listening(server);
      t.expect('listening', 'A');
      guard.release();
      await get(port);
      t.expect('after');
      await closed(server);
    },
  },
  {
    name: 'a TCP server and its clients, each side with its own locks',
    async run(t) {
      const server = net.createServer((socket) => {
        socket.on('data', async (data) => {
          const name = `S${data}`;
          const guard = await t.lock(name).acquire();
          t.expect(`server ${name}`, name);
          await t.tick();
          t.expect(`server ${name}, later`, name);
          guard.release();
          t.expect(`server ${name}, back`);
          socket.end('ok');
        });
      });
      const port = await listening(server);
      const client = async (n) => {
        const name = `X${n}`;
        const guard = await t.lock(name).acquire();
        const socket = net.connect(port, '127.0.0.1');
        await once(socket, 'connect');
        t.expect(`${name}: connected`, name);
        socket.write(String(n));
        const [data] = await once(socket, 'data');
        t.same(`${name}: data`, String(data), 'ok');
        t.expect(`${name}: data`, name);
        socket.end();
        guard.release();
        t.expect(`${name}: released`);
      };
      await Promise.all([client(1), client(2), client(3)]);
      t.expect('after all');
      await closed(server);
    },
  },
  {
    name: 'a message to a worker and back under a lock',
    async run(t) {
      const worker = new Worker(
        'const { parentPort } = require("node:worker_threads"); parentPort.on("message", (m) => parentPort.postMessage(m + 1));',
        { eval: true },
      );
      let messages = 0;
      worker.on('message', () => {
        messages++;
        t.expect('listener');
      });
      await once(worker, 'online');
      const guard = await t.A.acquire();
      worker.postMessage(1);
      await once(worker, 'message');
      t.expect('first', 'A');
      worker.postMessage(2);
      const [value] = await once(worker, 'message');
      t.same('value', value, 3);
      t.expect('second', 'A');
      guard.release();
      t.expect('released');
      await worker.terminate();
      t.same('messages', messages, 2);
      t.expect('at the end');
    },
  },
  {
    name: 'message handlers in a worker, side by side with their own locks',
    async run(t) {
      const worker = new Worker(new URL('./modules/worker.mjs', import.meta.url), { env: { ...process.env } });
      const wrong = [];
      const answered = new Promise((done, fail) => {
        let left = 3;
        worker.on('error', fail);
        worker.on('message', (found) => {
          wrong.push(...found);
          if (--left === 0) done();
        });
      });
      for (const name of ['X', 'Y', 'Z']) worker.postMessage(name);
      await answered;
      t.same('wrong in the worker', wrong.join('; '), '');
      await worker.terminate();
      t.expect('after');
    },
  },
  {
    name: 'a MessageChannel: the receiver does not have the sender’s lock',
    async run(t) {
      const { port1, port2 } = new MessageChannel();
      const over = t.deferred();
      port2.on('message', async (name) => {
        t.expect('receiver');
        const own = await t.B.acquire();
        t.expect('receiver, taken', 'B');
        await t.tick();
        t.expect('receiver, later', 'B');
        own.release();
        port2.postMessage(name);
      });
      port1.once('message', () => over.resolve());
      const guard = await t.A.acquire();
      port1.postMessage('hello');
      t.expect('sender', 'A');
      await over.promise;
      t.expect('sender, answered', 'A');
      guard.release();
      port1.close();
      t.expect('released');
    },
  },
  {
    name: 'a MessageChannel made under a lock that is released by the time of the message',
    async run(t) {
      const guard = await t.A.acquire();
      const { port1, port2 } = new MessageChannel();
      const over = t.deferred();
      port2.on('message', () => {
        t.expect('receiver');
        over.resolve();
      });
      guard.release();
      port1.postMessage('hello');
      await over.promise;
      t.expect('after');
      port1.close();
    },
  },
  {
    name: 'web streams under a lock',
    async run(t) {
      const guard = await t.A.acquire();
      const stream = new ReadableStream({
        async pull(controller) {
          await t.tick();
          controller.enqueue('a');
          controller.close();
        },
      });
      for await (const _ of stream.pipeThrough(new TextEncoderStream())) t.expect('chunk', 'A');
      t.expect('after', 'A');
      guard.release();
      t.expect('released');
    },
  },
];
