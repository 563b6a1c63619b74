// One way through the function calls `done`, the other one does not: the key is never given back, and whoever comes later waits for ever.
const AsyncLock = require('async-lock');

const files = new AsyncLock();

function read(name, done) {
  if (name === '') {
    console.log('no name');
    return;
  }
  done(null, name);
}

files.acquire(
  'index',
  (done) => read('', done),
  () => console.log('never'),
);
setImmediate(() => {
  files.acquire(
    'index',
    (done) => read('a', done),
    () => console.log('never'),
  );
});
