// One flow reads, and asks to write under the same name before it has given the reading back: it waits for itself.
import createMortice from 'mortice';

async function save() {
  const release = await createMortice({ name: 'repo' }).writeLock();
  console.log('never');
  release();
}

async function touch() {
  const release = await createMortice({ name: 'repo' }).readLock();
  console.log('reading');
  await save();
  release();
}

void touch();
