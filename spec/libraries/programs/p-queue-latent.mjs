// An import with one queue for its files and another one for its records, both of one slot: each record that is bad asks for its
// file again. It has not happened in this run while another file was read, so it ends well.
import PQueue from 'p-queue';

const files = new PQueue({ concurrency: 1 });
const records = new PQueue({ concurrency: 1 });
const bad = new Set(['b2']);

async function readFile(name) {
  return files.add(async () => [`${name}1`, `${name}2`]);
}

async function save(record) {
  return records.add(async () => {
    if (bad.delete(record)) {
      await readFile(record[0]);
    }
    return record;
  });
}

async function importFile(name) {
  const found = await readFile(name);
  return files.add(() => Promise.all(found.map(save)));
}

console.log(await importFile('a'));
console.log(await save('b2'));
