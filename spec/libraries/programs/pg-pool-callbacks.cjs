// In the style of callbacks: a helper that queries the pool inside of a transaction, and callbacks that run as whoever asked,
// not as whoever released.
const { Pool } = require('pg');
const { EventEmitter } = require('node:events');

class Client extends EventEmitter {
  _queryable = true;
  connect(callback) {
    setImmediate(callback);
  }
  query(_text, values, callback) {
    setImmediate(typeof values === 'function' ? values : callback, null, { rows: [] });
  }
  end(callback) {
    setImmediate(callback);
  }
}

const pool = new Pool({ Client, max: 2 });

function save(done) {
  pool.connect((_, client, release) => {
    client.query('begin', () => {
      pool.query('insert', () => {
        client.query('commit', () => {
          release();
          done();
        });
      });
    });
  });
}

// Each of them gets its client from the release of another one, and holds no more than that.
function many(left, done) {
  let open = left;
  for (let index = 0; index < left; index++) {
    pool.connect((_, client, release) => {
      client.query('select 1', () => {
        release();
        open -= 1;
        if (open === 0) done();
      });
    });
  }
}

many(6, () =>
  save(() => {
    console.log('done');
    pool.end();
  }),
);
