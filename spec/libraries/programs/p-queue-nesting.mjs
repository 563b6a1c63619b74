// A task of a queue with two slots adds others to the same queue and waits for them; two at once wait for each other for
// ever. Here the first has finished before the second begins, so nothing hangs.
import PQueue from 'p-queue';

const queue = new PQueue({ concurrency: 2 });

async function fetchPage(name) {
  return `<${name}>`;
}

async function crawl(name) {
  const text = await fetchPage(name);
  const [next] = await queue.addAll([() => fetchPage(`${name}/next`)]);
  return text + next;
}

console.log(await queue.add(() => crawl('a')));
console.log(await queue.add(() => crawl('b')));
