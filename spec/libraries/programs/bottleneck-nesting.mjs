// A job of a limiter with two slots runs another one with the same limiter and waits for it: by schedule(), by a wrapped
// function, and with a callback. Nothing hangs as long as only one does it at a time.
import Bottleneck from 'bottleneck';

const limiter = new Bottleneck({ maxConcurrent: 2 });
const lines = new Bottleneck({ maxConcurrent: 2 });

async function fetchPage(name) {
  return `<${name}>`;
}

const fetchLimited = limiter.wrap(fetchPage);

const crawl = async (name) => {
  const text = await fetchPage(name);
  return text + (await fetchLimited(`${name}/next`));
};

function count(line, done) {
  setImmediate(() => done(null, line.length));
}

function countAll(text, done) {
  lines.submit(count, text.trim(), (error, length) => done(error, `${length} characters`));
}

console.log(await limiter.schedule(() => crawl('a')));
console.log(await limiter.schedule({ id: 'b' }, () => crawl('b')));
lines.submit(countAll, ' one ', (_, text) => console.log(text));
