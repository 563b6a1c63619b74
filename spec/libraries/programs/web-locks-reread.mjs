// A reader asks to read again. It works as long as no writer asks in between.
const { locks } = navigator;
const shared = { mode: 'shared' };

await locks.request('index', shared, async () => {
  await locks.request('index', shared, async () => console.log('read twice'));
});
