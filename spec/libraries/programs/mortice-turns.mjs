// How many turns of the microtask queue each call takes, and what the things look like that the library gives.
import createMortice from 'mortice';

async function turns(promise) {
  let how;
  promise.then(
    (value) => {
      how = `fulfilled ${typeof value}`;
    },
    (error) => {
      how = `rejected ${error.name}`;
    },
  );
  let count = 0;
  for (; how === undefined && count < 100; count++) {
    await null;
  }
  return `${how} in ${count}`;
}
const shape = (one) =>
  Object.entries(Object.getOwnPropertyDescriptors(one)).map(
    ([name, { value, ...rest }]) => `${name} ${typeof value} ${value?.name} ${value?.length} ${JSON.stringify(rest)}`,
  );

const mutex = createMortice({ name: 'shape', singleProcess: true });
console.log(shape(createMortice), new createMortice({ name: 'shape' }) === mutex);
console.log(shape(mutex), Object.isExtensible(mutex));

const reading = mutex.readLock();
console.log(reading.constructor === Promise, await turns(reading));
const readingToo = mutex.readLock({});
console.log(await turns(readingToo));
const writing = mutex.writeLock(null);
console.log(await turns(writing));
const release = await reading;
console.log(shape(release), release());
(await readingToo)();
const write = await writing;
console.log(shape(write), write());

const controller = new AbortController();
const { signal } = controller;
const hold = await mutex.writeLock();
const late = mutex.writeLock({ signal });
const aborted = mutex.readLock({ signal: AbortSignal.abort() });
console.log(
  await turns(aborted),
  await turns(
    late.catch(() => {}),
    controller.abort(),
  ),
);
setTimeout(hold);
console.log(await turns(mutex.writeLock({ signal: AbortSignal.abort() })));
process.on('unhandledRejection', (error) => console.log('nobody handles', error.name));
void mutex.readLock({ signal: AbortSignal.abort() });
setTimeout(() => process.exit(), 50);
