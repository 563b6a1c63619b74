// The callback style, with a time-out: `done` of the outer call is the callback of the inner one.
const AsyncLock = require('async-lock');

const files = new AsyncLock();

files.acquire(
  'index',
  (done) => {
    files.acquire('index', (inner) => inner(), done, { timeout: 50 });
  },
  (error) => console.log(error.message),
);
