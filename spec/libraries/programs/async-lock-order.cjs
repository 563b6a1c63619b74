// Two keys that are names: each is a class of its own. One after the other nothing hangs.
const AsyncLock = require('async-lock');

const locks = new AsyncLock();

async function configure() {
  await locks.acquire('config', async () => {
    await locks.acquire('users', () => console.log('configured'));
  });
}

async function invite() {
  await locks.acquire('users', async () => {
    await locks.acquire('config', () => console.log('invited'));
  });
}

async function main() {
  await configure();
  await invite();
}

void main();
