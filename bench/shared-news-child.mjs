// How news of one thread gets to another, one measurement in a process of its own: `node shared-news-child.mjs <what>`. Prints nanoseconds:
// half a round trip, the median of many; or what one record costs its writer or its reader.
import { createRequire } from 'node:module';
import {
  isMainThread,
  MessageChannel,
  parentPort,
  receiveMessageOnPort,
  Worker,
  workerData,
} from 'node:worker_threads';

const require = createRequire(import.meta.url);
const { ownSpace, joinSpace } = require('../dist/cjs/locks/shared/space.js');
const { RecordKind } = require('../dist/cjs/locks/shared/log.js');

const SYNCHRONOUS = new Set(['log, spinning', 'log, asleep', 'messages, polled']);
const TRIPS = 2_000;
const RECORDS = 5_000;
const SITE = { file: '/srv/bank/transfer.ts', line: 41, column: 17, function: 'transfer' };
/** What a checker tells of a new dependency between classes that are known. */
const RECORD = JSON.stringify({
  version: 1,
  edges: [
    { from: 0, to: 1, kind: 'EN', owner: 'worker 3', at: 1_795_300_458_896, taken: SITE, asked: SITE, broke: false },
  ],
  pairs: [{ from: 0, to: 1, kinds: ['EN'], gates: [], owner: 'worker 3', at: 1_795_300_458_896 }],
  source: 20,
  process: '4242/3',
});

/** Keeps what is measured from being optimised away. */
const sink = { ends: 0 };

function median(values) {
  return values.sort((one, other) => one - other)[values.length >> 1];
}

/** What goes there and back. `send` sends a record, `receive` waits for the next one, without the event loop. */
function endOf(what, { space, words, port, at }) {
  const { log } = space;
  let position = log.end;
  const isNews = () => log.end > position;
  const read = () => {
    let count = 0;
    position = log.read(position, log.end, ({ writer }) => {
      count += writer === space.threads.own ? 0 : 1;
    });
    return count > 0;
  };
  const ends = {
    'log, spinning': {
      send: () => log.append(RecordKind.GRAPH, RECORD),
      receive: () => {
        while (!isNews() || !read()) {}
      },
    },
    'log, asleep': {
      send: () => {
        log.append(RecordKind.GRAPH, RECORD);
        Atomics.add(words, 1 - at, 1);
        Atomics.notify(words, 1 - at);
      },
      receive: () => {
        const turn = Atomics.load(words, at);
        for (let seen = turn; !isNews() || !read(); seen = Atomics.load(words, at)) {
          Atomics.wait(words, at, seen);
        }
      },
    },
    'messages, polled': {
      send: () => port.postMessage(RECORD),
      receive: () => {
        while (receiveMessageOnPort(port) === undefined) {}
      },
    },
  };
  return ends[what];
}

function start(what) {
  const { port1, port2 } = new MessageChannel();
  const space = ownSpace();
  const words = new Int32Array(new SharedArrayBuffer(12));
  const data = { what, buffer: space.buffer, words, port: port2 };
  const worker = new Worker(new URL(import.meta.url), { workerData: data, transferList: [port2] });
  return { worker, space, words, port: port1, at: 0 };
}

async function ready({ worker }) {
  await new Promise((done) => worker.once('message', done));
}

async function synchronous(what) {
  const ends = start(what);
  await ready(ends);
  const { send, receive } = endOf(what, ends);
  // The other one begins to listen now.
  Atomics.store(ends.words, 2, 1);
  Atomics.notify(ends.words, 2);
  const samples = [];
  for (let trip = 0; trip < TRIPS; trip++) {
    const since = performance.now();
    send();
    receive();
    samples.push(((performance.now() - since) * 1e6) / 2);
  }
  return median(samples);
}

async function byEventLoop(what) {
  const ends = start(what);
  await ready(ends);
  const { port } = ends;
  const samples = [];
  let since = 0;
  const send = () => {
    since = performance.now();
    port.postMessage(RECORD);
  };
  await new Promise((done) => {
    port.on('message', () => {
      samples.push(((performance.now() - since) * 1e6) / 2);
      samples.length < TRIPS ? send() : done();
    });
    send();
  });
  return median(samples);
}

/** Nanoseconds for each of so many. */
function each(count, work) {
  const samples = [];
  for (let at = 0; at < count; at++) {
    const since = process.hrtime.bigint();
    work();
    samples.push(Number(process.hrtime.bigint() - since));
  }
  return median(samples);
}

function costOf(what) {
  const { log } = ownSpace();
  const { port1, port2 } = new MessageChannel();
  const costs = {
    'log, published': () => each(RECORDS, () => log.append(RecordKind.GRAPH, RECORD)),
    'log, imported': () => {
      const positions = Array.from({ length: RECORDS }, () => log.append(RecordKind.GRAPH, RECORD));
      let at = 0;
      return each(RECORDS - 1, () => {
        at++;
        log.read(positions[at - 1], positions[at], ({ text }) => JSON.parse(text));
      });
    },
    'log, nothing new': () => {
      const looks = () => {
        for (let look = 0; look < 1_000; look++) sink.ends += log.end;
      };
      return each(RECORDS, looks) / 1_000;
    },
    'messages, published': () => each(RECORDS, () => port1.postMessage(RECORD)),
    'messages, imported': () => {
      for (let record = 0; record < RECORDS; record++) port1.postMessage(RECORD);
      return each(RECORDS, () => JSON.parse(receiveMessageOnPort(port2).message));
    },
    'messages, nothing new': () => each(RECORDS, () => receiveMessageOnPort(port2)),
  };
  return costs[what]();
}

function echo() {
  const { what, buffer, words, port } = workerData;
  if (what === 'messages, event loop') {
    port.on('message', (record) => port.postMessage(record));
    parentPort.postMessage('ready');
    return;
  }
  const { send, receive } = endOf(what, { space: joinSpace(buffer), words, port, at: 1 });
  parentPort.postMessage('ready');
  Atomics.wait(words, 2, 0);
  for (let trip = 0; trip < TRIPS; trip++) {
    receive();
    send();
  }
}

async function main() {
  const [, , what] = process.argv;
  if (what === 'messages, event loop') {
    return byEventLoop(what);
  }
  return SYNCHRONOUS.has(what) ? synchronous(what) : costOf(what);
}

if (isMainThread) {
  console.log(await main());
  process.exit();
}
echo();
