// A pool of one client: whoever holds it and asks again waits for itself.
const { EventEmitter } = require('node:events');
const Pool = require('pg-pool');

class OneClient extends EventEmitter {
  _queryable = true;
  connect(callback) {
    setImmediate(callback);
  }
  query(_text, callback) {
    setImmediate(callback, null, { rows: [] });
  }
  end(callback) {
    setImmediate(callback);
  }
}

const pool = new Pool({ max: 1 }, OneClient);

pool.connect((_, client, release) => {
  client.query('begin', () => {
    console.log('begun');
    pool.connect((_, second) => {
      console.log('never');
      second.release();
      release();
    });
  });
});
