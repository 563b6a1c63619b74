// A task waits until its own queue is idle, which it cannot be before the task is over. Another one does the same with a queue of
// three slots. Both hang; a third one only looks whether anything waits, and goes on.
import PQueue from 'p-queue';

const single = new PQueue({ concurrency: 1 });
const triple = new PQueue({ concurrency: 3 });
const other = new PQueue({ concurrency: 2 });

async function flush() {
  await single.onIdle();
  console.log('never');
}

async function drain() {
  await triple.onIdle();
  console.log('never');
}

console.log(
  await other.add(async () => {
    await other.onEmpty();
    return 'empty';
  }),
);
single.add(flush);
triple.add(drain);
