// The same where the inner request has a signal: an error tells neither the holder nor the cause.
const { locks } = navigator;

await locks.request('db', async () => {
  const impatient = new AbortController();
  const inner = locks.request('db', { signal: impatient.signal }, async () => console.log('never'));
  setTimeout(() => impatient.abort(), 5);
  await inner.catch((error) => console.log(error.name));
});
