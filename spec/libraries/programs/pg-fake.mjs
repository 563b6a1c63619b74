// A client of pg that needs no server: each step takes a turn of the event loop.
import { EventEmitter } from 'node:events';

export class FakeClient extends EventEmitter {
  _queryable = true;
  _ending = false;

  constructor(options) {
    super();
    this.options = options;
  }

  connect(callback) {
    setImmediate(() => callback(this.options.broken ? new Error('connection refused') : null));
  }

  query(text, values, callback) {
    const done = typeof values === 'function' ? values : callback;
    const error = /broken/.test(text) ? new Error('syntax error') : null;
    const result = { rows: [{ text }] };
    if (done !== undefined) {
      setImmediate(() => done(error, error === null ? result : undefined));
      return undefined;
    }
    return new Promise((resolve, reject) => setImmediate(() => (error === null ? resolve(result) : reject(error))));
  }

  end(callback) {
    this._ending = true;
    setImmediate(() => callback?.());
  }

  isConnected() {
    return true;
  }

  ref() {}

  unref() {}
}
