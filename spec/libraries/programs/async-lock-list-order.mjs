// medusajs/medusa#16284: a list of keys is taken in the order in which it is written. While somebody has 'cart' two others wait with
// one key of the two each; when he gives it back each waits for the other, and the process ends without a word.
import AsyncLock from 'async-lock';

const locks = new AsyncLock();

let release;
const cart = locks.acquire('cart', () => new Promise((resolve) => (release = resolve)));

const pay = locks.acquire(['cart', 'payment'], () => console.log('paid'));
const refund = locks.acquire(['payment', 'cart'], () => console.log('refunded'));

cart.then(() => console.log('cart is free'));
release();
void pay;
void refund;
