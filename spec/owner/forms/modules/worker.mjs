// Runs in a worker: handles messages side by side, each under a lock of its own, and answers with what was wrong.
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { parentPort } from 'node:worker_threads';

const { lockdep, Mutex } = await import(pathToFileURL(process.env.LOCKDEP_ESM).href);

parentPort.on('message', async (name) => {
  const wrong = [];
  const look = (label, expected) => {
    const held = lockdep.currentOwner().held.map(({ lock }) => lock.name ?? lock.class.name);
    if (held.join() !== expected) wrong.push(`${name} ${label}: ${held.join()}`);
  };
  look('before', '');
  const guard = await new Mutex(name).acquire();
  look('taken', name);
  await new Promise((done) => setTimeout(done, 2));
  look('later', name);
  guard.release();
  look('back', '');
  await null;
  look('at the end', '');
  parentPort.postMessage(wrong);
});
