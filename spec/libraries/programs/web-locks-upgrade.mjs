// A reader asks to write what it reads.
const { locks } = navigator;

locks.request('index', { mode: 'shared' }, async () => {
  await locks.request('index', async () => console.log('never'));
});
