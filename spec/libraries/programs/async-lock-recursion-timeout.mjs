// The same, where the wait has a time-out: it ends with an error that names neither the holder nor the cause.
import AsyncLock from 'async-lock';

const accounts = new AsyncLock({ timeout: 50 });

async function update(id) {
  await accounts.acquire(id, async () => {
    try {
      await accounts.acquire(id, () => {});
    } catch (error) {
      console.log(error.message);
    }
  });
}

await update(17);
console.log(accounts.isBusy());
