// A failure between the lock and the release: nobody gives it back.
import createMortice from 'mortice';

const repo = createMortice({ name: 'repo' });

async function save(block) {
  const release = await repo.writeLock();
  console.log(block.cid);
  release();
}

await save({ cid: 'first' });
await save(undefined).catch((error) => console.log(error.name));
