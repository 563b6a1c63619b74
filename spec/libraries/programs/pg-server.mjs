// A server that speaks as much of PostgreSQL's protocol as the programs need: transactions, advisory locks, an error. Where a real
// one is given (LOCKDEP_SPEC_POSTGRES) that is used.
import { createServer } from 'node:net';

const BOOLEAN = 16;
const TEXT = 25;

/** What `new Pool()` takes, and a way to end it. */
export async function database() {
  const url = process.env.LOCKDEP_SPEC_POSTGRES;
  if (url !== undefined && url !== '') {
    return { options: { connectionString: url }, close: () => {} };
  }
  const locks = new Locks();
  const server = createServer((socket) => new Session(socket, locks));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  return { options: { host: '127.0.0.1', port, user: 'spec', database: 'spec' }, close: () => server.close() };
}

class Locks {
  #held = [];
  #waiting = [];

  async take(session, key, { shared, xact, isTry }) {
    const one = { session, key, shared, xact };
    const isFree = () =>
      this.#held.every((held) => held.key !== key || held.session === session || (held.shared && shared));
    if (isFree()) {
      this.#held.push(one);
      return true;
    }
    if (isTry) {
      return false;
    }
    await new Promise((resolve) => {
      const grant = () => {
        this.#held.push(one);
        resolve();
      };
      this.#waiting.push({ isFree, grant });
    });
    return true;
  }

  give(session, key, shared) {
    const at = this.#held.findIndex(
      (held) => held.session === session && held.key === key && held.shared === shared && !held.xact,
    );
    return at >= 0 && this.drop((_, index) => index === at);
  }

  drop(which) {
    this.#held = this.#held.filter((held, index) => !which(held, index));
    for (let at = 0; at < this.#waiting.length; at++) {
      if (this.#waiting[at].isFree()) {
        this.#waiting.splice(at--, 1)[0].grant();
      }
    }
    return true;
  }
}

const CALL = /pg_(try_)?advisory_(xact_)?(lock|unlock_all|unlock)(_shared)?\s*\(((?:[^()]|\([^()]*\))*)\)/i;

class Session {
  #socket;
  #locks;
  #text = '';
  #values = [];
  #status = 'I';
  #input = Buffer.alloc(0);
  #isStarted = false;
  #work = Promise.resolve();
  #statements = new Map();

  constructor(socket, locks) {
    this.#socket = socket;
    this.#locks = locks;
    socket.on('data', (data) => this.#read(data));
    socket.on('error', () => {});
    // The other end keeps the process alive.
    socket.unref();
    socket.on('close', () => locks.drop(({ session }) => session === this));
  }

  #read(data) {
    this.#input = Buffer.concat([this.#input, data]);
    for (;;) {
      const start = this.#isStarted ? 1 : 0;
      const length = this.#input.length < start + 4 ? Number.POSITIVE_INFINITY : this.#input.readInt32BE(start) + start;
      if (this.#input.length < length) {
        return;
      }
      const message = this.#input.subarray(0, length);
      this.#input = this.#input.subarray(length);
      const type = this.#isStarted ? String.fromCharCode(message[0]) : 'start';
      this.#isStarted = true;
      this.#work = this.#work.then(() => this.#handle(type, message.subarray(5)));
    }
  }

  async #handle(type, body) {
    switch (type) {
      case 'start':
        this.#send('R', int32(0));
        this.#ready();
        break;
      case 'Q':
        this.#values = [];
        for (const text of strings(body)[0]
          .split(';')
          .filter((one) => one.trim() !== '')) {
          if (!(await this.#run(text, true))) {
            break;
          }
        }
        this.#end();
        break;
      case 'P': {
        const [name, text] = strings(body);
        this.#statements.set(name, text);
        this.#send('1', Buffer.alloc(0));
        break;
      }
      case 'B':
        this.#bind(body);
        this.#send('2', Buffer.alloc(0));
        break;
      case 'D':
        this.#describe(this.#text);
        break;
      case 'E':
        await this.#run(this.#text, false);
        break;
      case 'S':
        this.#end();
        break;
      case 'X':
        this.#socket.end();
        break;
    }
  }

  #bind(body) {
    const [portal, name] = strings(body);
    let at = portal.length + name.length + 2;
    at += 2 + 2 * body.readInt16BE(at);
    const count = body.readInt16BE(at);
    at += 2;
    this.#values = Array.from({ length: count }, () => {
      const length = body.readInt32BE(at);
      const value = length < 0 ? null : body.toString('utf8', at + 4, at + 4 + length);
      at += 4 + Math.max(0, length);
      return value;
    });
    this.#text = this.#statements.get(name);
  }

  async #run(text, describes) {
    const [word = ''] = /^\s*\w+/.exec(text) ?? [];
    const command = word.trim().toUpperCase();
    if (command === 'FAIL') {
      const fields = ['SERROR', 'VERROR', 'C42601', 'Msyntax error', ''];
      this.#send('E', Buffer.concat(fields.map(string)));
      return false;
    }
    if (command !== 'SELECT') {
      this.#status = command === 'BEGIN' ? 'T' : 'I';
      this.#send('C', string(command));
      return true;
    }
    if (describes) {
      this.#describe(text);
    }
    const value = Buffer.from(await this.#valueOf(text));
    this.#send('D', Buffer.concat([int16(1), int32(value.length), value]));
    this.#send('C', string('SELECT 1'));
    return true;
  }

  #describe(text) {
    const [, isTry, , action] = CALL.exec(text) ?? [];
    const [, alias] = /\bas\s+(\w+)\s*$/i.exec(text) ?? [];
    const name = alias ?? /pg_\w+/.exec(text)?.[0] ?? 'column';
    const type = isTry !== undefined || action === 'unlock' ? BOOLEAN : TEXT;
    const field = Buffer.concat([string(name), int32(0), int16(0), int32(type), int16(-1), int32(-1), int16(0)]);
    this.#send('T', Buffer.concat([int16(1), field]));
  }

  async #valueOf(text) {
    const [call, isTry, xact, action, shared, args = ''] = CALL.exec(text) ?? [];
    const key = args.replace(/\$(\d+)/g, (_, at) => this.#values[at - 1]).replace(/::\w+|\s/g, '');
    const how = { shared: shared !== undefined, xact: xact !== undefined, isTry: isTry !== undefined };
    if (call === undefined) {
      return '1';
    }
    if (action.toLowerCase() === 'lock') {
      const isTaken = await this.#locks.take(this, key, how);
      return how.isTry ? (isTaken ? 't' : 'f') : '';
    }
    if (action.toLowerCase() === 'unlock') {
      return this.#locks.give(this, key, how.shared) ? 't' : 'f';
    }
    this.#locks.drop(({ session, xact: ofTransaction }) => session === this && !ofTransaction);
    return '';
  }

  #end() {
    if (this.#status === 'I') {
      this.#locks.drop(({ session, xact }) => session === this && xact);
    }
    this.#ready();
  }

  #ready() {
    this.#send('Z', Buffer.from(this.#status));
  }

  #send(type, body) {
    this.#socket.write(Buffer.concat([Buffer.from(type), int32(body.length + 4), body]));
  }
}

function int32(value) {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}

function int16(value) {
  const buffer = Buffer.alloc(2);
  buffer.writeInt16BE(value);
  return buffer;
}

const string = (text) => Buffer.from(`${text}\0`);
const strings = (body) => body.toString('latin1').split('\0');
