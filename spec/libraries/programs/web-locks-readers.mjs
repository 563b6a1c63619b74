// A reader asks to read again, and a writer has asked in between: it waits for the reader, and the reader behind it.
const { locks } = navigator;
const shared = { mode: 'shared' };
const turn = () => new Promise((resolve) => setImmediate(resolve));

locks.request('index', shared, async () => {
  await turn();
  await locks.request('index', shared, async () => console.log('never'));
});
locks.request('index', async () => console.log('never'));
