// A limiter with one slot, used by a function that calls another one that is limited by it too: it waits for itself. In the
// callback style nobody sees a promise, and the process ends with code 0.
const Bottleneck = require('bottleneck');

const limiter = new Bottleneck({ maxConcurrent: 1 });
const read = limiter.wrap(async (name) => `<${name}>`);
const copy = limiter.wrap(async (name) => {
  const text = await read(name);
  return `${text} copied`;
});

async function main() {
  console.log(await read('a'));
  setTimeout(() => console.log('still waiting', limiter.counts()), 300);
  console.log(await copy('a'));
}

void main();
