// Two flows meet: each holds what the other one asks for. Tabs are named by numbers, so they are one class.
const { locks } = navigator;

function both(first, second) {
  return locks.request(first, async () => {
    await new Promise((resolve) => setImmediate(resolve));
    await locks.request(second, async () => console.log('never'));
  });
}

both('cart', 'user:1');
both('user:1', 'cart');
