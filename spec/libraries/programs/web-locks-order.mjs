// Two orders of two names, on two ways that do not meet this time.
const { locks } = navigator;

async function checkOut() {
  await locks.request('cart', async () => {
    await locks.request('stock', async () => console.log('checked out'));
  });
}

async function restock() {
  await locks.request('stock', { mode: 'exclusive' }, async () => {
    await locks.request('cart', { mode: 'shared' }, async () => console.log('restocked'));
  });
}

await checkOut();
await restock();
