// Tasks that fail: some rejections are handled by somebody, at once or a little later, and some by nobody.
import PQueue from 'p-queue';

process.on('unhandledRejection', (error) => console.log('unhandled', error.message));
const queue = new PQueue({ concurrency: 1 });
const fail = (name) => () => Promise.reject(new Error(name));

void queue.add(fail('plain'));
void queue.add(fail('with options'), { priority: 1 });
void queue.add(() => new Promise(() => {}), { timeout: 5 });
queue.add(fail('caught'), { priority: 1 }).catch(({ message }) => console.log(message));
queue.add(fail('passed on'), { signal: new AbortController().signal }).then(
  () => {},
  ({ message }) => console.log(message),
);
const later = queue.add(fail('awaited'), { priority: -1 });
try {
  await later;
} catch ({ message }) {
  console.log(message);
}
await queue.onIdle();
